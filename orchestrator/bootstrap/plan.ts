import { tlsOnly } from "../../infra/foundation/bucket.ts";
import { policies } from "../../infra/foundation/policies.ts";
import { iamArn, type Principal } from "../../infra/foundation/principal.ts";
import type { FoundationSettings } from "../../infra/foundation/settings.ts";
import type { ResourceKey, Standing } from "../../infra/foundation/standing.ts";
import { boundaryName } from "../../infra/names.ts";
import type { Found, FoundBucket, FoundKey } from "./found.ts";
import { bootstrapProblem } from "./problems.ts";

/** What is made of what stands: what is taken over, and what is left as it is, in words. */
export type BootstrapPlan = Standing & { kept: string[] };

/** What an environment's foundation takes over, and what of it stays. Throws foundation-unfit. */
export function planOf(settings: FoundationSettings, made: Principal[], found: Found): BootstrapPlan {
  requireFit(settings, found);
  const plan: BootstrapPlan = { adopt: {}, keep: {}, statements: {}, kept: [] };
  const adopt = (type: string, name: string, id: string | undefined) => {
    if (id !== undefined) plan.adopt[`aws:${type} ${name}`] = id;
  };
  const keep = (key: ResourceKey, properties: string[], why: string) => {
    plan.keep[key] = properties;
    plan.kept.push(why);
  };
  for (const [name, bucket] of Object.entries(found.buckets)) if (bucket) standBucket(name, bucket);
  if (found.ledger) adopt("dynamodb/table:Table", "ledger", settings.ledgerTable);
  if (found.ledger?.kmsKey)
    keep(
      "aws:dynamodb/table:Table ledger",
      ["serverSideEncryption"],
      `${settings.ledgerTable} is encrypted by a key of its own`,
    );
  for (const name of ["secrets", "signing"] as const) {
    adopt("kms/key:Key", name, found.keys[name]?.id);
    const alias = name === "secrets" ? settings.secretsKey : settings.signingKey;
    if (found.aliases[name]) adopt("kms/alias:Alias", name, alias);
  }
  for (const [name, secret] of secretsOf(settings)) {
    const there = found.secrets[secret];
    adopt("secretsmanager/secret:Secret", name, there?.arn);
    if (there?.kmsKey)
      keep(
        `aws:secretsmanager/secret:Secret ${name}`,
        ["kmsKeyId"],
        `${secret} is encrypted by a key of its own`,
      );
  }
  const arn = (policy: string) => iamArn(found.account, `policy/${policy}`);
  const policyThere = (name: string, policy: string) => {
    if (found.policies.includes(arn(policy))) adopt("iam/policy:Policy", name, arn(policy));
  };
  policyThere("function-boundary", boundaryName(settings.environment));
  for (const principal of made) {
    for (const { suffix } of policies(principal))
      policyThere(`${principal.part}-${suffix}`, `${settings.environment}-${principal.part}-${suffix}`);
    const there = found.principals[principal.name];
    if (there?.kind !== principal.kind) continue;
    const type = principal.kind === "user" ? "iam/user:User" : "iam/role:Role";
    adopt(type, principal.part, principal.name);
    if (there.boundary)
      keep(
        `aws:${type} ${principal.part}`,
        ["permissionsBoundary"],
        `${principal.name} has a boundary, ${there.boundary}`,
      );
  }
  return plan;

  function standBucket(name: string, bucket: FoundBucket): void {
    adopt("s3/bucket:Bucket", name, bucket.name);
    if (bucket.mfaDelete) {
      adopt("s3/bucketVersioning:BucketVersioning", name, bucket.name);
      keep(
        `aws:s3/bucketVersioning:BucketVersioning ${name}`,
        ["versioningConfiguration", "mfa"],
        `${bucket.name} asks for MFA before it deletes a version`,
      );
    }
    if (bucket.kmsKey !== undefined) {
      const type = "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
      adopt(type, name, bucket.name);
      keep(
        `aws:${type} ${name}`,
        ["rules"],
        `${bucket.name} is encrypted by a key of its own, which the deployer must be allowed`,
      );
    }
    const others = bucket.statements.filter((each) => !isOurs(each, bucket.name));
    if (others.length > 0) {
      plan.statements[name] = others;
      plan.kept.push(`the policy of ${bucket.name} says more than ours (${others.length} statements)`);
    }
    if (name === "packages") standLifecycle(bucket);
  }

  function standLifecycle({ name, lifecycle }: FoundBucket): void {
    const foreign = lifecycle.some(({ id }) => !OWN_RULES.has(id));
    const longer = lifecycle.some(({ days = 0 }) => days > settings.temporaryDays);
    if (!foreign && !longer) return;
    const type = "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    adopt(type, "packages", name);
    const why = foreign
      ? "has lifecycle rules that are not ours"
      : `keeps what is removed longer than ${settings.temporaryDays} days`;
    keep(`aws:${type} packages`, ["rules"], `${name} ${why}`);
  }
}

const OWN_RULES = new Set(["what-was-never-promoted", "what-was-removed"]);

const secretsOf = ({ secrets }: FoundationSettings): [name: string, secret: string][] => [
  ["newsapi-key", secrets.newsApiKey],
  ["dashboard-api-key", secrets.dashboardApiKey],
];

/** Our own statement comes back with its lists in any order, or of one element. */
function isOurs(statement: object, bucket: string): boolean {
  const [own] = JSON.parse(tlsOnly(bucket)).Statement;
  return (statement as { Sid?: string }).Sid === own.Sid;
}

/** What has our name and is something else must not be changed into what we need: somebody may need it. */
function requireFit(settings: FoundationSettings, { ledger, keys, secrets }: Found): void {
  const unfit = (what: string, why: string) => bootstrapProblem("foundation-unfit", { what, why });
  if (ledger && ledger.keys.join() !== "pk,sk")
    throw unfit(
      `the table ${settings.ledgerTable}`,
      `its keys are ${ledger.keys.join(" and ")}, not pk and sk`,
    );
  const wanted: [string, FoundKey | undefined, string, string][] = [
    [settings.secretsKey, keys.secrets, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT"],
    [settings.signingKey, keys.signing, "SIGN_VERIFY", "ECC_NIST_P256"],
  ];
  for (const [alias, key, usage, spec] of wanted) {
    if (!key) continue;
    if (key.usage !== usage || key.spec !== spec)
      throw unfit(`the key ${alias}`, `it is ${key.spec} for ${key.usage}, not ${spec} for ${usage}`);
    if (key.state !== "Enabled") throw unfit(`the key ${alias}`, `its state is ${key.state}`);
  }
  for (const [, secret] of secretsOf(settings))
    if (secrets[secret]?.deleted)
      throw unfit(`the secret ${secret}`, "it is to be deleted; restore it first");
}
