import { expect } from "chai";
import {
  type Evidence,
  isConclusive,
  NO_EVIDENCE,
  speaksAgainst,
  speaksFor,
  weigh,
} from "../../../orchestrator/promotion/evidence.ts";
import { randomFrom } from "../../random.ts";

const QUESTION = { harmless: 0.01, harmful: 0.05 };

const evidenceOf = (answers: boolean[]): Evidence =>
  answers.reduce((evidence, bad) => weigh(evidence, bad, QUESTION), NO_EVIDENCE);
const good = (count: number) => Array.from({ length: count }, () => false);
const bad = (count: number) => Array.from({ length: count }, () => true);

describe("the evidence for and against a release", () => {
  it("says nothing before the first answer", () => {
    expect([speaksAgainst(NO_EVIDENCE), speaksFor(NO_EVIDENCE), isConclusive(NO_EVIDENCE)]).to.deep.equal([
      false,
      false,
      false,
    ]);
  });

  it("needs six bad answers, one after the other, to speak against it, and not five", () => {
    expect(speaksAgainst(evidenceOf(bad(5)))).to.equal(false);
    expect(speaksAgainst(evidenceOf(bad(6)))).to.equal(true);
  });

  it("speaks for it from the first good answer, and not after a bad one", () => {
    expect(speaksFor(evidenceOf(good(1)))).to.equal(true);
    expect(speaksFor(evidenceOf([...good(20), true]))).to.equal(false);
    expect(speaksFor(evidenceOf([...good(20), true, ...good(20)]))).to.equal(true);
  });

  it("is conclusive after some hundred good answers", () => {
    expect(isConclusive(evidenceOf(good(111)))).to.equal(false);
    expect(isConclusive(evidenceOf(good(112)))).to.equal(true);
  });

  it("is conclusive no longer when bad answers follow, until good ones outweigh them", () => {
    const late = [...good(200), ...bad(3)];
    expect(isConclusive(evidenceOf(late))).to.equal(false);
    expect(isConclusive(evidenceOf([...late, ...good(10)]))).to.equal(true);
  });

  it("finds what goes bad late in a few answers, however long all was well before", () => {
    expect(speaksAgainst(evidenceOf([...good(100_000), ...bad(9)]))).to.equal(true);
  });

  it("counts what it has seen", () => {
    expect(evidenceOf([true, false, true])).to.include({ answers: 3, bad: 2 });
  });

  /** How many of 2,000 watches of so many answers speak against a release with that share of bad answers. */
  function caught(share: number, answers: number): number {
    const random = randomFrom(20_261_124);
    let against = 0;
    for (let watch = 0; watch < 2_000; watch++) {
      let evidence = NO_EVIDENCE;
      for (let n = 0; n < answers && !speaksAgainst(evidence); n++)
        evidence = weigh(evidence, random() < share, QUESTION);
      if (speaksAgainst(evidence)) against++;
    }
    return against;
  }

  it("calls one good release in a thousand bad at most, with noise of 1 % in 750 answers", () => {
    expect(caught(0.01, 750)).to.be.at.most(2);
  });

  it("finds 5 % of bad answers in 750, 30 % in 60 and 100 % in 6, nearly always", () => {
    expect(caught(0.05, 750)).to.be.at.least(1_980);
    expect(caught(0.3, 60)).to.be.at.least(1_980);
    expect(caught(1, 6)).to.equal(2_000);
  });
});
