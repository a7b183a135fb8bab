import { GetSecretValueCommand, type SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { log } from "./log.ts";

const FRESH_MS = 5 * 60_000;
/** Between two readings, whatever is refused: a stranger's guesses must not become requests to Secrets Manager. */
const PAUSE_MS = 10_000;

/** Gives the key. Told of one that was just refused, it looks whether another has taken its place. */
export type ApiKey = (refused?: string) => Promise<string>;

/**
 * Reads the API key kept as `{"api_key": "..."}` in a secret and remembers it for 5 minutes, so that a rotated key is
 * in use soon and Secrets Manager is not asked at every request. A key that is refused is read again at once, but not
 * more often than every 10 seconds. When a refresh fails the last known key goes on being used: an outage there must not
 * become one here.
 */
export function apiKey(
  secretsManager: Pick<SecretsManagerClient, "send">,
  secretId: string,
  now: () => number = Date.now,
): ApiKey {
  let known: { key: string; readAt: number; triedAt: number } | undefined;
  return async (refused) => {
    const began = now();
    if (known) {
      const fresh = began - known.readAt < FRESH_MS && known.key !== refused;
      if (fresh || began - known.triedAt < PAUSE_MS) return known.key;
      known.triedAt = began;
    }
    try {
      known = { key: await read(secretsManager, secretId), readAt: began, triedAt: began };
    } catch (error) {
      if (!known) throw error;
      log("warn", "the API key could not be refreshed, the last known one is used", { secretId });
    }
    return known.key;
  };
}

/** Asks with the key; where it is refused, once more with the one that has taken its place, if there is one. */
export async function withKey<T>(
  key: ApiKey,
  ask: (key: string) => Promise<T>,
  isRefusal: (error: unknown) => boolean,
): Promise<T> {
  const first = await key();
  try {
    return await ask(first);
  } catch (error) {
    const next = isRefusal(error) ? await key(first) : first;
    if (next === first) throw error;
    return await ask(next);
  }
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
