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

  const service = (name: string, httpStatusCode: number, more = {}) =>
    Object.assign(new Error("in its own words"), { name, $metadata: { httpStatusCode }, ...more });
  const answered: [code: string, error: Error][] = [
    ["aws-lacks", service("ResourceNotFoundException", 400)],
    ["aws-lacks", service("NoSuchBucket", 404)],
    ["aws-throttles", service("ThrottlingException", 400)],
    ["aws-throttles", service("SlowDown", 503)],
    ["aws-throttles", service("Odd", 400, { $retryable: { throttling: true } })],
    ["aws-fails", service("InternalServerError", 500)],
    ["aws-refuses", service("ValidationException", 400)],
    ["aws-is-another", service("UnknownError", 301)],
    ["credentials-refused", service("KMSAccessDeniedException", 400)],
    ["aws-unreachable", Object.assign(new AggregateError([]), { code: "ECONNREFUSED" })],
    ["aws-unreachable", Object.assign(new Error("connect"), { code: "ETIMEDOUT", syscall: "connect" })],
    ["aws-unreachable", Object.assign(new Error("tls"), { code: "UNABLE_TO_GET_ISSUER_CERT_LOCALLY" })],
    ["disk-refuses", Object.assign(new Error("no"), { code: "EEXIST", syscall: "mkdir" })],
  ];
  for (const [n, [code, error]] of answered.entries())
    it(`is told as ${code}, case ${n + 1}`, () => {
      const told = foreseen(error) as Problem;
      expect(told.code).to.equal(code);
      expect(told.message).not.to.equal("");
      expect(told.cause).to.equal(error);
    });

  it("is nothing else", () => {
    expect(
      foreseen(Object.assign(new Error("spawn"), { code: "ENOENT", syscall: "spawn git" })),
    ).not.to.be.instanceOf(Problem);
    for (const error of [named("ResourceNotFoundException"), new Error("oh"), "oh", undefined])
      expect(foreseen(error)).to.equal(error);
  });
});
