import { expect } from "chai";
import { exitCodeOf } from "../../orchestrator/cli/failure.ts";
import { Problem } from "../../orchestrator/problem.ts";
import { EXIT_CODES, type Reason } from "../../orchestrator/promotion/outcome.ts";
import type { Conclusion } from "../../orchestrator/promotion/run.ts";

/** What a person reads of a refusal: one line what is wrong, one line what to do, and nothing that slipped through. */
export function expectReadable({ code, message, remedy }: Reason): void {
  expect(code)
    .to.match(/^[a-z]+(-[a-z]+)*$/)
    .and.not.to.equal("unforeseen");
  for (const text of [message, remedy]) {
    expect(text.trim(), "it says something").not.to.equal("");
    expect(text, "one line").not.to.match(/[\r\n]/);
    expect(text, "a value that slipped through").not.to.match(/\[object |\bundefined\b|\bNaN\b/);
    expect(text, "a stack trace").not.to.match(/\bat \S+ \(.*:\d+:\d+\)/);
  }
}

/** The problem that an act is refused with: exit code 2 or 3. Whatever else is thrown is a failure of the test. */
export async function refusalOf(act: () => unknown): Promise<Problem> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(exitCodeOf(error)).to.be.oneOf([2, 3]);
    expectReadable(error);
    return error;
  }
  throw new Error("nothing was refused");
}

/** A promotion that was refused: exit code 3. */
export function expectRefused({ outcome, reason }: Conclusion, code: string, says: RegExp = /./): void {
  expect(outcome, reason?.message).to.equal("refused");
  expect(EXIT_CODES[outcome]).to.equal(3);
  if (!reason) throw new Error("it gave no reason");
  expectReadable(reason);
  expect(reason.code, reason.message).to.equal(code);
  expect(reason.message).to.match(says);
}
