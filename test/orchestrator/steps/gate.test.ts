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

  it("lets a table be created and changed", async () => {
    for (const operation of ["create", "update", "same"] as const)
      expect(codeOf(await withChange("aws:dynamodb/table:Table", operation))).to.equal("passed");
  });

  it("lets what holds no data be replaced", async () => {
    expect(codeOf(await withChange("aws:iam/role:Role", "replace"))).to.equal("passed");
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
