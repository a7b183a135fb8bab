import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { log } from "./log.ts";

const FRESH_MS = 5 * 60_000;

/**
 * Reads the API key kept as `{"api_key": "..."}` in a secret and remembers it for 5 minutes, so that a rotated key is
 * in use soon and Secrets Manager is not asked at every request. When a refresh fails the last known key goes on being
 * used: an outage there must not become one here.
 */
export function apiKey(
  secretsManager: Pick<SecretsManagerClient, "send">,
  secretId: string,
  now: () => number = Date.now,
): () => Promise<string> {
  let known: { key: string; readAt: number } | undefined;
  return async () => {
    if (known && now() - known.readAt < FRESH_MS) return known.key;
    try {
      known = { key: await read(secretsManager, secretId), readAt: now() };
    } catch (error) {
      if (!known) throw error;
      log("warn", "the API key could not be refreshed, the last known one is used", { secretId });
    }
    return known.key;
  };
}

async function read(secretsManager: Pick<SecretsManagerClient, "send">, secretId: string): Promise<string> {
  const { SecretString } = await secretsManager.send(new GetSecretValueCommand({ SecretId: secretId }));
  const key = keyIn(SecretString ?? "");
  if (!key) throw new Error(`The secret ${secretId} holds no {"api_key": "..."}.`);
  return key;
}

// A parser's message quotes the text it could not parse, and this text is a secret.
function keyIn(secret: string): string | undefined {
  try {
    const { api_key } = JSON.parse(secret) as { api_key?: unknown };
    return typeof api_key === "string" ? api_key : undefined;
  } catch {
    return undefined;
  }
}
