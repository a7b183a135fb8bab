import { expect } from "chai";
import { Problem } from "../../../orchestrator/problem.ts";

/** The problem that a promise rejects with; fails when it does not, or when the problem names no next command. */
export async function problemOf(promise: Promise<unknown>): Promise<Problem> {
  const problem = await promise.then(
    () => expect.fail("no problem was raised"),
    (error: unknown) => error,
  );
  if (!(problem instanceof Problem)) throw problem;
  expect(problem.remedy).to.not.equal("");
  return problem;
}
