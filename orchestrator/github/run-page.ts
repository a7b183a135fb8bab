import { sayDuration } from "../duration.ts";
import type { Outcome, Reason } from "../promotion/outcome.ts";
import type { Progress } from "../promotion/progress.ts";

/** What a workflow's run shows of a promotion: a page of Markdown, and a line where it did not go well. */
export type RunPage = { markdown: string; annotation: string | null };

const GOOD: Outcome[] = ["promoted", "unchanged"];
const MARKS = { passed: "✅", failed: "❌", skipped: "–" };

/** Listens to a promotion, and writes its page when it has ended. */
export function runPage(write: (page: RunPage) => void): (progress: Progress) => void {
  let started: (Progress & { type: "started" }) | undefined;
  const steps: (Progress & { type: "step-finished" })[] = [];
  return (progress) => {
    if (progress.type === "started") started = progress;
    if (progress.type === "step-finished") steps.push(progress);
    if (progress.type !== "ended" || !started) return;
    const { outcome, reason, sha } = progress;
    const what = `${started.environment}: ${outcome} ${(sha || started.sha).slice(0, 7)}`.trim();
    const annotation = reason && !GOOD.includes(outcome) ? command(what, reason) : null;
    write({ markdown: page(what, started.promotionId, steps, reason), annotation });
  };
}

function page(
  what: string,
  promotionId: string,
  steps: (Progress & { type: "step-finished" })[],
  reason: Reason | null,
): string {
  const rows = steps.map(
    ({ step, outcome, ms, text }) =>
      `| ${MARKS[outcome]} | ${plain(step)} | ${sayDuration(ms)} | ${plain(text)} |`,
  );
  const why = reason
    ? [`**Why:** ${plain(reason.message)} (\`${reason.code}\`)`, "", `**Next:** ${plain(reason.remedy)}`, ""]
    : [];
  const table = rows.length > 0 ? ["| | step | took | |", "|---|---|--:|---|", ...rows, ""] : [];
  return [`### ${plain(what)}`, "", ...why, ...table, `Promotion \`${promotionId}\``, ""].join("\n");
}

/** Text as it is, whatever Markdown or HTML would make of it. */
const plain = (text: string) =>
  text.replaceAll(/\s+/g, " ").replaceAll(/[&<>|\\`*_{}[\]#~@]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A command of GitHub's runner: what stands in it must not end it, or begin another. */
const command = (title: string, { code, message, remedy }: Reason) =>
  `::error title=${property(`${title} (${code})`)}::${data(`${message}\nnext: ${remedy}`)}`;

const data = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string) => data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
