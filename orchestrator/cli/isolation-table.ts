import Table from "cli-table3";
import type { Proof, Shown } from "../isolation/proof.ts";

const SIDES = { own: "its own", other: "the others'", elsewhere: "of nobody known" };

/** The matrix as people read it: for each principal a table of kinds of resources and sides, with what it may do there. */
export function isolationTable({ cells, doors }: Proof): string {
  const names = [...new Set(cells.map(({ principal }) => principal))];
  return names
    .map((name) => {
      const own = cells.filter(({ principal }) => principal === name);
      const table = new Table({
        head: ["", ...Object.values(SIDES)],
        style: { head: [], border: [], compact: true },
        wordWrap: true,
        colWidths: [24, 44, 26, 26],
      });
      for (const kind of new Set(own.map((cell) => cell.kind))) {
        const of = own.filter((cell) => cell.kind === kind);
        table.push([
          kind,
          ...Object.keys(SIDES).map((side) => entry(of.filter((cell) => cell.side === side))),
        ]);
      }
      const entering = doors.filter(({ principal, found }) => principal === name && found === "allowed");
      const letIn = entering.map(({ caller }) => `  becomes it: ${caller}`);
      return [name, table.toString(), ...letIn].join("\n");
    })
    .join("\n\n");
}

/** `list*, read*, write*; never: destroy`: an asterisk on what a request has shown. */
function entry(cells: Shown[]): string {
  const words = (chosen: Shown[]) =>
    chosen
      .map(({ class: name, shownBy, surprises }) =>
        [surprises.length > 0 ? "!!" : "", name, shownBy === "call" ? "*" : ""].join(""),
      )
      .join(", ");
  const may = cells.filter(({ found }) => found === "allowed" || found === "mixed");
  const never = cells.filter(({ found }) => found === "forbidden");
  const not = cells.filter(({ found }) => found === "denied");
  const all = (chosen: Shown[]) => chosen.length === cells.length && chosen.every(quiet);
  if (all(never)) return `nothing, ever${called(never)}`;
  if (all(not)) return `nothing${called(not)}`;
  return [
    may.length > 0 ? words(may) : "nothing",
    never.length > 0 ? `never: ${words(never)}` : "",
    not.some((cell) => !quiet(cell)) ? `not: ${words(not.filter((cell) => !quiet(cell)))}` : "",
  ]
    .filter((part) => part !== "")
    .join("; ");
}

const quiet = ({ surprises }: Shown) => surprises.length === 0;
const called = (cells: Shown[]) => (cells.some(({ shownBy }) => shownBy === "call") ? "*" : "");
