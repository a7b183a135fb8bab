import { type Caller, trusts } from "./evaluate.ts";
import type { Intent } from "./intents.ts";
import type { Place } from "./place.ts";
import type { Principal, Verdict } from "./policy.ts";

/** Whether somebody from outside may become a role. */
export type Door = { principal: Principal; caller: string; expected: Intent; found: Verdict };

/** Who stands at the doors: those that shall be let in somewhere, and those who are like them, but not they. */
function callers({ account, environment }: Place, { repository, environments, readers }: Workflows): Callers {
  const [owner = "", name = ""] = repository.split("/");
  const job = (subject: string, audience = "sts.amazonaws.com"): Caller => ({
    by: "Federated",
    name: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`,
    action: "sts:AssumeRoleWithWebIdentity",
    context: {
      "token.actions.githubusercontent.com:aud": audience,
      "token.actions.githubusercontent.com:sub": subject,
    },
  });
  const inEnvironment = (of: string, where: string) => job(`repo:${of}:environment:${where}`);
  const subjects = [
    ...[...environments, ...readers].map((each) => `repo:${repository}:environment:${each}`),
    `repo:${repository}:pull_request`,
  ];
  const by = (who: "AWS" | "Service", name: string): Caller => ({ by: who, name, action: "sts:AssumeRole" });
  return {
    deployment: environments.map((each) => inEnvironment(repository, each)),
    // Where no environment takes releases from this one, only its own jobs read them.
    reading: (readers.length > 0 ? readers : environments).map((each) => inEnvironment(repository, each)),
    "pull request": [job(`repo:${repository}:pull_request`)],
    lambda: [by("Service", "lambda.amazonaws.com")],
    "a branch": [job(`repo:${repository}:ref:refs/heads/main`)],
    "another GitHub environment": [`${environment}-x`, `x${environment}`, "anything", ""].map((each) =>
      inEnvironment(repository, each),
    ),
    "another repository": [`${owner}/${name}-x`, `${owner}x/${name}`, `somebody/${name}`].flatMap((each) => [
      ...environments.map((where) => inEnvironment(each, where)),
      job(`repo:${each}:pull_request`),
    ]),
    // Whoever is let in somewhere, but for what his name ends in, whom his token is for, or who vouches for it.
    "another subject": subjects.map((subject) => job(`${subject}-x`)),
    "another audience": subjects.map((subject) => job(subject, "https://github.com/somebody")),
    "another provider": subjects.map((subject) => ({
      ...job(subject),
      name: `arn:aws:iam::${account}:oidc-provider/example.com`,
    })),
    "another service": [by("Service", "ec2.amazonaws.com")],
    "a user of the account": [by("AWS", `arn:aws:iam::${account}:user/somebody`)],
    "another account": [by("AWS", "arn:aws:iam::999999999999:root")],
  };
}

type Callers = Record<string, Caller[]>;

/** The repository whose workflows may be somebody here, and the GitHub environments in which they are. */
export type Workflows = { repository: string; environments: string[]; readers: string[] };

/** The one who is let in at each door. Nobody else is. */
const LET_IN: Record<string, string> = {
  deployer: "deployment",
  "release-reader": "reading",
  "preview-reader": "pull request",
};

/** Who may become a role, for each who might want to; none for a user, who has no door. */
export function doorsOf(
  principal: Principal,
  place: Place,
  workflows: Workflows = { repository: "nobody/nothing", environments: [place.environment], readers: [] },
): Door[] {
  if (!principal.trust) return [];
  const all = callers(place, workflows);
  const wanted = LET_IN[principal.part] ?? "lambda";
  const letIn = new Set((all[wanted] ?? []).map((caller) => JSON.stringify(caller)));
  return Object.entries(all).flatMap(([caller, each]) =>
    each.map((one) => ({
      principal,
      caller: one.context ? `${caller}, ${one.context["token.actions.githubusercontent.com:sub"]}` : caller,
      // Somebody may stand here twice: an environment's own job is also the one that reads, say.
      expected: letIn.has(JSON.stringify(one)) ? "allowed" : "refused",
      found: trusts(principal.trust, one),
    })),
  );
}
