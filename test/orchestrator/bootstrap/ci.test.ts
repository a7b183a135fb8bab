import { hostname } from "node:os";
import { expect } from "chai";
import { isOfTheDead } from "../../../orchestrator/adapters/foundation-stack.ts";
import { ciEntries, takesKey } from "../../../orchestrator/bootstrap/ci.ts";
import { ACCOUNT, principalsFor, settingsOf } from "../../infra/foundation/settings-of.ts";

const PARTS = ["deployer", "release-reader", "preview-reader"] as const;
const of = (environment: string, repository?: string) =>
  PARTS.flatMap((part) => principalsFor(environment, part, repository));

describe("what a bootstrap says to put into CI", () => {
  it("is each user's new keys, as secrets by the names that the workflows read", () => {
    const keys = { deployer: { accessKeyId: "AKID", secretAccessKey: "the-secret" } };
    const environment = "preprod";
    expect(ciEntries(settingsOf(environment), of(environment), keys)).to.deep.equal([
      { where: { environment }, kind: "secret", name: "PREPROD_AWS_ACCESS_KEY_ID", value: "AKID" },
      { where: { environment }, kind: "secret", name: "PREPROD_AWS_SECRET_ACCESS_KEY", value: "the-secret" },
    ]);
    expect(ciEntries(settingsOf(environment), of(environment), {})).to.deep.equal([]);
  });

  it("is no key of the preview reader: in the repository any pull request could take it", () => {
    const users = of("preprod").filter(takesKey);
    expect(users.map(({ part }) => part)).to.deep.equal(["deployer", "release-reader"]);
    expect(of("preprod", "an-owner/it").filter(takesKey)).to.deep.equal([]);
  });

  it("is each role's ARN, as a variable where the job runs that may be it", () => {
    const entries = ciEntries(settingsOf("prod", "an-owner/it"), of("prod", "an-owner/it"), {});
    const role = (part: string) => `arn:aws:iam::${ACCOUNT}:role/sentiment-analyzer-prod-${part}`;
    expect(entries).to.deep.equal([
      ...["production", "production-auto"].map((environment) => ({
        where: { environment },
        kind: "variable",
        name: "AWS_ROLE_ARN",
        value: role("deployer"),
      })),
      { where: "repository", kind: "variable", name: "PROD_PREVIEW_ROLE_ARN", value: role("preview-reader") },
    ]);
  });
});

describe("a lock of the foundation's state", () => {
  const held = (host: string, pid: number) =>
    `the stack is locked: created by somebody@${host} (pid ${pid}) at noon`;

  it("is broken only where its process ran on this machine and is no more", () => {
    expect(isOfTheDead(held(hostname(), 2 ** 22 + 1))).to.equal(true);
    expect(isOfTheDead(held(hostname(), process.pid))).to.equal(false);
    expect(isOfTheDead(held("another-machine", 2 ** 22 + 1))).to.equal(false);
    expect(isOfTheDead("locked")).to.equal(false);
  });
});
