import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { DescribeKeyCommand, KMSClient, paginateListKeys } from "@aws-sdk/client-kms";
import { DescribeSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { keyDescription } from "../../infra/foundation/keys.ts";
import { policies } from "../../infra/foundation/policies.ts";
import { iamArn, type Principal } from "../../infra/foundation/principal.ts";
import type { FoundationSettings } from "../../infra/foundation/settings.ts";
import { GITHUB } from "../../infra/foundation/trust.ts";
import { boundaryName } from "../../infra/names.ts";
import { type AwsAccess, clientSettings } from "../adapters/aws-access.ts";
import type { Found, FoundKey } from "./found.ts";
import { lookAtBucket } from "./look-at-bucket.ts";
import { unlessMissing } from "./missing.ts";

/** The account that an administrator's credentials are for. */
export async function accountOf(access: AwsAccess): Promise<string> {
  const { Account = "" } = await new STSClient(clientSettings(access)).send(new GetCallerIdentityCommand());
  return Account;
}

/** Looks at all that an environment's foundation is made of, and changes nothing. Throws foundation-unfit. */
export async function look(
  settings: FoundationSettings,
  made: Principal[],
  account: string,
  access: AwsAccess,
): Promise<Found> {
  const iam = new IAMClient(clientSettings(access));
  const policyArns = [
    boundaryName(settings.environment),
    ...made.flatMap((each) =>
      policies(each).map(({ suffix }) => `${settings.environment}-${each.part}-${suffix}`),
    ),
  ].map((name) => iamArn(account, `policy/${name}`));
  const there = await Promise.all(
    policyArns.map((PolicyArn) => unlessMissing(iam.send(new GetPolicyCommand({ PolicyArn })))),
  );
  const [state, packages, ledger, secrets, signing, provider] = await Promise.all([
    lookAtBucket(settings.stateBucket, access),
    lookAtBucket(settings.packagesBucket, access),
    lookAtTable(settings.ledgerTable, access),
    lookAtKey(settings.secretsKey, keyDescription.secrets(settings.environment), access),
    lookAtKey(settings.signingKey, keyDescription.signing(settings.environment), access),
    unlessMissing(
      iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: GITHUB.arn(account) })),
    ),
  ]);
  return {
    account,
    buckets: { state, packages },
    ledger,
    keys: { secrets: secrets?.key, signing: signing?.key },
    aliases: { secrets: secrets?.aliased ?? false, signing: signing?.aliased ?? false },
    secrets: await lookAtSecrets(Object.values(settings.secrets), access),
    principals: Object.fromEntries(
      await Promise.all(made.map(async (each) => [each.name, await lookAtPrincipal(each, iam)] as const)),
    ),
    policies: policyArns.filter((_, index) => there[index] !== undefined),
    githubProvider: provider !== undefined,
  };
}

async function lookAtPrincipal({ name, kind }: Principal, iam: IAMClient) {
  if (kind === "user") {
    const user = await unlessMissing(iam.send(new GetUserCommand({ UserName: name })));
    return user && { kind, boundary: user.User?.PermissionsBoundary?.PermissionsBoundaryArn };
  }
  const role = await unlessMissing(iam.send(new GetRoleCommand({ RoleName: name })));
  return role && { kind, boundary: role.Role?.PermissionsBoundary?.PermissionsBoundaryArn };
}

async function lookAtTable(TableName: string, access: AwsAccess): Promise<Found["ledger"]> {
  const client = new DynamoDBClient(clientSettings(access));
  const found = await unlessMissing(client.send(new DescribeTableCommand({ TableName })));
  if (!found) return undefined;
  const { KeySchema = [], SSEDescription } = found.Table ?? {};
  const keys = KeySchema.toSorted(({ KeyType: a = "" }, { KeyType: b = "" }) => (a < b ? -1 : 1));
  return {
    keys: keys.map(({ AttributeName = "" }) => AttributeName),
    kmsKey: SSEDescription?.Status === "ENABLED" ? SSEDescription.KMSMasterKeyArn : undefined,
  };
}

/** A key by its alias; or one without, which a run made that ended before it could name it. */
async function lookAtKey(
  alias: string,
  description: string,
  access: AwsAccess,
): Promise<{ key: FoundKey; aliased: boolean } | undefined> {
  const client = new KMSClient(clientSettings(access));
  const about = async (KeyId: string) => {
    const found = await unlessMissing(client.send(new DescribeKeyCommand({ KeyId })));
    const { KeyUsage = "", KeySpec = "", KeyState = "", Description } = found?.KeyMetadata ?? {};
    const id = found?.KeyMetadata?.KeyId;
    return id === undefined
      ? undefined
      : { key: { id, usage: KeyUsage, spec: KeySpec, state: KeyState }, description: Description };
  };
  const named = await about(alias);
  if (named) return { key: named.key, aliased: true };
  for await (const { Keys = [] } of paginateListKeys({ client }, {}))
    for (const { KeyId = "" } of Keys) {
      const found = await about(KeyId);
      if (found?.description === description && found.key.state === "Enabled")
        return { key: found.key, aliased: false };
    }
  return undefined;
}

async function lookAtSecrets(names: string[], access: AwsAccess): Promise<Found["secrets"]> {
  const client = new SecretsManagerClient(clientSettings(access));
  const looked = names.map(async (SecretId) => {
    const found = await unlessMissing(client.send(new DescribeSecretCommand({ SecretId })));
    const { ARN: arn = "", KmsKeyId: kmsKey, DeletedDate } = found ?? {};
    return [SecretId, found && { arn, kmsKey, deleted: DeletedDate !== undefined }] as const;
  });
  return Object.fromEntries(await Promise.all(looked));
}
