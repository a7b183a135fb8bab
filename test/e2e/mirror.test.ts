import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  LambdaClient,
  PutFunctionConcurrencyCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { loadEnvironment } from "../../orchestrator/environment.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { documentOf, type Ended, run } from "./command.ts";
import { about, type Commands, commandsFor, firstAndLast, raised, razed } from "./promotions.ts";

const QUICK = ["--bake", "1s", "--strategy", "all-at-once"];

type Place = { resource: { name: string }; path: string };
type Drift = { clean: boolean; sha: string; resources: number; inFlight: unknown; drift: unknown[] };
type Diff = {
  clean: boolean;
  runs: Record<string, string>;
  resources: number;
  declared: Place[];
  undeclared: (Place & { values: Record<string, unknown>; wanted: Record<string, unknown> })[];
  reason: { code: string; remedy: string } | null;
};

describe("the mirror and the drift of what is deployed", function () {
  this.timeout(240_000);
  let checkout: Checkout;
  let access: AwsAccess;
  let commands: Commands;
  let first: string;
  let last: string;
  let sha: string;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    checkout = checkOutNow();
    ({ first, last } = firstAndLast(checkout));
    access = await raised(checkout);
    commands = commandsFor(checkout, access);
    sha = await commands.packaged();
    for (const env of [first, last]) {
      const ended = await commands.promote(env, sha, ...QUICK);
      expect(about(ended).outcome, ended.err).to.equal("promoted");
    }
  });
  after(() => razed(checkout));

  const diff = () => run(checkout, ["diff", "--env", first, "--with", last, "--local", "--json"]);
  const drift = (env: string) => run(checkout, ["drift", "--env", env, "--local", "--json"]);
  const differing = (ended: Ended) => documentOf(ended) as unknown as Diff;
  const drifting = (ended: Ended) => documentOf(ended) as unknown as Drift;

  /** Every version of every object of an environment's state, and its ledger: nothing that reads may add to them. */
  async function kept(env: string): Promise<unknown> {
    const { state } = loadEnvironment(checkout.root, env).promotion;
    const client = new S3Client({ ...clientSettings(access), forcePathStyle: true });
    const listed = await client.send(new ListObjectVersionsCommand({ Bucket: new URL(state).host }));
    const versions = [...(listed.Versions ?? []), ...(listed.DeleteMarkers ?? [])];
    const history = await run(checkout, ["history", "--env", env, "--local", "--json"]);
    return [versions.map(({ Key, VersionId }) => `${Key} ${VersionId}`).sort(), documentOf(history)];
  }

  it("are clean after the promotions, and what differs by configuration is told as declared", async () => {
    const before = await Promise.all([kept(first), kept(last)]);
    const ended = await diff();
    const found = differing(ended);
    expect(found.undeclared).to.deep.equal([]);
    expect(ended.code, ended.err).to.equal(0);
    expect(found).to.deep.include({ clean: true, runs: { [first]: sha, [last]: sha }, reason: null });
    expect(found.resources).to.be.greaterThan(50);
    const places = found.declared.map(({ resource, path }) => `${resource.name} ${path}`);
    expect(places.sort()).to.deep.equal(["canary-schedule isEnabled", "canary-schedule state"]);
    for (const still of await Promise.all([drift(first), drift(last)])) {
      expect(drifting(still)).to.deep.include({ clean: true, sha, inFlight: null, drift: [] });
      expect(still.code, still.err).to.equal(0);
    }
    expect(await Promise.all([kept(first), kept(last)])).to.deep.equal(before);
  });

  it("name exactly what was changed by hand, in which environment, and what was taken away", async () => {
    const named = (suffix: string) => `${last}-sentiment-${suffix}`;
    const cloudwatch = new CloudWatchClient(clientSettings(access));
    const lambda = new LambdaClient(clientSettings(access));
    const sqs = new SQSClient(clientSettings(access));
    const AlarmNames = [named("dashboard-errors")];
    const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }));
    const { MetricName, Namespace, Dimensions, Statistic, Period, AlarmDescription } = MetricAlarms[0] ?? {};
    const { AlarmActions, OKActions, EvaluationPeriods, ComparisonOperator, TreatMissingData } =
      MetricAlarms[0] ?? {};
    await cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName: AlarmNames[0],
        ...{
          MetricName,
          Namespace,
          Dimensions,
          Statistic,
          Period,
          AlarmDescription,
          AlarmActions,
          OKActions,
        },
        ...{ EvaluationPeriods, ComparisonOperator, TreatMissingData, Threshold: 50 },
      }),
    );
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [named("canary-errors")] }));
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: named("analysis"),
        Timeout: 60,
        Environment: { Variables: { ITEMS_TABLE: named("items"), NEWS_API_KEY: "k-by-hand" } },
        TracingConfig: { Mode: "Active" },
      }),
    );
    await lambda.send(
      new PutFunctionConcurrencyCommand({
        FunctionName: named("dashboard"),
        ReservedConcurrentExecutions: 7,
      }),
    );
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: named("analysis-dlq") }));
    await sqs.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { MessageRetentionPeriod: "86400" } }),
    );
    await new IAMClient(clientSettings(access)).send(
      new PutRolePolicyCommand({
        RoleName: named("canary-role"),
        PolicyName: "by-hand",
        PolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
        }),
      }),
    );

    const expected: [place: string, wanted: unknown, found: unknown][] = [
      ["analysis environment.variables.NEWS_API_KEY", null, "(not shown)"],
      ["analysis timeout", 15, 60],
      ["analysis tracingConfig.mode", "PassThrough", "Active"],
      ["analysis-dlq messageRetentionSeconds", 1_209_600, 86_400],
      ["canary-errors ", "deployed", "not deployed"],
      ["canary-role inlinePolicies[name=by-hand]", null, "an object"],
      ["dashboard reservedConcurrentExecutions", 20, 7],
      ["dashboard-errors threshold", 5, 50],
    ];
    const plain = (value: unknown) => (typeof value === "object" && value !== null ? "an object" : value);

    const [mirrored, drifted, untouched] = await Promise.all([diff(), drift(last), drift(first)]);
    const undeclared = differing(mirrored).undeclared.map(({ resource, path, values, wanted }) => {
      expect(Object.keys(wanted)).to.deep.equal([last]);
      return [`${resource.name} ${path}`, plain(wanted[last]), plain(values[last]), plain(values[first])];
    });
    expect(undeclared.sort()).to.deep.equal(
      expected.map(([place, wanted, found]) => [place, wanted, found, wanted]),
    );
    expect(mirrored.code).to.equal(3);
    expect(differing(mirrored).reason?.code).to.equal("not-mirrored");

    const places = drifting(drifted).drift as (Place & { wanted: unknown; found: unknown })[];
    expect(
      places
        .map(({ resource, path, wanted, found }) => [`${resource.name} ${path}`, wanted, plain(found)])
        .sort(),
    ).to.deep.equal(expected);
    expect(drifted.code).to.equal(3);
    for (const { out, err } of [mirrored, drifted]) expect(out + err).not.to.contain("k-by-hand");
    expect(drifting(untouched).clean, untouched.out).to.equal(true);
    expect(untouched.code).to.equal(0);
  });

  it("tell them to people too, with the next command", async () => {
    const [{ out, code }, mirrored] = await Promise.all([
      run(checkout, ["drift", "--env", last, "--local"]),
      run(checkout, ["diff", "--env", first, "--with", last, "--local"]),
    ]);
    expect(code).to.equal(3);
    expect(out).to.contain(
      `cloudwatch/metricAlarm ${last}-sentiment-dashboard-errors, threshold: wanted 5, found 50`,
    );
    expect(out).to.match(/next: .*npm run drift/);
    expect(mirrored.out).to.contain(
      `cloudwatch/metricAlarm dashboard-errors, threshold: 5 in ${first}, 50 in ${last} (${last} drifted: its release wants 5)`,
    );
    expect(mirrored.out).to.contain(
      `cloudwatch/eventRule canary-schedule, state: DISABLED in ${first}, ENABLED in ${last}`,
    );
  });

  it("name traffic that somebody moved", async () => {
    await new LambdaClient(clientSettings(access)).send(
      new UpdateAliasCommand({
        FunctionName: `${first}-sentiment-dashboard`,
        Name: "live",
        FunctionVersion: "$LATEST",
      }),
    );
    const { drift: places } = drifting(await drift(first));
    expect(places).to.have.length(1);
    expect(places[0]).to.deep.include({
      path: "traffic",
      wanted: `100 % on version 1 (${sha.slice(0, 7)})`,
      found: "100 % on version $LATEST (unknown)",
    });
  });

  it("say that a promotion goes on, which they neither wait for nor disturb", async () => {
    const next = checkout.commit("lambdas/dashboard/routes.ts", (text) =>
      text.replace("const DEFAULT_LIMIT = 20;", "const DEFAULT_LIMIT = 30;"),
    );
    expect(await commands.packaged()).to.equal(next);
    const promoting = commands.promoting(first, next, "--strategy", "canary:10%/20s", "--bake", "1s");
    await promoting.says(/"weight":0\.1\b/);
    const ended = await drift(first);
    expect(drifting(ended).inFlight).to.deep.include({ sha: next });
    expect(drifting(ended)).to.deep.include({ drift: [], sha, stackSha: next });
    expect(ended.code).to.equal(0);
    expect(about(await promoting.ended).outcome).to.equal("promoted");
  });

  it("take different releases for no difference of the environments", async () => {
    const { undeclared, declared, runs } = differing(await diff());
    expect(runs[first]).not.to.equal(runs[last]);
    expect(declared.map(({ resource, path }) => `${resource.name} ${path}`)).to.include(
      "dashboard sourceCodeHash",
    );
    expect(undeclared.some(({ path }) => /code|s3Key/i.test(path))).to.equal(false);
  });
});
