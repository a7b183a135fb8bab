import { expect } from "chai";
import { dropDeadLetters, forgetFailures, muteAlarm } from "./breaks.ts";
import { type IntegrationSuite, integrationSuite } from "./integration-fixture.ts";
import { type Service, service } from "./service-fixture.ts";

const ALSO_FAILURES = { INTEGRATION_FAILURES: "1" };

describe("the integration suite, against what runs", function () {
  this.timeout(240_000);
  let at: Service;
  let suite: IntegrationSuite;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    at = await service();
    suite = await integrationSuite(at);
  });

  it("passes, in less than 20 s", async () => {
    const [one, other] = [await suite.run(["service"]), await suite.run(["watching"])];
    expect([...one.failed, ...other.failed]).to.deep.equal([]);
    expect(one.passed + other.passed).to.equal(19);
    expect(one.ms + other.ms).to.be.below(20_000);
  });

  it("shows that what fails for good is kept, and that an alarm fires, is told and is over", async () => {
    const { passed, failed, ms } = await suite.run(["failures"], { env: ALSO_FAILURES });
    expect(failed).to.deep.equal([]);
    expect(passed).to.equal(2);
    expect(ms).to.be.below(90_000);
  });

  it("notices that what fails for good is kept nowhere", async () => {
    const restore = await forgetFailures(at, "analysis");
    const only = "end among the dead letters with their reason";
    try {
      const { passed, failed } = await suite.run(["failures"], { env: ALSO_FAILURES, only });
      expect({ passed, failed: failed.length }).to.deep.equal({ passed: 0, failed: 1 });
    } finally {
      await restore();
    }
  });

  it("notices an alarm that fires and is told to nobody", async () => {
    const restore = await muteAlarm(at, "analysis-dlq-messages", "action");
    const only = "raise an alarm that is told";
    try {
      const { passed, failed } = await suite.run(["failures"], { env: ALSO_FAILURES, only });
      expect({ passed, failed: failed.length }).to.deep.equal({ passed: 0, failed: 1 });
    } finally {
      await restore();
      await dropDeadLetters(at);
    }
  });

  it("notices another release than the one that was deployed", async () => {
    const sha = "0".repeat(40);
    expect((await suite.run(["service"], { sha })).failed).to.include.members([
      "answers /health with the release that was deployed, within 5 s",
      "takes news in, lists it newest first, and scores it",
    ]);
    expect((await suite.run(["watching"], { sha })).failed).to.include(
      "is a canary that finds the service well, in the release that was deployed",
    );
  });

  it("notices a key that is refused", async () => {
    const { failed } = await suite.run(["service"], { key: "another" });
    expect(failed).to.include("answers /health with the release that was deployed, within 5 s");
  });

  it("notices an alarm that is not there", async () => {
    const alarms = [...(suite.outputs.alarms as string[]), `${at.environment}-gone`];
    expect((await suite.run(["watching"], { outputs: { alarms } })).failed).to.have.length(1);
  });
});
