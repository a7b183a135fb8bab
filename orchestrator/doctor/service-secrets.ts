import { SERVICE_SECRETS, secretIdOf } from "../service-secrets/names.ts";
import { bootstrap, type Finding, findingsOf } from "./finding.ts";
import { checkOf, type Ground } from "./ground.ts";

type Named = { environment: string; name: string; secretId: string };
const set = (p: Named) =>
  `npm run secrets -- set --env ${p.environment} --name ${p.name}, with an administrator's credentials`;

const find = findingsOf("secrets", {
  "secret-fine": { severity: "fine", seen: (p: Named) => `${p.secretId} is set` },
  "secret-missing": {
    severity: "problem",
    seen: (p: Named) => `there is no secret ${p.secretId}, or it waits to be deleted`,
    remedy: (p) => `${bootstrap(p)}; then ${set(p)}`,
  },
  "secret-empty": {
    severity: "problem",
    seen: (p: Named) => `${p.secretId} has no value yet`,
    remedy: set,
  },
  "secret-malformed": {
    severity: "problem",
    seen: (p: Named) => `${p.secretId} holds no {"api_key": "..."}`,
    remedy: set,
  },
});

export const serviceSecrets = checkOf(find, async (ground) => {
  const found = await Promise.all(SERVICE_SECRETS.map((name) => lookAt(ground, name)));
  return found.flat();
});

async function lookAt({ environment, place }: Ground, name: (typeof SERVICE_SECRETS)[number]) {
  const secretId = secretIdOf(environment, name);
  const named = { environment: environment.name, name, secretId };
  const look = await place.secret(secretId);
  if (!look) return [find("secret-missing", named)];
  if (!look.set) return [find("secret-empty", named)];
  // The other one a deployer may not read, and need not.
  if (secretId === environment.promotion.healthKeySecret && !(await place.holdsKey(secretId)))
    return [find("secret-malformed", named)];
  return [find("secret-fine", named)] satisfies Finding[];
}
