import type { Deployment, Deployments } from "../ports/github-deployments.ts";
import { asking, type Client, type GitHubAccess } from "./github-client.ts";

/** Says that a deployment is the record of a promotion, and not of a job that names an environment. */
const TASK = "promotion";
/** What GitHub takes of a description. In characters. */
const LONGEST = 140;

/** GitHub's record of deployments, by its REST API. */
export function githubDeployments(client: Client, access: GitHubAccess): Deployments {
  const { owner, repo } = access;
  const here = { owner, repo };
  const { repos } = client.rest;
  const ask = <T>(act: () => Promise<T>) => asking(access, act);

  async function stateOf(id: number): Promise<string | null> {
    const asked = { ...here, deployment_id: id, per_page: 1 };
    return (await repos.listDeploymentStatuses(asked)).data[0]?.state ?? null;
  }

  return {
    deploymentsOf: (environment) =>
      ask(async () => {
        const { data } = await repos.listDeployments({ ...here, environment, per_page: 30 });
        const found: Deployment[] = [];
        for (const { id, sha, payload, environment: name } of data)
          found.push({
            id,
            sha,
            environment: name,
            promotionId: promotionOf(payload),
            state: await stateOf(id),
          });
        return found;
      }),
    recordDeployment: ({ sha, environment, description, promotionId }) =>
      ask(async () => {
        const { data } = await repos.createDeployment({
          ...here,
          ref: sha,
          environment,
          description: short(description),
          payload: { promotionId },
          task: TASK,
          // What may be promoted is decided elsewhere; this is its record, and must neither wait nor merge anything.
          auto_merge: false,
          required_contexts: [],
        });
        if ("id" in data) return data.id;
        throw new Error(`GitHub recorded no deployment: ${data.message ?? "it does not say why"}`);
      }),
    recordDeploymentState: (id, { state, description, url }) =>
      ask(async () => {
        const asked = { ...here, deployment_id: id, state, description: short(description), log_url: url };
        await repos.createDeploymentStatus({ ...asked, auto_inactive: state === "success" });
      }),
  };
}

function promotionOf(payload: unknown): string | null {
  const document = typeof payload === "string" ? parsed(payload) : payload;
  const { promotionId } = (document ?? {}) as { promotionId?: unknown };
  return typeof promotionId === "string" ? promotionId : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const short = (text: string) => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
