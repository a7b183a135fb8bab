import { type Command, Option } from "commander";
import { SERVICE_SECRETS, type ServiceSecret, secretIdOf } from "../service-secrets/names.ts";
import type { Surroundings } from "./surroundings.ts";

type Options = { env: string; name?: ServiceSecret; local?: boolean; json?: boolean };

/** `secrets`: sets the keys that the service needs, and says which are set. Shows no value. */
export function registerSecrets(program: Command, shared: (() => Option)[]): void {
  const command = program
    .command("secrets <action>")
    .description("set a key that the service needs, from standard input; or list which are set");
  const name = new Option("--name <name>", "the secret, with set").choices(SERVICE_SECRETS);
  for (const option of [...shared.map((make) => make()), name]) command.addOption(option);
  command.action(async (action: string, options: Options) => {
    const { problem } = await import("../problems.ts");
    const run = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (!run) throw problem("option-invalid", { option: "secrets", value: action, wanted: "set or list" });
    await run(options);
  });
}

const ACTIONS: Record<string, (options: Options) => Promise<void>> = { set, list };

async function set(options: Options): Promise<void> {
  const { setServiceSecret } = await import("../adapters/service-secrets.ts");
  const { serviceSecretProblem } = await import("../service-secrets/problems.ts");
  const { keyIn, LONGEST } = await import("../service-secrets/value.ts");
  const { secretFrom } = await import("./standard-input.ts");
  const { secrets } = await import("./secrets.ts");
  const { problem } = await import("../problems.ts");
  const { env, name } = options;
  if (!name)
    throw problem("usage", { said: `set needs --name: ${SERVICE_SECRETS.join(" or ")}`, command: "secrets" });
  const where = await asAdministrator(options);
  const sent = await secretFrom(process.stdin, LONGEST, (text) => void process.stderr.write(text));
  // First of all, and whatever it is: from here on nobody can print it, not even an error that quotes it.
  secrets.know(sent?.slice(0, LONGEST));
  const read = keyIn(sent ?? "");
  if ("wrong" in read)
    throw serviceSecretProblem("secret-value-invalid", { name, environment: env, ...read });
  const secretId = secretIdOf(where.environment, name);
  const version = await refusedAsOurs(secretId, setServiceSecret(secretId, read.key, where.access));
  const said = `${env}: ${name} is set (${secretId}, version ${version.slice(0, 8)}). The functions use it within 5 minutes, without a deploy`;
  print({ env, name, secretId, version }, said, options.json);
}

async function list(options: Options): Promise<void> {
  const { secretState } = await import("../adapters/service-secrets.ts");
  const { environment, access } = await asAdministrator(options);
  const found = SERVICE_SECRETS.map(async (name) => {
    const secretId = secretIdOf(environment, name);
    const { set, changedAt } = await refusedAsOurs(secretId, secretState(secretId, access));
    return { name, secretId, set, changedAt: changedAt?.toISOString() ?? null };
  });
  const states = await Promise.all(found);
  const lines = states.map(
    ({ name, set, changedAt }) => `${name.padEnd(20)} ${set ? `set, last changed ${changedAt}` : "empty"}`,
  );
  print({ env: options.env, secrets: states }, lines.join("\n"), options.json);
}

/** In a rehearsal the record has the deployer's keys only, and it may set none of this. */
async function asAdministrator(options: Options): Promise<Surroundings> {
  const { surroundings } = await import("./surroundings.ts");
  const where = await surroundings(options);
  if (!where.access.endpoint) return where;
  const { ADMINISTRATOR } = await import("../../rehearsal/record.ts");
  return { ...where, access: { ...where.access, credentials: ADMINISTRATOR } };
}

/** Whoever is refused here holds no wrong credentials, but a deployer's. */
async function refusedAsOurs<T>(secretId: string, asked: Promise<T>): Promise<T> {
  const { foreseen } = await import("../foreseen.ts");
  const { serviceSecretProblem } = await import("../service-secrets/problems.ts");
  try {
    return await asked;
  } catch (error) {
    if ((error as Error).name !== "AccessDeniedException") throw foreseen(error);
    throw serviceSecretProblem(
      "secret-not-yours-to-set",
      { secretId, said: (error as Error).message },
      error,
    );
  }
}

const print = (document: object, text: string, json = false) =>
  void process.stdout.write(json ? `${JSON.stringify(document)}\n` : `${text}\n`);
