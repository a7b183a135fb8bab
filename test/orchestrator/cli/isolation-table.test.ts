import { expect } from "chai";
import { isolationTable } from "../../../orchestrator/cli/isolation-table.ts";
import type { Shown } from "../../../orchestrator/isolation/proof.ts";

const cell = (more: Partial<Shown>): Shown => ({
  principal: "somebody",
  side: "own",
  environment: "here",
  kind: "ledger",
  class: "read",
  expected: "refused",
  found: "denied",
  heldByDeny: false,
  shownBy: "policies",
  surprises: [],
  ...more,
});
/** The row of the table that begins with a kind, as one text for each column. */
const row = (cells: Shown[], kind = "ledger") =>
  isolationTable({ cells, doors: [] })
    .split("\n")
    .find((line) => line.includes(`│ ${kind}`))
    ?.split("│")
    .map((text) => text.trim());

describe("the matrix of an isolation, for people", () => {
  it("names what is allowed and what is forbidden, and marks what a request has shown", () => {
    const cells = [
      cell({ class: "read", found: "allowed", expected: "allowed", shownBy: "call" }),
      cell({ class: "put", found: "allowed", expected: "allowed" }),
      cell({ class: "delete", found: "forbidden", expected: "forbidden" }),
      cell({ class: "scan" }),
    ];
    expect(row(cells)?.[2]).to.equal("read*, put; never: delete");
  });

  it("says in a word that nothing is allowed, and whether it never can be", () => {
    const cells = [
      cell({ side: "own" }),
      cell({ side: "other", found: "forbidden", expected: "forbidden", shownBy: "call" }),
      cell({ side: "elsewhere" }),
    ];
    expect(row(cells)?.slice(2, 5)).to.deep.equal(["nothing", "nothing, ever*", "nothing"]);
  });

  it("marks what is not as intended, be it allowed or refused", () => {
    const surprises = ["it is otherwise"];
    const cells = [
      cell({ class: "put", found: "allowed", surprises }),
      cell({ class: "read", expected: "allowed", surprises }),
      cell({ class: "scan" }),
    ];
    expect(row(cells)?.[2]).to.equal("!!put; not: !!read");
  });

  it("says who may become a role", () => {
    const door = { principal: "somebody", expected: "refused" as const };
    const text = isolationTable({
      cells: [cell({})],
      doors: [
        { ...door, caller: "lambda", found: "allowed" },
        { ...door, caller: "a branch", found: "denied" },
      ],
    });
    expect(text).to.contain("becomes it: lambda").and.not.contain("a branch");
  });
});
