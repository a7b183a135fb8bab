import { STSClient } from "@aws-sdk/client-sts";
import { problem } from "../problems.ts";
import { type Surroundings, surroundings, type Where } from "./surroundings.ts";

/** Everything by which a process of the shell's could act as somebody else than was meant. */
const OF_THE_SHELL =
  /^AWS_(PROFILE|DEFAULT_PROFILE|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|ROLE_ARN|ROLE_SESSION_NAME|WEB_IDENTITY_TOKEN_FILE|CONTAINER_.*)$/;

/**
 * The surroundings of each side, with credentials of its own. Where a profile is named, each side's are looked up once, and
 * the shell's are forgotten as soon as the sides without a profile have them: the SDK may prefer them to a profile, and
 * the engine's processes inherit them.
 */
export async function separately(sides: (Where & { profile?: string })[]): Promise<Surroundings[]> {
  const named = sides.find(({ profile }) => profile !== undefined);
  if (named && sides.some(({ local }) => local))
    throw problem("option-invalid", {
      option: "--profile",
      value: named.profile ?? "",
      wanted: "for a rehearsal environment, whose deployers have credentials of their own",
    });
  const all = await Promise.all(sides.map((side) => surroundings(side)));
  if (!named) return all;
  const shells = sides.some(({ profile }) => !profile) ? await credentialsOf(undefined, all) : undefined;
  for (const name of Object.keys(process.env)) if (OF_THE_SHELL.test(name)) delete process.env[name];
  return await Promise.all(
    all.map(async (where, index) => {
      const profile = sides[index]?.profile;
      const credentials = profile ? await credentialsOf(profile, all) : shells;
      return { ...where, access: { ...where.access, credentials } };
    }),
  );
}

async function credentialsOf(profile: string | undefined, [where]: Surroundings[]) {
  const client = new STSClient({ region: where?.access.region, ...(profile ? { profile } : {}) });
  const { accessKeyId, secretAccessKey, sessionToken } = await client.config.credentials();
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
}
