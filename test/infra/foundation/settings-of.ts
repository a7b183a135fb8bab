import { foundationSettings, principals } from "../../../infra/foundation/index.ts";
import type { Part } from "../../../infra/foundation/principal.ts";
import { stackFile } from "../mocked-run.ts";

export const ENVIRONMENTS = ["preprod", "prod"];
export const STACKS = Object.fromEntries(ENVIRONMENTS.map((name) => [name, stackFile(name)]));
export const ACCOUNT = "123456789012";
const key = (name: string) => `arn:aws:kms:us-east-1:${ACCOUNT}:key/${name}`;
export const KNOWN = { account: ACCOUNT, keys: { secrets: key("secrets"), signing: key("signing") } };

export const settingsOf = (environment: string, repository?: string) =>
  foundationSettings({
    project: "sentiment-analyzer",
    stacks: STACKS,
    environment,
    recoveryWindowInDays: 30,
    repository,
  });

/** The principals of an environment that are for something. */
export const principalsFor = (environment: string, part: Part, repository?: string) =>
  principals(settingsOf(environment, repository), KNOWN).filter((each) => each.part === part);

/** All that the policies of one principal say. */
export const statementsOf = (environment: string, part: Part, repository?: string) =>
  principalsFor(environment, part, repository).flatMap(({ allow, deny }) => [...allow, ...deny]);

/** What a request tells of itself that makes a role within the functions' boundary. */
export const bounded = (environment: string) => ({
  "iam:PermissionsBoundary": `arn:aws:iam::${ACCOUNT}:policy/${environment}-function-boundary`,
});
