import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Checkout } from "../checkout.ts";
import { launch, run } from "../command.ts";
import { firstAndLast } from "../promotions.ts";

const QUICK = ["--bake", "1s", "--strategy", "canary:10%/1s"];

/**
 * Everything that the commands do to an environment, in one tour: it is made, changed in every kind of resource, made to
 * have more and to have less, taken back, looked at, held and cleared.
 */
export async function tour(checkout: Checkout, tell: (line: string) => void): Promise<void> {
  const { first, last } = firstAndLast(checkout);
  const command = async (...args: string[]) => {
    const { code, err, out } = await run(checkout, [...args, "--local", "--json"]);
    tell(`${args.join(" ")}: ${code}`);
    // `drift`, `diff` and `verify` may find something: then they have looked.
    const looked = code === 3 && !/^(promote|rollback|gc|package)$/.test(args[0] ?? "");
    if (code !== 0 && !looked) throw new Error(`${args.join(" ")}: ${out}${err}`);
  };
  const promote = async (env: string, ...more: string[]) => {
    await launch(checkout, ["npm", "run", "--silent", "package"]).ended;
    await command("promote", "--env", env, "--sha", checkout.git("rev-parse", "HEAD"), ...QUICK, ...more);
  };

  const A = checkout.git("rev-parse", "HEAD");
  await promote(first, "--dry-run");
  await promote(first);
  await promote(last, "--from", first);
  changeAll(checkout, first);
  await promote(first);
  addFunction(checkout);
  await promote(first);
  const more = checkout.git("rev-parse", "HEAD");
  await command("rollback", "--env", first, "--to", A, "--reason", "a drill");
  for (const env of [first, last]) {
    await command("status", "--env", env);
    await command("history", "--env", env, "--verify");
    await command("metrics", "--env", env);
    await command("drift", "--env", env);
    await command("doctor", "--env", env);
  }
  await command("releases");
  await command("verify", "--sha", A);
  await command("diff", "--env", first, "--with", last);
  await command("hold", "--env", first, "--reason", "the tour");
  await command("release-hold", "--env", first, "--reason", "the tour");
  await command("package", "--env", first, "--sha", more, "--out", join(checkout.scratch, "again"));
  await command("gc", "--env", first);
  await command("unlock", "--env", first, "--reason", "the tour");
}

/** A commit that changes every kind of resource, and keeps few releases, so that `gc` finds some. */
function changeAll(checkout: Checkout, env: string): void {
  const replace = (file: string, ...pairs: [string, string][]) =>
    checkout.commit(file, (text) =>
      pairs.reduce((all, [from, to]) => {
        if (!all.includes(from)) throw new Error(`${file} has no "${from}" any more: mend the tour`);
        return all.replaceAll(from, to);
      }, text),
    );
  replace(
    `Pulumi.${env}.yaml`,
    ["logRetentionDays: 14", "logRetentionDays: 7"],
    ["alertEmail: your-email", "alertEmail: another-email"],
    ["costAnomalyDollars: 50", "costAnomalyDollars: 60"],
    ["Schedule: rate(1 hour)", "Schedule: rate(2 hours)"],
    ["canaryEnabled: false", "canaryEnabled: true"],
    ["ingestion: 2", "ingestion: -1"],
    ["bake: 1m", "bake: 1m\n    keepReleases: 2\n    retentionDays: 0"],
  );
  replace("infra/functions.ts", ["memoryMb: 256", "memoryMb: 320"], ["retries: 2", "retries: 1"]);
  replace(
    "infra/settings.ts",
    ['service: "sentiment" }', 'service: "sentiment", team: "x" }'],
    ["service: string }", "service: string; team: string }"],
  );
  replace("infra/dead-letters.ts", ["14 * 24", "13 * 24"]);
  replace("infra/role.ts", ['name: "function",', 'name: "function-changed",']);
  replace("infra/table.ts", [
    '{ name: "by-time"',
    '{ name: "by-day", hashKey: "day", projectionType: "ALL" },\n        { name: "by-time"',
  ]);
}

/** A commit with one function more, to be taken away again. */
function addFunction(checkout: Checkout): void {
  mkdirSync(join(checkout.root, "lambdas/extra"));
  writeFileSync(join(checkout.root, "lambdas/extra/index.ts"), 'export * from "../analysis/index.ts";\n');
  const spec = `{
    name: "extra",
    description: "There to be taken away again.",
    memoryMb: 128,
    timeoutSeconds: 15,
    retries: 2,
    notified: true,
    url: true,
    schedule: ({ ingestionSchedule }) => ({ expression: ingestionSchedule, enabled: true }),
    environment: ({ table }) => ({ ITEMS_TABLE: table.name }),
    grants: () => [],
  },`;
  checkout.commit("infra/functions.ts", (text) =>
    text.replace("FunctionSpec[] = [", `FunctionSpec[] = [\n  ${spec}`),
  );
}
