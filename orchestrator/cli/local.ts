import { mkdir, rm } from "node:fs/promises";
import { type RehearsalRecord, readRecord } from "../../rehearsal/record.ts";
import { problem } from "../problems.ts";
import { speaker } from "./progress.ts";
import { forgetOwnSettings, REHEARSAL, ROOT } from "./surroundings.ts";

type Options = { port?: string; fresh?: boolean; json?: boolean };

const print = (value: object, text: string, json = false) =>
  void process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`);

export async function localCommand(action: string, options: Options): Promise<void> {
  const run = ACTIONS.get(action);
  if (!run)
    throw problem("option-invalid", { option: "local", value: action, wanted: "up, down, status or env" });
  await run(options);
}

const ACTIONS = new Map(Object.entries({ up, down, status, env }));

async function running(): Promise<RehearsalRecord> {
  const record = await readRecord(REHEARSAL);
  if (!record) throw problem("local-not-running", {});
  return record;
}

async function up({ port, fresh, json }: Options): Promise<void> {
  const wanted = port === undefined ? undefined : Number(port);
  if (wanted !== undefined && !(Number.isInteger(wanted) && wanted > 0 && wanted < 65_536))
    throw problem("option-invalid", {
      option: "--port",
      value: port ?? "",
      wanted: "a port between 1 and 65535",
    });
  const already = await readRecord(REHEARSAL);
  if (already)
    return print(
      { endpoint: already.endpoint, started: false },
      `already running at ${already.endpoint}`,
      json,
    );
  if (fresh) await rm(REHEARSAL, { recursive: true, force: true });
  // Minutes before anything is kept there: a place that takes nothing is told at once.
  await mkdir(REHEARSAL, { recursive: true });
  forgetOwnSettings();
  const { raise } = await import("../../rehearsal/ground.ts");
  const ground = await raise({
    root: ROOT,
    directory: REHEARSAL,
    port: wanted,
    keepState: true,
    progress: speaker(json ?? false),
  });
  ground.letGo();
  const { endpoint } = ground.record;
  print({ endpoint, started: true }, `running at ${endpoint}; next: npm run package`, json);
}

async function down({ json }: Options): Promise<void> {
  const record = await running();
  const { raze } = await import("../../rehearsal/ground.ts");
  await raze(record);
  print({ stopped: true }, "stopped; its state is kept for the next `npm run local -- up`", json);
}

async function status({ json }: Options): Promise<void> {
  const { endpoint, startedAt, environments } = await running();
  const names = Object.keys(environments);
  print(
    { endpoint, startedAt, environments: names },
    `running at ${endpoint} since ${startedAt}: ${names.join(", ")}`,
    json,
  );
}

/** What an AWS SDK or CLI needs to look inside, as the emulator's administrator. */
async function env({ json }: Options): Promise<void> {
  const { endpoint } = await running();
  const { loadEnvironment, environmentNames } = await import("../environment.ts");
  const variables = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: loadEnvironment(ROOT, environmentNames(ROOT)[0] ?? "").region,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${value}`);
  print(variables, lines.join("\n"), json);
}
