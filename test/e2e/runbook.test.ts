import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { expect } from "chai";
import { clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { firstEnvironment } from "../../orchestrator/environment.ts";
import { documentOf, run, start } from "./command.ts";
import type { Ground } from "./crash/ground.ts";
import { look } from "./crash/look.ts";
import { disturbed } from "./crash/shared.ts";
import type { Stage } from "./crash/stories.ts";
import { follow, untyped } from "./runbook.ts";

/** What is not one of the design's scenarios; those are followed where they are played. */
describe("the runbook, followed", function () {
  this.timeout(300_000);
  let ground: Ground;
  let last: Stage;
  const typing = (heading: string, fill: Record<string, string> = {}, only?: RegExp) =>
    follow(ground.checkout, heading, { fill, ...(only ? { only } : {}) });
  const answers = async () => (await look(ground.checkout.root, last.env, ground.access)).answers;
  const promoting = (sha: string, more: string[] = []) =>
    start(ground.checkout, ["promote", "--env", last.env, "--sha", sha, "--local", "--json", ...more]);

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    const { ground: raised, stages } = await disturbed();
    ground = raised;
    last = stages.find(({ env }) => env !== firstEnvironment(ground.checkout.root)) as Stage;
  });

  it("begins with what runs and what happened", async () => {
    const [status, history] = await typing("Start here");
    expect(status?.out).to.contain(last.running.slice(0, 7));
    expect(history?.out).to.contain(last.running.slice(0, 7));
  });

  it("holds and releases an environment and a release", async () => {
    await typing("Holds and freezes", { sha: last.running });
    const status = documentOf(await run(ground.checkout, ["status", "--env", last.env, "--local", "--json"]));
    expect(status.holds).to.deep.equal([]);
  });

  it("waits for somebody's lease, and breaks that of a run that is dead", async () => {
    const somebody = promoting(last.spare);
    await somebody.says(/step-finished.*"lease"/);
    const [waited] = await typing("Lease taken", { sha: last.spare }, /--wait/);
    expect((await somebody.ended).code).to.equal(0);
    expect(waited?.out).to.contain("unchanged");
    [last.running, last.spare] = [last.spare, last.running];

    const dead = promoting(last.spare);
    await dead.says(/step-finished.*"lease"/);
    dead.kill("SIGKILL");
    await dead.ended;
    await typing("Lease taken", {}, /unlock/);
    expect(await answers()).to.equal(last.running);
  });

  it("gives the traffic to the release before, to one that was quarantined, and to one that is named", async () => {
    await typing("Needs a human", {}, /^(?!.*--to)/);
    expect(await answers()).to.equal(last.spare);
    await typing("Quarantined", { quarantined: last.running });
    expect(await answers()).to.equal(last.running);
    await typing("Needs a human", { earlier: last.spare }, /--to/);
    expect(await answers()).to.equal(last.spare);
    [last.running, last.spare] = [last.spare, last.running];
  });

  it("overrules a guard, and lets one resource be lost", async () => {
    const name = "`/aws/lambda/$" + "{environment}-more`";
    const growing = await ground.changed("infra/topics.ts", (text) =>
      text.replace(
        "  return { notifications",
        `  new aws.cloudwatch.LogGroup("more", { name: ${name}, retentionInDays: 14, tags });\n  return { notifications`,
      ),
    );
    await typing("Overruling a guard", { cure: growing }, /--override/);
    expect(await answers()).to.equal(growing);
    const kept = await run(ground.checkout, [
      "promote",
      "--env",
      last.env,
      "--sha",
      last.running,
      "--local",
      "--json",
    ]);
    const { reason } = documentOf(kept) as { reason: { code: string; message: string } };
    expect(reason.code, kept.err).to.equal("destructive-change");
    const urn = /urn:pulumi:\S+/.exec(reason.message)?.[0] ?? "";
    await typing("Overruling a guard", { sha: last.running, urn }, /--allow-destructive/);
    expect(await answers()).to.equal(last.running);
  });

  it("goes on after a run that was stopped, and goes back after another", async () => {
    const stopped = async () => {
      const sha = await ground.another();
      const running = promoting(sha, ["--strategy", "all-at-once", "--bake", "60s"]);
      await running.says(/"step-started","step":"watch"/);
      running.kill("SIGINT");
      expect((await running.ended).code).to.equal(5);
      return sha;
    };
    await stopped();
    await typing("A run that was stopped", { "what runs": last.running }, /rollback/);
    expect(await answers()).to.equal(last.running);
    const sha = await stopped();
    await typing("A run that was stopped", { sha }, /promote/);
    expect(await answers()).to.equal(sha);
    last.running = sha;
  });

  it("builds a release again that is gone, and says what would go", async () => {
    const [built] = await typing("A release that is gone", { sha: last.running });
    expect(built?.out).to.contain(last.running);
  });

  it("finds what somebody changed by hand", async () => {
    const client = new LambdaClient(clientSettings(ground.access));
    const FunctionName = `${last.env}-sentiment-dashboard`;
    const { Timeout: wanted } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    const change = (Timeout: number | undefined) =>
      client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout }));
    await change(7);
    try {
      const [drift] = await typing("Somebody changed something by hand");
      expect(drift?.out).to.match(/dashboard.*timeout.*found 7/i);
    } finally {
      await change(wanted);
    }
  });

  it("has no command that was not typed here or in a scenario", () => {
    expect(untyped(/^(?!Scenario \d|An attestation that got lost$|Which link)/)).to.deep.equal([]);
  });
});
