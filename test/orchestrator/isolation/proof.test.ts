import { expect } from "chai";
import type { Cell } from "../../../orchestrator/isolation/matrix.ts";
import type { Principal } from "../../../orchestrator/isolation/policy.ts";
import { prove, type Try, unexpected } from "../../../orchestrator/isolation/proof.ts";
import { everybody } from "./everybody.ts";

const { people, places } = everybody();
const someone = (part: string): Principal => {
  const found = people.find((each) => each.part === part && each.environment === "prod");
  if (!found) throw new Error(`nobody is a ${part}`);
  return found;
};
const never: Try = async () => undefined;
const proofOf = (principal: Principal, attempt = never) =>
  prove([principal], places, { workflows: () => undefined, attempt });
const asIntended: Try = async (_, { expected }) => (expected === "allowed" ? "allowed" : "refused");
const wrong = ({ surprises }: { surprises: string[] }) => surprises.length > 0;

describe("isolation: the proof", () => {
  it("finds nothing unexpected where policies and requests are as intended", async () => {
    const proof = await proofOf(someone("function ingestion"), asIntended);
    expect(unexpected(proof)).to.deep.equal({ allows: 0, denies: 0 });
    // What belongs to nobody known does not exist: nothing can be asked of it.
    expect(proof.cells.filter(({ shownBy }) => shownBy === "call").map(({ side }) => side)).to.have.members(
      proof.cells.map(({ side }) => side).filter((side) => side !== "elsewhere"),
    );
    expect(proof.cells.length).to.be.above(300);
  });

  it("says of each cell what was found, beside what was intended", async () => {
    const { cells } = await proofOf(someone("release-reader"));
    const found = (environment: string, kind: string, action: string) =>
      cells.find((each) => each.environment === environment && each.kind === kind && each.class === action)
        ?.found;
    expect(found("prod", "packages bucket", "read")).to.equal("allowed");
    expect(found("prod", "packages bucket", "write")).to.equal("denied");
    expect(found("preprod", "packages bucket", "read")).to.equal("forbidden");
  });

  it("tells a request that AWS answered otherwise than the policies say, in both directions", async () => {
    const lets: Try = async (_, cell) => (is(cell, "preprod", "ledger", "put") ? "allowed" : undefined);
    const keepsOut: Try = async (_, cell) =>
      is(cell, "prod", "packages bucket", "list") ? "refused" : undefined;
    const allowed = await proofOf(someone("release-reader"), lets);
    expect(unexpected(allowed)).to.deep.equal({ allows: 1, denies: 0 });
    expect(allowed.cells.filter(wrong).flatMap(({ surprises }) => surprises)).to.deep.equal([
      "the request itself was allowed, intended is forbidden",
    ]);
    expect(unexpected(await proofOf(someone("release-reader"), keepsOut))).to.deep.equal({
      allows: 0,
      denies: 1,
    });
  });

  it("tells where IAM's own simulation comes to something else", async () => {
    const reader = someone("release-reader");
    const simulated = await prove([reader], places, {
      workflows: () => undefined,
      attempt: never,
      simulate: async (_, deeds) =>
        deeds.map(({ action }) => (action === "s3:GetObject" ? "allowed" : "forbidden")),
    });
    const { allows, denies } = unexpected(simulated);
    expect(denies).to.equal(1); // to list the releases
    expect(allows).to.be.above(5); // to read in any other bucket
    expect(simulated.cells.every(({ shownBy }) => shownBy === "simulation")).to.equal(true);
  });

  it("tells a hole that another layer covers, so that nobody has to find the second one first", async () => {
    const role = someone("function analysis");
    const [first, ...rest] = role.policies;
    const generous = { Effect: "Allow" as const, Action: "sns:Publish", Resource: "*" };
    const policies = [{ Statement: [...(first?.Statement ?? []), generous] }, ...rest];
    const { cells } = await proofOf({ ...role, policies });
    const found = cells.filter((each) => each.environment === "preprod" && wrong(each));
    expect(found.map(({ kind, found }) => [kind, found])).to.deep.equal([
      ["items topic", "denied"],
      ["alerts topic", "denied"],
    ]);
    expect(found[0]?.surprises[0]).to.match(/sns:Publish .* is allowed, .* as far as what it is given goes$/);
  });

  it("tells a function without a boundary", async () => {
    const { boundary: _, ...unbounded } = someone("function canary");
    const { allows } = unexpected(await proofOf(unbounded));
    expect(allows).to.be.above(300);
  });

  it("tells a class of which not all deeds have the same fate", async () => {
    const reader = someone("release-reader");
    const extra = { Effect: "Allow" as const, Action: "s3:PutBucketAcl", Resource: "*" };
    const { cells } = await proofOf({ ...reader, policies: [...reader.policies, { Statement: [extra] }] });
    const [cell] = cells.filter((each) => each.environment === "prod" && wrong(each));
    expect(cell).to.include({ kind: "state bucket", class: "give away", found: "mixed" });
  });
});

const is = (cell: Cell, environment: string, kind: string, action: string) =>
  cell.environment === environment && cell.kind === kind && cell.class === action;
