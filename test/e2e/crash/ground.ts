import { cpSync } from "node:fs";
import { join } from "node:path";
import type { AwsAccess } from "../../../orchestrator/adapters/aws-access.ts";
import { directoryArtifacts } from "../../../orchestrator/adapters/directory-artifacts.ts";
import { environmentNames } from "../../../orchestrator/environment.ts";
import { packageRelease } from "../../../orchestrator/release/package.ts";
import { readRecord, writeRecord } from "../../../rehearsal/record.ts";
import { type Checkout, checkOutNow } from "../checkout.ts";
import { run } from "../command.ts";
import { administratorOf, razed } from "../promotions.ts";

/** A machine of its own with an emulator on which promotions may die. */
export type Ground = {
  checkout: Checkout;
  access: AwsAccess;
  environments: string[];
  /** The releases that are good: of what is checked out, and of a change. */
  good: [string, string];
  /** A release with one file changed, and of a commit that no later one follows. */
  changed(file: string, change: (text: string) => string): Promise<string>;
  /** A new release that is good. */
  another(): Promise<string>;
  /** A new release whose health is fine until it is asked through the URL. */
  bad(): Promise<string>;
  /** A new release that has a resource more, `extra-…`, which no other has: one that holds no data, for the next has it no more. */
  growing(): Promise<string>;
  /** The directory of the same rehearsal with validation, and with the attestations that it requires. */
  validating: string;
  /** The directory of the same rehearsal with the patience of an environment that people rely on. */
  patient: string;
  end(): Promise<void>;
};

/**
 * As short as a promotion can be with all its parts. A lease of 3 s is soon seen to be dead. On a busy machine answers are few:
 * then it takes longer until they are evidence, and it is waited for.
 */
const SHORT = {
  lease: "3s",
  bake: "500ms",
  patience: "30s",
  pollEvery: "200ms",
  strategy: "canary:20%/500ms",
};

const ROUTES = "lambdas/dashboard/routes.ts";

export async function mortalGround(): Promise<Ground> {
  const checkout = checkOutNow();
  const { root, rehearsal } = checkout;
  const end = () => razed(checkout);
  try {
    const up = await run(checkout, ["local", "up", "--json"]);
    if (up.code !== 0) throw new Error(up.err);
    const validating = `${rehearsal}-validating`;
    const patient = `${rehearsal}-patient`;
    for (const other of [validating, patient])
      cpSync(join(rehearsal, "record.json"), join(other, "record.json"));
    await shorten(validating, { validate: true });
    await shorten(patient, { validate: false, requires: [], patience: "5m" });
    await shorten(rehearsal, { validate: false, requires: [] });
    let building = packaged(root, checkout.git("rev-parse", "HEAD"));
    const good = await building;
    // One after the other: they share the working tree.
    const changed: Ground["changed"] = (file, change) => {
      building = building.then(async () => {
        const sha = await packaged(root, checkout.commit(file, change));
        checkout.git("reset", "--quiet", "--hard", "HEAD~1");
        return sha;
      });
      return building;
    };
    let made = 0;
    const bad = () => {
      const ill = `status: _request.requestContext.domainName ? "ill ${++made}" : "healthy"`;
      return changed(ROUTES, (text) => text.replace('status: "healthy"', ill));
    };
    const growing = () => {
      const name = `"extra-${++made}"`;
      const of = `name: ${name}, functionName: \`\${environment}-sentiment-dashboard\`, functionVersion: "1"`;
      const extra = `  new aws.lambda.Alias(${name}, { ${of} });\n`;
      return changed("infra/topics.ts", (text) =>
        text.replace("  return { notif", `${extra}  return { notif`),
      );
    };
    const another = () =>
      changed(ROUTES, (text) => text.replace("DEFAULT_LIMIT = 20", `DEFAULT_LIMIT = ${30 + ++made}`));
    const other = await another();
    return {
      checkout,
      access: await administratorOf(checkout),
      environments: environmentNames(root),
      good: [good, other],
      changed,
      another,
      bad,
      growing,
      validating,
      patient,
      end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

async function shorten(rehearsal: string, more: Record<string, unknown>): Promise<void> {
  const record = await readRecord(rehearsal);
  if (!record) throw new Error(`there is no rehearsal environment in ${rehearsal}`);
  for (const environment of Object.values(record.environments))
    environment.promotion = { ...environment.promotion, ...SHORT, ...more };
  await writeRecord(rehearsal, record);
}

async function packaged(root: string, sha: string): Promise<string> {
  const to = directoryArtifacts(join(root, ".releases", sha));
  await packageRelease({ root, sha, to, nodeModules: join(root, "node_modules"), progress: () => {} });
  return sha;
}
