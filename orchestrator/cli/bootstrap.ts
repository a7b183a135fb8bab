import { writeSync } from "node:fs";
import { join } from "node:path";
import { foundationSettings } from "../../infra/foundation/index.ts";
import type { Part, Principal } from "../../infra/foundation/principal.ts";
import { startToolchain } from "../../rehearsal/toolchain.ts";
import type { AwsAccess } from "../adapters/aws-access.ts";
import { accessVariables } from "../adapters/aws-access.ts";
import { type CiEntry, ciEntries, takesKey } from "../bootstrap/ci.ts";
import { accessKeys } from "../bootstrap/keys.ts";
import { type Laying, layFoundation, type Surveyed, surveyFoundation } from "../bootstrap/lay.ts";
import { environmentNames, loadEnvironment } from "../environment.ts";
import { problem } from "../problems.ts";
import { readStacks } from "../release/stacks.ts";
import { speaker } from "./progress.ts";
import { forgetOwnSettings, REHEARSAL, ROOT } from "./surroundings.ts";
import { requireSaneVariables } from "./variables.ts";

type Options = {
  env: string;
  local?: boolean;
  json?: boolean;
  dryRun?: boolean;
  repository?: string;
  rotateKeys?: boolean;
  retireKeys?: boolean;
  breakLock?: boolean;
};

/** Days in which a secret that was deleted on AWS can be had back. */
const RECOVERY_DAYS = 30;

/** Makes what an environment stands on, as an administrator; or turns the keys of its users. */
export async function bootstrapCommand(options: Options): Promise<void> {
  const { env, json = false, local = false } = options;
  const administrator = await administratorOf(env, local);
  const { project, stacks } = await readStacks(ROOT);
  const settings = foundationSettings({
    project: project.name,
    stacks,
    environment: env,
    recoveryWindowInDays: local ? 0 : RECOVERY_DAYS,
    repository: options.repository,
  });
  const directory = local ? join(REHEARSAL, "foundation") : join(ROOT, ".foundation");
  const progress = speaker(json);
  const laying = { settings, administrator, directory, progress, breakLock: options.breakLock ?? false };
  const keys = accessKeys(administrator);
  if (options.retireKeys || options.rotateKeys) {
    const users = (await surveyFoundation(laying)).principals.filter(takesKey);
    if (options.retireKeys) return print(json, { env, retired: await forEach(users, keys.retire) });
    const rotated = await forEach(users, keys.rotate);
    return print(json, { env, ci: ciEntries(settings, users, rotated) });
  }
  const { found, plan, principals } = options.dryRun
    ? await surveyFoundation(laying)
    : await lay(laying, local);
  const users = principals.filter(takesKey);
  const first = options.dryRun ? {} : await forEach(users, keys.first);
  print(json, {
    env,
    account: found.account,
    dryRun: options.dryRun ?? false,
    adopted: plan.adopt,
    kept: plan.kept,
    ci: ciEntries(settings, principals, first),
  });
}

async function lay(laying: Laying, rehearsed: boolean): Promise<Surveyed> {
  const { administrator, progress } = laying;
  const toolchain = await startToolchain({ variables: accessVariables(administrator), rehearsed, progress });
  try {
    return await layFoundation(laying, toolchain);
  } finally {
    await toolchain.close();
  }
}

async function administratorOf(env: string, local: boolean): Promise<AwsAccess> {
  const known = environmentNames(ROOT);
  if (!known.includes(env)) throw problem("environment-unknown", { environment: env, known });
  const { region } = loadEnvironment(ROOT, env);
  if (!local) {
    requireSaneVariables(process.env);
    return { region };
  }
  const { readRecord } = await import("../../rehearsal/record.ts");
  const record = await readRecord(REHEARSAL);
  if (!record) throw problem("local-not-running", {});
  forgetOwnSettings();
  return { region, endpoint: record.endpoint, credentials: { accessKeyId: "test", secretAccessKey: "test" } };
}

async function forEach<T>(
  users: Principal[],
  act: (name: string) => Promise<T>,
): Promise<Partial<Record<Part, NonNullable<T>>>> {
  const entries: [Part, T][] = [];
  for (const { part, name } of users) entries.push([part, await act(name)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Partial<
    Record<Part, NonNullable<T>>
  >;
}

type Told = {
  env: string;
  account?: string;
  dryRun?: boolean;
  adopted?: Record<string, string>;
  kept?: string[];
  retired?: Partial<Record<Part, { accessKeyId: string; now: string }>>;
  ci?: CiEntry[];
};

/** Past the guard that takes secrets out of all else that is printed: a new key is told here, once, and nowhere else. */
const print = (json: boolean, told: Told) =>
  void writeSync(1, json ? `${JSON.stringify(told)}\n` : `${text(told)}\n`);

function text({ env, account, dryRun, adopted = {}, kept = [], retired = {}, ci = [] }: Told): string {
  const lines: string[] = [];
  if (account)
    lines.push(`${env}: ${dryRun ? "would be made" : "its foundation stands"} in the account ${account}`);
  for (const [what, id] of Object.entries(adopted))
    lines.push(`      stands already: ${what.split("/")[0]?.slice(4)} ${id}`);
  for (const each of kept) lines.push(`      stays as it is: ${each}`);
  for (const [part, { accessKeyId, now }] of Object.entries(retired))
    lines.push(`${part}: ${accessKeyId} is ${now}`);
  if (ci.length > 0) lines.push("put into GitHub:");
  for (const { where, kind, name, value } of ci)
    lines.push(
      `      ${where === "repository" ? "repository" : `environment ${where.environment}`}: ${kind} ${name} = ${value}`,
    );
  return lines.join("\n");
}
