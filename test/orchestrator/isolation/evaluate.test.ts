import { expect } from "chai";
import { evaluate, trusts } from "../../../orchestrator/isolation/evaluate.ts";
import { type PolicyDocument, parsePolicy, type Statement } from "../../../orchestrator/isolation/policy.ts";

// biome-ignore lint/suspicious/noTemplateCurlyInString: so AWS writes the variables of its policies
const VARIABLE = "${aws:y}";
const ARN = "arn:aws:iam::1:user/somebody";
const statement = (Effect: "Allow" | "Deny", Action: string | string[], more: Partial<Statement> = {}) => ({
  Effect,
  Action,
  Resource: "*",
  ...more,
});
const policy = (...Statement: Statement[]): PolicyDocument => ({ Statement });
const fate = (
  policies: PolicyDocument[],
  deed: { action?: string; resource?: string; context?: Record<string, string | string[]> } = {},
  boundary?: PolicyDocument,
) =>
  evaluate(
    { arn: ARN, policies, ...(boundary ? { boundary } : {}) },
    { action: "s3:GetObject", resource: "arn:aws:s3:::bucket/key", ...deed },
  );

describe("isolation: what IAM decides", () => {
  const allow = statement("Allow", "s3:Get*");

  it("allows what a policy allows, denies what none does, and forbids what any forbids, in whatever order", () => {
    expect(fate([policy(allow)])).to.equal("allowed");
    expect(fate([policy(allow)], { action: "s3:PutObject" })).to.equal("denied");
    expect(fate([])).to.equal("denied");
    const deny = statement("Deny", "*");
    expect(fate([policy(allow, deny)])).to.equal("forbidden");
    expect(fate([policy(deny), policy(allow)])).to.equal("forbidden");
  });

  it("takes actions in any case, and resources as they are written", () => {
    expect(fate([policy(statement("Allow", "S3:getobject"))])).to.equal("allowed");
    const of = (Resource: string) => fate([policy({ ...allow, Resource })]);
    expect(of("arn:aws:s3:::bucket/*")).to.equal("allowed");
    expect(of("arn:aws:s3:::bucket/ke?")).to.equal("allowed");
    expect(of("arn:aws:s3:::bucket")).to.equal("denied");
    expect(of("arn:aws:s3:::Bucket/*")).to.equal("denied");
    expect(of("arn.aws:s3:::bucket/*")).to.equal("denied");
  });

  it("lets a boundary only take away", () => {
    expect(fate([policy(allow)], {}, policy(allow))).to.equal("allowed");
    expect(fate([policy(allow)], {}, policy(statement("Allow", "sns:*")))).to.equal("denied");
    expect(fate([], {}, policy(allow))).to.equal("denied");
    expect(fate([policy(allow)], {}, policy(allow, statement("Deny", "s3:*")))).to.equal("forbidden");
  });

  const holds: [
    what: string,
    Condition: Statement["Condition"],
    context: Record<string, string | string[]>,
    boolean,
  ][] = [
    ["an equal value", { StringEquals: { "aws:x": "a" } }, { "aws:x": "a" }, true],
    ["one of several", { StringEquals: { "aws:x": ["b", "a"] } }, { "aws:x": "a" }, true],
    ["a key in another case", { StringEquals: { "AWS:X": "a" } }, { "aws:x": "a" }, true],
    ["another value", { StringEquals: { "aws:x": "a*" } }, { "aws:x": "ab" }, false],
    ["no value", { StringEquals: { "aws:x": "a" } }, {}, false],
    ["no value, where none may be", { StringEqualsIfExists: { "aws:x": "a" } }, {}, true],
    ["a pattern", { StringLike: { "aws:x": "a*" } }, { "aws:x": "ab" }, true],
    ["a pattern of no value", { StringLike: { "aws:x": "*" } }, {}, false],
    ["not this value", { StringNotEquals: { "aws:x": "a" } }, { "aws:x": "b" }, true],
    ["not any of these", { StringNotEquals: { "aws:x": ["a", "b"] } }, { "aws:x": "b" }, false],
    ["not this value, of none", { StringNotEquals: { "aws:x": "a" } }, {}, true],
    [
      "all conditions",
      { StringEquals: { "aws:x": "a" }, Bool: { "aws:y": "true" } },
      { "aws:x": "a" },
      false,
    ],
    ["a truth", { Bool: { "aws:securetransport": true } }, {}, true],
    ["an absence", { Null: { "aws:x": "true" } }, {}, true],
    ["an absence of what is there", { Null: { "aws:x": "true" } }, { "aws:x": "a" }, false],
    ["any of its values", { "ForAnyValue:StringEquals": { "aws:x": "a" } }, { "aws:x": ["b", "a"] }, true],
    ["all of its values", { "ForAllValues:StringEquals": { "aws:x": "a" } }, { "aws:x": ["b", "a"] }, false],
    ["all of no values", { "ForAllValues:StringEquals": { "aws:x": "a" } }, {}, true],
    ["whoever asks", { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:user/some*" } }, {}, true],
    ["a variable", { StringEquals: { "aws:x": VARIABLE } }, { "aws:x": "a", "aws:y": "a" }, true],
    ["a variable without a value", { StringLike: { "aws:x": `${VARIABLE}*` } }, { "aws:x": "a" }, false],
  ];
  for (const [what, Condition, context, expected] of holds)
    it(`${expected ? "lets" : "does not let"} ${what} fulfil ${JSON.stringify(Condition)}`, () => {
      expect(fate([policy({ ...allow, Condition })], { context })).to.equal(expected ? "allowed" : "denied");
    });

  it("refuses to judge what it does not know, rather than to overlook it", () => {
    const Condition = { NumericLessThan: { "s3:max-keys": "10" } };
    expect(() => fate([policy({ ...allow, Condition })], { context: { "s3:max-keys": "5" } })).to.throw(
      "NumericLessThan, which is not evaluated here",
    );
    const written = (more: object) => JSON.stringify({ Version: "2012-10-17", Statement: more });
    expect(() => parsePolicy(written({ Effect: "Allow", NotAction: "iam:*", Resource: "*" }))).to.throw(
      "NotAction, which is not evaluated here",
    );
    expect(parsePolicy(written(allow)).Statement).to.deep.equal([allow]);
  });
});

describe("isolation: who may become a role", () => {
  const provider = "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com";
  const trust = policy({
    Effect: "Allow",
    Principal: { Federated: provider },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringEquals: { "token.actions.githubusercontent.com:sub": "repo:o/r:environment:e" } },
  });
  const caller = (sub: string, name = provider) => ({
    by: "Federated" as const,
    name,
    action: "sts:AssumeRoleWithWebIdentity",
    context: { "token.actions.githubusercontent.com:sub": sub },
  });

  it("is whom the trust policy names, on its conditions, and nobody where there is none", () => {
    expect(trusts(trust, caller("repo:o/r:environment:e"))).to.equal("allowed");
    expect(trusts(trust, caller("repo:o/r:environment:e2"))).to.equal("denied");
    expect(trusts(trust, caller("repo:o/r:environment:e", "arn:aws:iam::1:oidc-provider/x"))).to.equal(
      "denied",
    );
    expect(trusts(trust, { ...caller("repo:o/r:environment:e"), action: "sts:AssumeRole" })).to.equal(
      "denied",
    );
    expect(trusts(undefined, caller("repo:o/r:environment:e"))).to.equal("denied");
  });

  it("is everybody of an account that is named by its root", () => {
    const account = "123456789012";
    const user = { by: "AWS" as const, name: `arn:aws:iam::${account}:user/u`, action: "sts:AssumeRole" };
    const named = (AWS: string) =>
      trusts(policy({ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" }), user);
    expect(named(`arn:aws:iam::${account}:root`)).to.equal("allowed");
    expect(named(account)).to.equal("allowed");
    expect(named("arn:aws:iam::210987654321:root")).to.equal("denied");
    expect(named("*")).to.equal("allowed");
  });
});
