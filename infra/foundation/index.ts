import { versionedBucket } from "./bucket.ts";
import { functionBoundary } from "./function-roles.ts";
import { ceiling, identity } from "./identity.ts";
import { keys } from "./keys.ts";
import { ledgerTable } from "./ledger.ts";
import { releaseLifecycle } from "./lifecycle.ts";
import { principals } from "./principals.ts";
import { secrets } from "./secrets.ts";
import type { FoundationSettings } from "./settings.ts";
import { NOTHING, standOn } from "./standing.ts";

export { principals } from "./principals.ts";
export { type FoundationSettings, foundationSettings } from "./settings.ts";

/** What must exist before the service of an environment can be promoted: made once, by an administrator of the account. */
export function foundation(
  settings: FoundationSettings,
  account: string,
  standing = NOTHING,
): () => Promise<Record<string, unknown>> {
  return async () => {
    standOn(standing);
    const { statements } = standing;
    const state = versionedBucket("state", settings.stateBucket, statements.state);
    const packages = versionedBucket("packages", settings.packagesBucket, statements.packages);
    releaseLifecycle(packages.bucket, packages.versioning, settings.temporaryDays);
    const ledger = ledgerTable(settings.ledgerTable);
    const { secrets: secretsKey, signing } = keys(settings);
    secrets(settings);
    ceiling(functionBoundary(settings, account));
    const all = principals(settings, { account, keys: { secrets: secretsKey.arn, signing: signing.arn } });
    const made = all.filter(({ part }) => part !== "function");
    for (const principal of made) identity(principal, settings.environment);
    return {
      stateBucket: state.bucket.bucket,
      packagesBucket: packages.bucket.bucket,
      ledgerTable: ledger.name,
      signingKeyArn: signing.arn,
      secretsKeyArn: secretsKey.arn,
      principals: Object.fromEntries(made.map(({ part, name, kind, arn }) => [part, { name, kind, arn }])),
    };
  };
}
