import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkOutNow } from "./checkout.ts";
import { launch, run } from "./command.ts";
import { firstAndLast, raised, razed } from "./promotions.ts";

const RAW = process.env.CALLS_OUT ?? "/tmp/calls-raw.jsonl";
const checkout = checkOutNow();
checkout.env.EMULATOR_CALLS = join(checkout.root, "..", "calls.jsonl");
const { first, last } = firstAndLast(checkout);
const QUICK = ["--bake", "1s", "--strategy", "canary:10%/1s"];

async function did(...args: string[]): Promise<void> {
  const { code, out, err } = await run(checkout, [...args, "--json"]);
  console.error(`${args.join(" ")}: ${code}`);
  if (![0, 3].includes(code ?? -1)) console.error(out.slice(0, 3000), err.slice(-2000));
}
const change = (file: string, make: (text: string) => string) => checkout.commit(file, make);
const packaged = async () => {
  const { code, err } = await launch(checkout, ["npm", "run", "--silent", "package"]).ended;
  if (code) console.error(err);
};
const promote = async (env: string, sha: string, ...more: string[]) =>
  did("promote", "--env", env, "--sha", sha, "--local", ...QUICK, ...more);

try {
  await raised(checkout);
  const A = checkout.git("rev-parse", "HEAD");
  await packaged();
  await promote(first, A, "--dry-run");
  await promote(first, A);
  await promote(last, A, "--from", first);
  const config = `Pulumi.${first}.yaml`;
  change(config, (text) =>
    text
      .replace("logRetentionDays: 14", "logRetentionDays: 7")
      .replace("alertEmail: your-email", "alertEmail: another-email")
      .replace("costAnomalyDollars: 50", "costAnomalyDollars: 60")
      .replace("ingestionSchedule: rate(1 hour)", "ingestionSchedule: rate(2 hours)")
      .replace("canaryEnabled: false", "canaryEnabled: true")
      .replace("ingestion: 2", "ingestion: -1"),
  );
  change("infra/functions.ts", (text) =>
    text
      .replaceAll("memoryMb: 256", "memoryMb: 320")
      .replace(
        'actions: ["dynamodb:PutItem", "dynamodb:UpdateItem"]',
        'actions: ["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:UpdateItem"]',
      )
      .replaceAll("retries: 2", "retries: 1"),
  );
  const alarms = change("infra/alarms.ts", (text) =>
    text.replace(/threshold: (\d+)/, (_, n) => `threshold: ${Number(n) + 1}`),
  );
  await packaged();
  await promote(first, alarms);
  writeFileSync(join(checkout.root, "extra.txt"), "x");
  const { mkdirSync } = await import("node:fs");
  mkdirSync(join(checkout.root, "lambdas/extra"));
  writeFileSync(join(checkout.root, "lambdas/extra/index.ts"), 'export * from "../analysis/index.ts";\n');
  const extra = change("infra/functions.ts", (text) =>
    text.replace(
      "export const functions: FunctionSpec[] = [",
      `export const functions: FunctionSpec[] = [
  {
    name: "extra",
    description: "There to be taken away again.",
    memoryMb: 128,
    timeoutSeconds: 15,
    retries: 2,
    notified: true,
    schedule: ({ ingestionSchedule }) => ({ expression: ingestionSchedule, enabled: true }),
    environment: ({ table }) => ({ ITEMS_TABLE: table.name }),
    grants: () => [],
  },`,
    ),
  );
  await packaged();
  await promote(first, extra);
  await did("rollback", "--env", first, "--to", A, "--reason", "a drill", "--local");
  await did("status", "--env", first, "--local");
  await did("history", "--env", first, "--verify", "--local");
  await did("metrics", "--env", first, "--local");
  await did("releases", "--local");
  await did("verify", "--sha", A, "--local");
  await did("drift", "--env", first, "--local");
  await did("diff", "--env", first, "--with", last, "--local");
  await did("hold", "--env", first, "--reason", "x", "--local");
  await did("release-hold", "--env", first, "--reason", "x", "--local");
  await did("package", "--env", first, "--local", "--sha", extra, "--out", join(checkout.scratch, "again"));
  await did("gc", "--env", first, "--local");
  await did("unlock", "--env", first, "--reason", "x", "--local");
} finally {
  writeFileSync(RAW, readFileSync(checkout.env.EMULATOR_CALLS, "utf8"));
  await razed(checkout);
}
