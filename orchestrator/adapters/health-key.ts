import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
import type { Secrets } from "../secrets.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

const SECRET = z.object({ api_key: z.string().min(1) });

/**
 * The key that the service's health route asks for, read when it is first needed. It is never written anywhere. A read
 * that failed is tried again at the next need: one hitch must not make every later answer look bad.
 */
export function healthKey(secretId: string, access: AwsAccess, secrets: Secrets): () => Promise<string> {
  const client = new SecretsManagerClient(clientSettings(access));
  let key: Promise<string> | undefined;
  const read = async () => {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    const parsed = SECRET.safeParse(JSON.parse(SecretString ?? "{}"));
    if (!parsed.success) throw new Error(`the secret ${secretId} holds no "api_key"`);
    secrets.know(parsed.data.api_key);
    return parsed.data.api_key;
  };
  return () => {
    key ??= read().catch((error) => {
      key = undefined;
      throw error;
    });
    return key;
  };
}
