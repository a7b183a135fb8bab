import { expect } from "chai";
import type { Operation } from "../../../orchestrator/ports/engine.ts";
import { promotion } from "../../../orchestrator/promotion/course.ts";
import { gate } from "../../../orchestrator/steps/gate.ts";
import { codeOf, reached } from "../../fakes/reached.ts";
import { type World, world } from "../../fakes/world.ts";

const HOLDING_DATA = [
  "aws:dynamodb/table:Table",
  "aws:s3/bucket:Bucket",
  "aws:kms/key:Key",
  "aws:secretsmanager/secret:Secret",
  "aws:sqs/queue:Queue",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:s3/bucketV2:BucketV2",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:secretsmanager/secretVersion:SecretVersion",
  "aws:ssm/parameter:Parameter",
  "aws:rds/instance:Instance",
];

describe("the step gate", () => {
  const withChange = async (type: string, operation: Operation) => {
    const w = world();
    w.engine.alsoPlan({ urn: `urn of a ${type}`, type, operation, properties: [] });
    return (await reached(w, "gate")).run();
  };

  for (const type of HOLDING_DATA)
    for (const operation of ["delete", "replace"] as const)
      it(`refuses to ${operation} a ${type}, and names it`, async () => {
        const result = await withChange(type, operation);
        expect(codeOf(result)).to.equal("destructive-change");
        if (result.outcome === "failed") expect(result.reason.message).to.contain(`urn of a ${type}`);
      });

  describe("with leave to lose something", () => {
    const type = "aws:dynamodb/table:Table";
    const urns = ["urn:pulumi:trial::items", "urn:pulumi:trial::scores"];

    async function withLeave(...allowDestructive: string[]) {
      const w = world();
      for (const urn of urns) w.engine.alsoPlan({ urn, type, operation: "replace", properties: ["hashKey"] });
      const result = await (
        await reached(w, "gate", { order: { allowDestructive, why: "the tables were copied" } })
      ).run();
      const recorded = w.ledger.written.flatMap(({ event }) => (event.type === "overridden" ? [event] : []));
      return { result, recorded };
    }

    it("lets exactly that be lost, and records each with its reason", async () => {
      const { result, recorded } = await withLeave(...urns);
      expect(codeOf(result)).to.equal("passed");
      expect(recorded.map(({ guard, reason, who }) => ({ guard, reason, who }))).to.deep.equal(
        urns.map(() => ({ guard: "destructive-change", reason: "the tables were copied", who: "somebody" })),
      );
      expect(recorded.map(({ because }) => because).join())
        .to.contain(urns[0])
        .and.to.contain(urns[1]);
    });

    it("refuses what was not named, names only that, and records nothing", async () => {
      const { result, recorded } = await withLeave(urns[0] ?? "");
      expect(codeOf(result)).to.equal("destructive-change");
      if (result.outcome !== "failed") return;
      expect(result.reason.message).to.contain(urns[1]).and.not.to.contain(urns[0]);
      expect(result.reason.remedy).to.contain(`--allow-destructive '${urns[1]}' --reason "…"`);
      expect(recorded).to.deep.equal([]);
    });

    it("goes by the whole name: a part of it allows nothing", async () => {
      const { result } = await withLeave(
        "urn:pulumi:trial",
        "urn:pulumi:trial::items ",
        "URN:PULUMI:TRIAL::ITEMS",
      );
      expect(codeOf(result)).to.equal("destructive-change");
    });

    it("does not mind leave that was not needed, and records only what was", async () => {
      const { result, recorded } = await withLeave(...urns, "urn:pulumi:trial::other");
      expect(codeOf(result)).to.equal("passed");
      expect(recorded).to.have.length(2);
    });
  });

  it("lets a table be created and changed", async () => {
    for (const operation of ["create", "update", "same"] as const)
      expect(codeOf(await withChange("aws:dynamodb/table:Table", operation))).to.equal("passed");
  });

  it("lets what holds no data be replaced", async () => {
    expect(codeOf(await withChange("aws:iam/role:Role", "replace"))).to.equal("passed");
  });

  describe("for a program that breaks a rule of the stack", () => {
    const LOGS = "aws:cloudwatch/logGroup:LogGroup";
    const tags = { environment: "trial" };
    const withLogs = async (operation: Operation, inputs?: Record<string, unknown>) => {
      const w = world();
      const urn = `urn:pulumi:trial::project::${LOGS}::chatter`;
      w.engine.alsoPlan({ urn, type: LOGS, operation, properties: [], inputs });
      return (await reached(w, "gate")).run();
    };

    it("refuses, and names the rule, the resource and what is wrong, whatever is to be done to it", async () => {
      for (const operation of ["create", "update", "same"] as const) {
        const result = await withLogs(operation, { name: "trial-chatter", tags });
        expect(codeOf(result)).to.equal("policy-violated");
        if (result.outcome === "failed")
          expect(result.reason.message).to.contain("logs-end: chatter: it keeps its logs for ever");
      }
    });

    it("goes by the name of the environment that is promoted to", async () => {
      const result = await withLogs("create", { name: "other-chatter", tags, retentionInDays: 14 });
      expect(codeOf(result)).to.equal("policy-violated");
      if (result.outcome === "failed") expect(result.reason.message).to.contain("named-after-environment");
    });

    it("lets pass what keeps them, and what is about to go", async () => {
      expect(codeOf(await withLogs("create", { name: "trial-chatter", tags, retentionInDays: 14 }))).to.equal(
        "passed",
      );
      expect(codeOf(await withChange("aws:sns/topic:Topic", "delete"))).to.equal("passed");
    });
  });

  describe("for a release that runs already", () => {
    let w: World;
    let sha: string;

    beforeEach(async () => {
      w = world();
      sha = await w.settled();
    });

    async function again() {
      const { p } = w.promoting(sha);
      for (const step of promotion.steps.slice(0, promotion.steps.indexOf(gate))) await step.run(p);
      return gate.run(p);
    }

    it("ends the promotion as unchanged", async () => {
      expect(codeOf(await again())).to.equal("unchanged");
    });

    it("goes on when there is something to change after all", async () => {
      w.engine.alsoPlan({ urn: "u", type: "aws:iam/role:Role", operation: "update", properties: ["policy"] });
      expect(codeOf(await again())).to.equal("passed");
    });

    it("goes on when a function runs that the release has no more", async () => {
      const { p } = w.promoting(sha);
      for (const step of promotion.steps.slice(0, promotion.steps.indexOf(gate))) await step.run(p);
      const { dashboard } = p.found.previous?.functions ?? {};
      if (p.found.previous && dashboard)
        p.found.previous = { ...p.found.previous, functions: { old: dashboard } };
      expect(codeOf(await gate.run(p))).to.equal("passed");
    });

    it("goes on when the traffic is shared", async () => {
      w.lambda.publish("trial-dashboard", { codeSha256: "other", sha: "other" });
      w.lambda.point("trial-dashboard", { version: "1", canary: { version: "2", weight: 0.1 } });
      expect(codeOf(await again())).to.equal("passed");
    });

    it("goes on when the alias sends the traffic to other code", async () => {
      w.lambda.publish("trial-dashboard", { codeSha256: "other", sha: "other" });
      w.lambda.point("trial-dashboard", { version: "2" });
      expect(codeOf(await again())).to.equal("passed");
    });
  });
});
