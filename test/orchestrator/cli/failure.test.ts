import { expect } from "chai";
import { exitCodeOf, tellProblem } from "../../../orchestrator/cli/failure.ts";
import { type Owner, Problem } from "../../../orchestrator/problem.ts";
import { EXIT_CODES } from "../../../orchestrator/promotion/outcome.ts";

const problem = (owner: Owner) =>
  new Problem("some-code", { owner, message: "it is bad", remedy: "mend it" });

/** What is written to the two streams meanwhile. */
function heard(act: () => void): { out: string; err: string } {
  const { stdout, stderr } = process;
  const told = { out: "", err: "" };
  const [writeOut, writeErr] = [stdout.write, stderr.write];
  stdout.write = ((text: string) => {
    told.out += text;
    return true;
  }) as typeof stdout.write;
  stderr.write = ((text: string) => {
    told.err += text;
    return true;
  }) as typeof stderr.write;
  try {
    act();
  } finally {
    stdout.write = writeOut;
    stderr.write = writeErr;
  }
  return told;
}

describe("the exit code", () => {
  for (const [owner, code] of [
    ["user", 2],
    ["environment", 3],
    ["us", 1],
  ] as const)
    it(`is ${code} for a problem that is owned by ${owner}`, () => {
      expect(exitCodeOf(problem(owner))).to.equal(code);
    });

  it("is 1 for anything unforeseen", () => {
    for (const error of [new Error("oh"), "oh", undefined]) expect(exitCodeOf(error)).to.equal(1);
  });

  it("of a promotion is as the contract has it", () => {
    expect(EXIT_CODES).to.deep.equal({
      promoted: 0,
      unchanged: 0,
      refused: 3,
      "rolled-back": 4,
      "needs-human": 5,
    });
  });
});

describe("a failure that is told", () => {
  it("says what, its code and the next command, on stderr alone", () => {
    const { out, err } = heard(() => tellProblem(problem("user"), { json: false, debug: false }));
    expect(err).to.equal("error: it is bad [some-code]\nnext: mend it\n");
    expect(out).to.equal("");
  });

  it("is one JSON document on stdout where that is wanted", () => {
    const { out } = heard(() => tellProblem(problem("user"), { json: true, debug: false }));
    expect(out.trimEnd()).not.to.contain("\n");
    expect(JSON.parse(out)).to.deep.equal({
      outcome: "refused",
      reason: { code: "some-code", message: "it is bad", remedy: "mend it" },
    });
  });

  it("has no stack trace unless it is asked for", () => {
    const error = new TypeError("x is not a function");
    for (const json of [true, false]) {
      const { out, err } = heard(() => tellProblem(error, { json, debug: false }));
      expect(out + err).not.to.match(/^\s+at /m);
      expect(err).to.contain("[unforeseen]").and.to.contain("--debug");
    }
    expect(heard(() => tellProblem(error, { json: false, debug: true })).err).to.match(/^\s+at /m);
  });

  it("copes with what is no error", () => {
    expect(heard(() => tellProblem("just a text", { json: false, debug: true })).err).to.contain(
      "just a text",
    );
  });
});
