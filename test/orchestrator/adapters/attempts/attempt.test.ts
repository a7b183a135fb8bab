import { expect } from "chai";
import { fateOf } from "../../../../orchestrator/adapters/attempts/attempt.ts";
import { attemptsAs } from "../../../../orchestrator/adapters/attempts/attempts.ts";
import { kinds } from "../../../../orchestrator/isolation/kinds/kinds.ts";
import { everybody } from "../../isolation/everybody.ts";

const failing = (name: string, httpStatusCode?: number) =>
  Promise.reject(
    Object.assign(new Error(name), { name, ...(httpStatusCode ? { $metadata: { httpStatusCode } } : {}) }),
  );

describe("attempts", () => {
  it("count as refused when AWS says so, in the words of any service", async () => {
    for (const name of ["AccessDenied", "AccessDeniedException", "AuthorizationError"])
      expect(await fateOf(failing(name, 403))).to.equal("refused");
  });

  it("count as let in when AWS objects to something that it looks at afterwards", async () => {
    expect(await fateOf(Promise.resolve())).to.equal("allowed");
    for (const name of ["NoSuchKey", "ConditionalCheckFailedException", "ResourceNotFoundException"])
      expect(await fateOf(failing(name, 400))).to.equal("allowed");
  });

  it("are no answer when credentials, the network or AWS itself failed", async () => {
    for (const [name, status] of [
      ["InvalidClientTokenId", 403],
      ["ExpiredTokenException", 400],
      ["SignatureDoesNotMatch", 403],
      ["ThrottlingException", 400],
      ["InternalError", 500],
      ["ECONNREFUSED", undefined],
    ] as const)
      expect(await fateOf(failing(name, status)).catch(({ message }) => message)).to.equal(name);
  });

  it("are about classes of action that the matrix has, and many of them", () => {
    const [place] = everybody().places;
    if (!place) throw new Error("there is no environment");
    const cells = kinds(place, place).flatMap(({ kind, classes }) =>
      Object.keys(classes).map((name) => `${kind}/${name}`),
    );
    const attempts = Object.keys(attemptsAs({ region: "us-east-1" }));
    expect(attempts.filter((each) => !cells.includes(each))).to.deep.equal([]);
    expect(attempts.length).to.be.above(60);
  });
});
