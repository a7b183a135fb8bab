import { type Cell, MATRIX } from "../../test/orchestrator/faults/matrix.ts";
import { FAULT_NAMES, STEPS } from "../../test/orchestrator/faults/names.ts";

const HEAD = `# Faults

What comes of a fault at a step of a promotion. Made by \`npm run docs\` from [the table](../test/orchestrator/faults/matrix.ts)
that the [tests](../test/orchestrator/faults/matrix.test.ts) play, cell by cell, never by hand.

How to read a cell: how the promotion ends, and the [code](PROBLEMS.md) of its reason; which release has all the traffic then
(*old*: what ran before; *new*: the one being promoted; *mixed*: some of each); after the arrow, once the cause is gone, what comes
of the command that the remedy names, or of the same command where it names none. \`quarantined\`: it refuses the SHA because of
what was seen of it, and another release goes through. \`nothing-to-return-to\`: it cleared up, and all is back already. A cell
with a number cannot be; the reason is below. \`rollback\` is the way back of a release that went bad at all the traffic.

A fault of a call (throttle, 5xx, timeout, AccessDenied, kill) hits the call that the step is about:
taking the lease, reading the alarms, the engine's preview, its update, a health request, reading the alarms, writing an alias, signing,
writing an alias. Throttle, 5xx and AccessDenied last as long as the step; a timeout and a kill hit the first such call. Expired credentials
stay expired. Everything else happens as the step begins.
`;

/** The page of faults: a row a fault, a column a step. */
export function faultsPage(): string {
  const reasons: string[] = [];
  const rows = FAULT_NAMES.map((fault) => {
    const cells = STEPS.map((step) => text(MATRIX[fault][step], reasons));
    return `| **${fault}** | ${cells.join(" | ")} |\n`;
  });
  const head = `| Fault | ${STEPS.map((step) => `\`${step}\``).join(" | ")} |\n|---|${"---|".repeat(STEPS.length)}\n`;
  const notes = reasons.map((reason, index) => `${index + 1}. Impossible: ${reason}.\n`);
  return `${HEAD}\n${head}${rows.join("")}\n${notes.join("")}`;
}

function text(cell: Cell, reasons: string[]): string {
  if (typeof cell !== "string") {
    if (!reasons.includes(cell.impossible)) reasons.push(cell.impossible);
    return `– (${reasons.indexOf(cell.impossible) + 1})`;
  }
  const [outcome, code, runs, again] = cell.split(" ");
  const why = code === "-" ? "" : `<br>\`${code}\``;
  return `${outcome}${why}<br>*${runs}* → ${again}`;
}
