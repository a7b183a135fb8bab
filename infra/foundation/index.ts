import { versionedBucket } from "./bucket.ts";
import { deployer } from "./deployer.ts";
import { keys } from "./keys.ts";
import { ledgerTable } from "./ledger.ts";
import { releaseLifecycle } from "./lifecycle.ts";
import { releaseReader } from "./release-reader.ts";
import { secrets } from "./secrets.ts";
import type { FoundationSettings } from "./settings.ts";

export { type FoundationSettings, foundationSettings } from "./settings.ts";

/** What must exist before the service of an environment can be promoted: made once, by an administrator. */
export function foundation(settings: FoundationSettings): () => Promise<Record<string, unknown>> {
  return async () => {
    const state = versionedBucket("state", settings.stateBucket);
    const packages = versionedBucket("packages", settings.packagesBucket);
    releaseLifecycle(packages.bucket, packages.versioning, settings.temporaryDays);
    const ledger = ledgerTable(settings.ledgerTable);
    const { secrets: secretsKey, signing } = keys(settings);
    secrets(settings);
    const reader = releaseReader(settings);
    const user = deployer(settings, { secrets: secretsKey.arn, signing: signing.arn });
    return {
      stateBucket: state.bucket.bucket,
      packagesBucket: packages.bucket.bucket,
      ledgerTable: ledger.name,
      signingKeyArn: signing.arn,
      secretsKeyArn: secretsKey.arn,
      deployerUser: user.name,
      releaseReaderUser: reader.name,
    };
  };
}
