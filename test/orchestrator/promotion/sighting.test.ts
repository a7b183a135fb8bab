import { expect } from "chai";
import { NO_EVIDENCE, weigh } from "../../../orchestrator/promotion/evidence.ts";
import { sighting } from "../../../orchestrator/promotion/sighting.ts";
import { of, unknownVitals, type Vitals } from "../../../orchestrator/promotion/vitals.ts";

const QUESTION = { harmless: 0.01, harmful: 0.05 };

/** Answers of so many, of which the last few were bad. */
function answered(answers: number, bad = 0) {
  let evidence = NO_EVIDENCE;
  for (let n = 0; n < answers; n++) evidence = weigh(evidence, n >= answers - bad, QUESTION);
  return { evidence, unanswered: 0, ms: [] };
}

describe("what a look at a release comes to", () => {
  let vitals: Vitals;

  beforeEach(() => {
    vitals = unknownVitals();
  });

  it("is undecided, of nobody, where nobody answered", () => {
    expect(sighting(vitals)).to.deep.equal({
      asked: {},
      evidence: { says: "undecided", weight: 0, of: "users" },
      lacks: null,
    });
  });

  it("is undecided as long as one party's answers are too few, and harmless once all are enough", () => {
    Object.assign(of(vitals, "dashboard"), answered(200));
    vitals.users = answered(10);
    expect(sighting(vitals).evidence).to.deep.equal({ says: "undecided", weight: -0.41, of: "users" });
    vitals.users = answered(200);
    expect(sighting(vitals).evidence).to.include({ says: "harmless", weight: -4.6 });
  });

  it("is harmful by the worst of them, whatever the others say", () => {
    Object.assign(of(vitals, "dashboard"), answered(200));
    Object.assign(of(vitals, "ingestion"), answered(6, 6));
    vitals.users = answered(200);
    expect(sighting(vitals).evidence).to.deep.equal({ says: "harmful", weight: 9.66, of: "ingestion" });
  });

  it("is harmful as soon as a stranger gets an answer", () => {
    vitals.users = answered(200);
    vitals.leak = "status 200 without a key";
    expect(sighting(vitals).evidence.says).to.equal("harmful");
  });

  it("counts what the version before answered, and does not hold it against the release", () => {
    vitals.baseline = answered(6, 6);
    vitals.users = answered(200);
    const seen = sighting(vitals);
    expect(seen.asked.before).to.include({ answers: 6, bad: 6 });
    expect(seen.evidence).to.include({ says: "harmless" });
  });

  it("is harmful when the release is slower, though every answer is good", () => {
    vitals.users = answered(200);
    let slowness = NO_EVIDENCE;
    for (let n = 0; n < 10; n++) slowness = weigh(slowness, true, { harmless: 0.2, harmful: 0.6 });
    vitals.slowness = slowness;
    expect(sighting(vitals).evidence).to.include({ says: "harmful", of: "slowness" });
  });
});
