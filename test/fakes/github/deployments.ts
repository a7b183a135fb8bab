import { made, notFound, ok, Pages, Refusal, type Route } from "./http.ts";
import type { Deployment, State } from "./state.ts";

const LONGEST = 140;

export function deploymentRoutes(state: State): Route[] {
  const at = "/repos/:owner/:repo/deployments";
  const known = (id = "") => {
    const deployment = state.deployments.find((each) => each.id === Number(id));
    if (!deployment) throw notFound();
    return deployment;
  };
  const show = ({ statuses, ...shown }: Deployment) => shown;
  return [
    [
      "GET",
      at,
      ({ query }) => {
        const wanted = query.get("environment");
        const found = state.deployments.filter(({ environment }) => !wanted || environment === wanted);
        return ok(new Pages(found.toReversed().map(show)));
      },
    ],
    [
      "POST",
      at,
      ({ body: { ref, environment = "production", description = "", payload = {}, task = "deploy" } }) => {
        const sha = state.repository.resolve(ref);
        if (!sha) throw new Refusal(422, `No ref found for: ${ref}`);
        requireShort(description);
        const about = { ref, sha, environment, description, payload, task };
        const deployment = { id: state.number(), ...about, created_at: state.now(), statuses: [] };
        state.deployments.push(deployment);
        return made(show(deployment));
      },
    ],
    [
      "GET",
      `${at}/:id/statuses`,
      ({ parameters }) => ok(new Pages(known(parameters.id).statuses.toReversed())),
    ],
    [
      "POST",
      `${at}/:id/statuses`,
      ({ parameters, body: { state: reached, description = "", log_url = "", auto_inactive = true } }) => {
        const deployment = known(parameters.id);
        requireShort(description);
        deployment.statuses.push({ state: reached, description, log_url, created_at: state.now() });
        if (reached === "success" && auto_inactive) retire(state, deployment);
        return made({ state: reached });
      },
    ],
  ];
}

function requireShort(description: string): void {
  if (description.length <= LONGEST) return;
  const message = "description is too long (maximum is 140 characters)";
  throw new Refusal(422, "Validation Failed", [{ resource: "Deployment", code: "custom", message }]);
}

/** What stood in the environment before is inactive now. */
function retire(state: State, { id, environment }: Deployment): void {
  for (const other of state.deployments)
    if (other.id !== id && other.environment === environment && other.statuses.at(-1)?.state === "success")
      other.statuses.push({ state: "inactive", description: "", log_url: "", created_at: state.now() });
}
