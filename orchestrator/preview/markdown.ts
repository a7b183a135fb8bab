import type { Operation } from "../ports/engine.ts";
import { fitted, LONGEST_COMMENT } from "./fitting.ts";
import { code, fenced, inHtml, visible } from "./markup.ts";
import type { Preview, Previewed } from "./previewed.ts";
import { cut, type PropertyChange } from "./properties.ts";

/** What cannot be undone first. */
const ORDER: Operation[] = ["delete", "replace", "create", "update", "other"];
/** A list in the summary is no longer than this, whatever the plan. */
const LISTED = 10;
const LONGEST_NAME = 120;
const LONGEST_MESSAGE = 600;
/** Of one resource no more properties than this are shown. */
const LONGEST_DIFF = 40;

/** By this line a comment is known again as the preview of one environment. */
export const markerOf = (env: string): string => `<!-- promotion-preview: ${env} -->`;

/** A preview as Markdown of at most `longest` bytes: what matters first, then each resource; what does not fit is left out at the end. */
export function markdown(preview: Preview, { longest = LONGEST_COMMENT, rest = "" } = {}): string {
  const head = [...title(preview), ...verdict(preview), ...losses(preview), ...gates(preview)];
  const changes = preview.changes.toSorted(
    (one, other) => Number(other.losesData) - Number(one.losesData) || rank(one) - rank(other),
  );
  const blocks = [...newCode(changes), ...changes.filter((each) => !isNewCode(each)).map(block)];
  if (blocks.length > 0) head.push("### What would change", "");
  return fitted(`${head.join("\n")}`, blocks, {
    longest,
    cut: (left) => `_${left} more ${left === 1 ? "resource is" : "resources are"} left out here.${rest}_\n`,
  });
}

/** What is cut after it is made visible cannot grow again: the head has a length that it never exceeds. */
const short = (text: string, longest: number) => cut(visible(text), longest);

const rank = ({ operation }: Previewed) => ORDER.indexOf(operation);

function title({ env, sha, uncommitted, runs, inFlight, failure, changes, unchanged }: Preview): string[] {
  const what = failure ? "no preview" : counted(changes) || "nothing to change";
  const of = `${code(sha.slice(0, 7))}${uncommitted ? ", with changes that are in no commit" : ""}`;
  const against = runs
    ? `compared with what runs there, ${code(runs.slice(0, 7))}`
    : "where nothing was promoted yet";
  const same =
    unchanged > 0
      ? `; ${unchanged} ${unchanged === 1 ? "resource stays" : "resources stay"} as they are`
      : "";
  return [
    markerOf(env),
    `## ${env}: ${what}`,
    "",
    failure ? `${of}.` : `${of}, ${against}${same}.`,
    ...(inFlight
      ? [
          "",
          `Just now it is being changed by ${code(short(inFlight, LONGEST_NAME))}: the plan may be of a moment in between.`,
        ]
      : []),
    "",
  ];
}

function counted(changes: Previewed[]): string {
  const counts = ORDER.map(
    (operation) => [operation, changes.filter((each) => each.operation === operation).length] as const,
  );
  return counts
    .filter(([, count]) => count > 0)
    .map(([operation, count]) => `${count} to ${operation === "other" ? "read or import" : operation}`)
    .join(", ");
}

function verdict({ failure }: Preview): string[] {
  if (!failure) return [];
  return [
    "> [!CAUTION]",
    `> **There is no plan**, because of ${code(failure.code)}. A promotion would be refused.`,
    "",
    ...fenced(
      [short(failure.message, LONGEST_MESSAGE), `next: ${short(failure.remedy, LONGEST_MESSAGE)}`],
      "text",
    ),
    "",
  ];
}

function losses({ changes }: Preview): string[] {
  const lost = changes.filter(({ losesData }) => losesData);
  if (lost.length === 0) return [];
  const lines = lost.slice(0, LISTED).map((each) => `> - ${each.operation} ${named(each)}${because(each)}`);
  const more = lost.length > LISTED ? [`> - and ${lost.length - LISTED} more`] : [];
  return [
    "> [!CAUTION]",
    `> **Data would be lost: ${lost.length} ${lost.length === 1 ? "resource that holds" : "resources that hold"} data would be deleted or replaced.**`,
    ">",
    ...lines,
    ...more,
    "",
  ];
}

function because({ properties }: Previewed): string {
  const why = properties
    .filter(({ replaces }) => replaces)
    .map(({ path }) => code(short(path, LONGEST_NAME)));
  return why.length > 0 ? `, because of ${why.slice(0, 3).join(", ")}` : "";
}

function gates({ gates: met, needs, failure, env }: Preview): string[] {
  if (failure) return [];
  const later =
    needs.length > 0
      ? [`It will need ${needs.map(code).join(", ")} as well, which it gets on its way.`, ""]
      : [];
  if (met.length === 0)
    return [`A promotion of this to ${env} would pass its gates as they stand now.`, "", ...later];
  const each = met.flatMap(({ code: name, message, remedy }) => [
    `- ${code(name)}`,
    "",
    ...fenced([short(message, LONGEST_MESSAGE), `next: ${short(remedy, LONGEST_MESSAGE)}`], "text").map(
      (line) => `  ${line}`,
    ),
    "",
  ]);
  return [`### A promotion of this to ${env} would be refused`, "", ...each, ...later];
}

/** A function that gets nothing but other code, as each of them does with each release. */
function isNewCode({ type, operation, properties }: Previewed): boolean {
  const paths = properties.map(({ path }) => path);
  return (
    type === "aws:lambda/function:Function" &&
    operation === "update" &&
    paths.length > 0 &&
    paths.every((path) => path === "s3Key" || path === "sourceCodeHash")
  );
}

function newCode(changes: Previewed[]): string[] {
  const names = changes.filter(isNewCode).map(({ name }) => code(short(name, LONGEST_NAME)));
  if (names.length === 0) return [];
  const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : "";
  return [`New code, and nothing else: ${names.slice(0, LISTED).join(", ")}${more}.\n`];
}

function block(change: Previewed): string {
  const { operation, type, name, properties, losesData } = change;
  const summary = `<b>${operation}</b> ${inHtml(short(kind(type), LONGEST_NAME))} <code>${inHtml(short(name, LONGEST_NAME))}</code>`;
  const shown = properties.slice(0, LONGEST_DIFF).flatMap((property) => lines(change, property));
  const left = properties.length - LONGEST_DIFF;
  if (left > 0) shown.push(`  ${left} more ${left === 1 ? "property" : "properties"}`);
  const body = shown.length > 0 ? fenced(shown, "diff") : ["Nothing more is known of it."];
  const open = operation === "delete" || operation === "replace" ? "<details open>" : "<details>";
  return [
    `${open}<summary>${summary}${losesData ? " – <b>holds data</b>" : ""}</summary>`,
    "",
    ...body,
    "",
    "</details>",
    "",
  ].join("\n");
}

function lines({ operation }: Previewed, { path, before, after, replaces }: PropertyChange): string[] {
  const at = `${short(path, LONGEST_NAME)}${replaces ? " (needs a new one)" : ""}`;
  if (before === undefined && after === undefined) return [`! ${at}`];
  return [
    ...(before === undefined || operation === "create" ? [] : [`- ${at}: ${before}`]),
    ...(after === undefined ? [] : [`+ ${at}: ${after}`]),
  ];
}

const named = ({ type, name }: Previewed) =>
  `${code(short(kind(type), LONGEST_NAME))} ${code(short(name, LONGEST_NAME))}`;

/** `aws:dynamodb/table:Table` → `dynamodb/table` */
const kind = (type: string): string => type.replace(/^aws:/, "").replace(/:[^:]*$/, "");
