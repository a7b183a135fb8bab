import { expect } from "chai";
import { launch, run } from "./command.ts";
import { all, inventory } from "./inventory.ts";
import { about } from "./promotions.ts";
import { type Service, service } from "./service-fixture.ts";

describe("a release whose program breaks a rule of the stack", function () {
  this.timeout(120_000);
  let at: Service;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    at = await service();
  });
  after(() => at?.checkout.git("reset", "--quiet", "--hard", at.sha));

  it("is refused by the gate, which names rule, resource and remedy, and nothing is changed", async () => {
    const sha = at.checkout.commit("infra/function.ts", (text) =>
      text.replace("retentionInDays: settings.logRetentionDays,", ""),
    );
    expect((await launch(at.checkout, ["npm", "run", "--silent", "package"]).ended).code).to.equal(0);
    const found = inventory(at.environment, at.access);
    const before = await all(found);
    const command = ["promote", "--env", at.environment, "--sha", sha, "--local", "--json"];
    const ended = await run(at.checkout, command);
    const { outcome, reason, steps } = about(ended);
    expect(outcome, ended.err).to.equal("refused");
    expect(ended.code).to.equal(3);
    expect(steps.at(-1)).to.include({ name: "gate", outcome: "failed" });
    expect(reason?.code).to.equal("policy-violated");
    for (const name of ["ingestion", "analysis", "dashboard", "canary"])
      expect(reason?.message).to.include(`logs-end: ${name}-logs: it keeps its logs for ever`);
    expect(reason?.remedy).to.include("infra/policy");
    expect(await all(found)).to.deep.equal(before);
  });
});
