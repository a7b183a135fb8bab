import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

/** What may be known of a secret without knowing it. `changedAt` is when its value was set last. */
export type SecretState = { set: boolean; changedAt: Date | undefined; deleted: boolean };

/** Sets a key as `{"api_key": "..."}`, as the functions read it. Returns the id of the version that this made. */
export async function setServiceSecret(SecretId: string, key: string, access: AwsAccess): Promise<string> {
  const SecretString = JSON.stringify({ api_key: key });
  const made = await clientOf(access).send(new PutSecretValueCommand({ SecretId, SecretString }));
  return made.VersionId ?? "";
}

/** Whether a secret has a value, without reading it. */
export async function secretState(SecretId: string, access: AwsAccess): Promise<SecretState> {
  const found = await clientOf(access).send(new DescribeSecretCommand({ SecretId }));
  const set = Object.values(found.VersionIdsToStages ?? {}).some((stages) => stages.includes("AWSCURRENT"));
  const changedAt = set ? (found.LastChangedDate ?? found.CreatedDate) : undefined;
  return { set, changedAt, deleted: found.DeletedDate !== undefined };
}

const clientOf = (access: AwsAccess) => new SecretsManagerClient(clientSettings(access));
