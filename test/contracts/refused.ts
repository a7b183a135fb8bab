import { expect } from "chai";

/** Expects a promise to be refused with a problem of this code. */
export async function refused(code: string, promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  expect(error, "nothing was refused").to.be.an("error");
  expect(error, error.message).to.have.property("code", code);
  return error;
}
