import { expect } from "chai";
import { foreseen } from "../../orchestrator/foreseen.ts";
import { Problem } from "../../orchestrator/problem.ts";

const named = (name: string) => Object.assign(new Error("in its own words"), { name });

describe("what the surroundings refuse", () => {
  it("is a full or closed disk, in the disk's own words", () => {
    const error = Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      syscall: "write",
    });
    const told = foreseen(error) as Problem;
    expect(told.code).to.equal("disk-refuses");
    expect(told.message).to.contain("no space left on device");
  });

  it("is that there are no credentials", () => {
    expect((foreseen(named("CredentialsProviderError")) as Problem).code).to.equal("credentials-missing");
  });

  for (const name of [
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "AccessDenied",
    "AccessDeniedException",
  ])
    it(`is that AWS does not take the credentials: ${name}`, () => {
      const told = foreseen(named(name)) as Problem;
      expect(told).to.be.instanceOf(Problem);
      expect(told.code).to.equal("credentials-refused");
      expect(told.message).to.contain("in its own words");
    });

  for (const name of ["ThrottlingException", "InternalServerError", "TimeoutError", "SlowDown"])
    it(`is that AWS cannot for the moment: ${name}`, () => {
      const told = foreseen(named(name)) as Problem;
      expect(told.code).to.equal("aws-unavailable");
      expect(told.message).to.contain("in its own words");
    });

  it("is nothing else", () => {
    for (const error of [named("ResourceNotFoundException"), new Error("oh"), "oh", undefined])
      expect(foreseen(error)).to.equal(error);
  });
});
