import { expect } from "chai";
import { everybody, FORMS } from "./everybody.ts";
import { mutantsOf } from "./policy-mutants.ts";

/** Mutants that change nothing, each with why. */
const EQUIVALENT: [of: RegExp, what: RegExp, because: string][] = [
  [
    /-deployer$/,
    /^PassRoles: iam:\*$/,
    "no request but that for iam:PassRole says to which service a role is passed",
  ],
  [/-deployer$/, /^Dashboards: cloudwatch:\*$/, "CloudWatch has no other action that is about a dashboard"],
  [
    /-preview-reader$/,
    /^OtherEnvironments: arn:aws:(kms|secretsmanager):.* no longer denied$/,
    "all keys and secrets are denied to it, whosever they are",
  ],
];

describe("isolation: mutants of the policies", () => {
  for (const form of FORMS)
    it(`are all caught by what is intended, where principals are ${form ? "roles" : "users"}`, function () {
      this.timeout(60_000);
      const { people, caught } = everybody(form);
      expect(
        people.filter(caught).map(({ name }) => name),
        "not as intended before any slip",
      ).to.deep.equal([]);
      const mutants = people.flatMap(mutantsOf);
      const survived = mutants
        .filter(({ principal }) => !caught(principal))
        .map(({ of, what }) => ({ of: of.name, what }));
      const equivalent = survived.filter(({ of, what }) =>
        EQUIVALENT.some(([name, change]) => name.test(of) && change.test(what)),
      );
      expect(survived.filter((each) => !equivalent.includes(each))).to.deep.equal([]);
      expect(mutants.length, "mutants").to.be.above(700);
      expect(equivalent.length, "mutants that change nothing, in each of two environments").to.be.most(8);
    });

  it("say which slips they are: each kind of slip is made", () => {
    const made = FORMS.flatMap((form) => everybody(form).people.flatMap(mutantsOf)).map(({ what }) => what);
    for (const kind of [
      /^Tables: .* → .*\*-/, // an environment's name
      /^Functions: .* → \*$/, // a whole resource
      /^OtherEnvironments: Deny dropped$/,
      /^Roles: iam:\*$/,
      /^PassRoles: condition .* dropped$/,
      /^BoundedRoles: StringEquals → StringLike \* on /,
      /^boundary dropped$/,
      /^boundary: .* → \*$/,
      /^trust: anybody$/,
      /^trust: condition .*:aud dropped$/,
      /^trust: sub .* → StringLike repo:acme\/news:\*$/,
    ])
      expect(
        made.some((what) => kind.test(what)),
        String(kind),
      ).to.equal(true);
  });
});
