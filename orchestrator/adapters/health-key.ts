import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { z } from "zod";
import type { Secrets } from "../secrets.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

const SECRET = z.object({ api_key: z.string().min(1) });

/** A key that is refused is not read again before so much time is over: a release that refuses every key is asked often. */
const PAUSE_MS = 10_000;

/** A secret could be read, and what it holds is no key. */
export class NoKey extends Error {}

/** A parser's message quotes the text it could not parse, and this text is a secret. */
function documentIn(text = ""): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Gives the key. Told of one that was just refused, it looks whether another has taken its place. */
export type HealthKey = (refused?: string) => Promise<string>;

/**
 * The key that the service's health route asks for, read when it is first needed. It is never written anywhere. A read
 * that failed is tried again at the next need: one hitch must not make every later answer look bad. Nor must a rotation:
 * a key that is refused is read again.
 */
export function healthKey(
  secretId: string,
  access: AwsAccess,
  secrets: Secrets,
  monotonic: () => number = () => performance.now(),
): HealthKey {
  const client = new SecretsManagerClient(clientSettings(access));
  let key: Promise<string> | undefined;
  let readAt = 0;
  const read = async () => {
    readAt = monotonic();
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
    const parsed = SECRET.safeParse(documentIn(SecretString));
    if (!parsed.success) throw new NoKey(`the secret ${secretId} holds no "api_key"`);
    secrets.know(parsed.data.api_key);
    return parsed.data.api_key;
  };
  return async (refused) => {
    if (refused !== undefined && monotonic() - readAt >= PAUSE_MS && (await key) === refused) key = undefined;
    key ??= read().catch((error) => {
      key = undefined;
      throw error;
    });
    return key;
  };
}
