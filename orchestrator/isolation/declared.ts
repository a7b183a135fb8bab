import type { FoundationSettings } from "../../infra/foundation/index.ts";
import type { Principal as Declared } from "../../infra/foundation/principal.ts";
import type { Workflows } from "./doors.ts";
import type { Place } from "./place.ts";
import type { Principal } from "./policy.ts";

/** A place as the foundation's settings name it; what only the account knows comes from there. */
export function placeOf(
  settings: FoundationSettings,
  known: { account: string; keys: { secrets: string; signing: string }; principals: Place["principals"] },
): Place {
  return {
    environment: settings.environment,
    project: settings.project,
    region: settings.region,
    account: known.account,
    stateBucket: settings.stateBucket,
    packagesBucket: settings.packagesBucket,
    ledgerTable: settings.ledgerTable,
    secretsKeyAlias: settings.secretsKey,
    signingKeyAlias: settings.signingKey,
    secretsKeyArn: known.keys.secrets,
    signingKeyArn: known.keys.signing,
    newsSecret: settings.secrets.newsApiKey,
    healthSecret: settings.secrets.dashboardApiKey,
    principals: known.principals,
  };
}

/** A principal as the foundation declares it, before anybody has made it. */
export function declared(principal: Declared, environment: string): Principal {
  const { name, arn, allow, deny, boundary, trust } = principal;
  return {
    name,
    part: partOf(principal, environment),
    environment,
    arn,
    policies: [{ Statement: allow }, { Statement: deny }],
    ...(boundary ? { boundary: { Statement: boundary.allow } } : {}),
    ...(trust ? { trust: { Statement: trust } } : {}),
  };
}

/** What a principal is in the table of intents; each function is somebody of its own there. */
export function partOf({ part, name }: Pick<Declared, "part" | "name">, environment: string): string {
  if (part !== "function") return part;
  return `function ${name.replace(`${environment}-sentiment-`, "").replace(/-role$/, "")}`;
}

/** Whose workflows are let in, where a repository is known. */
export const workflowsOf = ({ github }: FoundationSettings): Workflows | undefined =>
  github.repository === undefined ? undefined : { ...github, repository: github.repository };
