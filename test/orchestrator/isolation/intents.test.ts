import { expect } from "chai";
import { intended, PARTS_KNOWN, said } from "../../../orchestrator/isolation/intents.ts";
import { cellsOf } from "../../../orchestrator/isolation/matrix.ts";
import type { Statement } from "../../../orchestrator/isolation/policy.ts";
import { everybody, FORMS } from "./everybody.ts";

describe("isolation: what is intended", () => {
  for (const form of FORMS)
    it(`is what the policies say of everybody, where principals are ${form ? "roles" : "users"}`, () => {
      const { people, places, surprises } = everybody(form);
      expect(people.flatMap(surprises)).to.deep.equal([]);
      expect(people.flatMap((each) => cellsOf(each, places)).length).to.be.above(5_000);
    });

  it("is said of everybody: each function, each environment, and nobody who is not there", () => {
    const { people } = everybody();
    const parts = new Set(people.map(({ part }) => part));
    expect(PARTS_KNOWN.filter((part) => !part.includes(",")).sort()).to.deep.equal([...parts].sort());
    expect(() => intended("somebody", "own", "ledger", "read")).to.throw(
      'nothing is intended for "somebody"',
    );
  });

  it("names only kinds and classes that there are", () => {
    const { people, places } = everybody();
    const { kinds, classes } = named(people.flatMap((each) => cellsOf(each, places)));
    for (const part of PARTS_KNOWN)
      for (const side of ["own", "other", "elsewhere"] as const)
        for (const [kind, text] of Object.entries(said(part, side))) {
          expect(kinds, kind).to.include(kind);
          for (const each of text.split(/[|,]/).map((word) => word.trim()))
            if (each !== "" && each !== "*") expect(classes(kind), `${kind}: ${each}`).to.include(each);
        }
  });

  it("sees the hole of a Deny on *-preprod-*, which does not match a bucket that ends in -preprod", () => {
    const { people, surprises } = everybody();
    const deployer = people.find(({ name }) => name.endsWith("-prod-deployer"));
    if (!deployer) throw new Error("there is no deployer");
    const policies = deployer.policies.map(({ Statement }) => ({ Statement: Statement.map(asInTheSeed) }));
    const found = surprises({ ...deployer, policies }).filter((each) => each.includes("(all)"));
    expect(found).to.include(
      "sentiment-analyzer-prod-deployer (all): s3:GetObject on arn:aws:s3:::sentiment-analyzer-lambda-packages-preprod/releases/0a1b2c3/manifest.json is denied, intended is forbidden",
    );
    expect(found.filter((each) => !each.includes("-preprod"))).to.deep.equal([]);
  });
});

/** The seed's own Deny, which named the other environment's buckets by the middle of their names alone. */
const asInTheSeed = (statement: Statement): Statement =>
  statement.Effect === "Deny" && statement.Sid === "OtherEnvironments"
    ? {
        ...statement,
        Resource: [statement.Resource ?? []]
          .flat()
          .filter((each) => !each.startsWith("arn:aws:s3:::*") || each.endsWith("-preprod-*")),
      }
    : statement;

function named(cells: { kind: string; class: string }[]) {
  return {
    kinds: [...new Set(cells.map(({ kind }) => kind))],
    classes: (kind: string) => [
      ...new Set(cells.filter((each) => each.kind === kind).map((each) => each.class)),
    ],
  };
}
