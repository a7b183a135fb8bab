import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { accessVariables, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { lastRecord } from "../../rehearsal/record.ts";
import { launch } from "./command.ts";
import type { Service } from "./service-fixture.ts";

const MOCHA = ["node_modules/mocha/bin/mocha.js", "--reporter", "json"];

/** What the suite is given by a promotion, the key and the release that it looks for, and which of its checks run. */
type Given = { key?: string; sha?: string; outputs?: object; env?: NodeJS.ProcessEnv; only?: string };

export type Ran = { passed: number; failed: string[]; ms: number };

export type IntegrationSuite = {
  outputs: Record<string, unknown>;
  /** Runs files of the suite as the environment's deployer; tells the titles of what failed. */
  run(files: string[], given?: Given): Promise<Ran>;
};

/** The integration suite, with what a promotion would give it about what is deployed. */
export async function integrationSuite(at: Service): Promise<IntegrationSuite> {
  const { MetricAlarms = [] } = await new CloudWatchClient(clientSettings(at.access)).send(
    new DescribeAlarmsCommand({ AlarmNamePrefix: `${at.environment}-` }),
  );
  const prefix = `${at.environment}-sentiment`;
  const names = ["ingestion", "analysis", "dashboard", "canary"];
  const outputs = {
    functions: Object.fromEntries(
      names.map((name) => [name, { functionName: `${prefix}-${name}`, version: "1", alias: "live" }]),
    ),
    dashboardUrl: at.url,
    alarms: MetricAlarms.map(({ AlarmName }) => AlarmName),
    alertsTopicArn: `arn:aws:sns:us-east-1:000000000000:${prefix}-alerts`,
    itemsTable: `${prefix}-items`,
  };
  return {
    outputs,
    async run(files, { key, sha, outputs: other, env, only } = {}) {
      const record = await lastRecord(at.checkout.rehearsal);
      const credentials = record?.environments[at.environment]?.credentials;
      const given = join(at.checkout.scratch, "given.json");
      writeFileSync(given, JSON.stringify({ ...outputs, ...other }));
      const paths = files.map((file) => `test/integration/${file}.test.ts`);
      const words = [process.execPath, ...MOCHA, ...(only ? ["--fgrep", only] : []), ...paths];
      const { out, err, ms } = await launch(at.checkout, words, {
        ...accessVariables({ ...at.access, credentials }),
        INTEGRATION_OUTPUTS: given,
        INTEGRATION_API_KEY: key ?? at.key,
        INTEGRATION_SHA: sha ?? at.sha,
        ...env,
      }).ended;
      if (!out.startsWith("{")) throw new Error(`the suite did not run: ${err}`);
      const { stats, failures } = JSON.parse(out);
      return { passed: stats.passes, failed: failures.map(({ title }: { title: string }) => title), ms };
    },
  };
}
