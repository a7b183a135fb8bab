import { expect } from "chai";
import { type State, text } from "../../../orchestrator/cli/status.ts";

const SHA = "a".repeat(40);
const calm: State = {
  env: "trial",
  sha: SHA,
  since: "2030-01-01T00:00:00.000Z",
  promotionId: "promotion-1",
  lastEnd: null,
  inFlight: null,
  lease: null,
  holds: [],
  frozen: null,
  overrides: [],
  traffic: [],
};
const hold = {
  because: "the audit",
  who: "a colleague",
  until: null,
  since: "2030-01-01T00:00:00.000Z",
};

describe("the status, in words", () => {
  it("says what runs, and nothing else where there is nothing else", () => {
    expect(text(calm)).to.equal(`trial runs ${SHA} since 2030-01-01T00:00:00.000Z (promotion-1)\n`);
    expect(text({ ...calm, sha: null })).to.equal("trial has no promoted release yet\n");
  });

  it("says who holds the environment, why, and until when", () => {
    expect(text({ ...calm, holds: [{ ...hold, sha: null }] })).to.contain(
      "trial is held by a colleague since 2030-01-01T00:00:00.000Z, until it is released: the audit",
    );
    const until = "2030-01-03T00:00:00.000Z";
    expect(text({ ...calm, holds: [{ ...hold, sha: null, until }] })).to.contain(`until ${until}: the audit`);
  });

  it("tells a hold of a release from one of the environment", () => {
    const said = text({ ...calm, holds: [{ ...hold, sha: SHA }] });
    expect(said).to.contain("aaaaaaa is kept by a colleague").and.not.to.contain("trial is held");
  });

  it("says that it is frozen, and until when on both clocks", () => {
    const said = "Mon 2030-01-07 08:00 Europe/Berlin (2030-01-07T07:00Z)";
    expect(text({ ...calm, frozen: { name: "weekend", until: "", said } })).to.contain(
      `trial is frozen ("weekend") until ${said}`,
    );
  });

  it("says what was overruled for what runs", () => {
    expect(text({ ...calm, overrides: [{ guard: "alarms", reason: "the cure" }] })).to.contain(
      "promoted though alarms refused: the cure",
    );
  });

  it("names a run that died and the command that clears up, unless somebody has the lease", () => {
    const inFlight = { promotionId: "promotion-2", sha: SHA };
    expect(text({ ...calm, inFlight })).to.contain(`npm run promote -- --env trial --sha ${SHA}`);
    const lease = { who: "a colleague", host: "a laptop", run: "process 7", since: "now" };
    expect(text({ ...calm, inFlight, lease }))
      .to.contain("being changed by a colleague on a laptop")
      .and.not.to.contain("died");
  });
});
