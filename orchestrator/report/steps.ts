import { sayDuration } from "../duration.ts";
import { between, chart, mark } from "./chart.ts";
import { html, prose, table } from "./page.ts";
import type { Told } from "./story.ts";

/** The steps in their time, as a picture and as a table. */
export function stepsSection({ steps, from, to }: Told): string {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const rows = steps.map(({ name, at, outcome, ms }) => {
    const began = Date.parse(at);
    // A step without an end lasts as long as anything is known of it.
    const over = outcome === "not ended" ? end : began + ms;
    const span = { from: between(began, begin, end), to: between(over, begin, end) };
    return {
      label: `${name}: ${outcome}${outcome === "not ended" ? "" : `, ${sayDuration(ms)}`}`,
      // What was over at once is seen, too.
      marks: mark(
        outcome.replace(" ", "-"),
        { from: span.from, to: Math.max(span.to, span.from + 0.005) },
        0.7,
      ),
    };
  });
  const described = `${steps.length} steps from ${clock(from)} to ${clock(to)} UTC, in ${sayDuration(end - begin)}. The table below has the same figures.`;
  const cells = steps.map(({ name, at, outcome, ms, reason }) => [
    html(name),
    html(clock(at)),
    `<span class="outcome ${outcome === "failed" ? "refused" : ""}">${html(outcome)}</span>`,
    html(outcome === "not ended" ? "–" : sayDuration(ms)),
    reason ? prose(reason.message) : "",
  ]);
  return `<h2>Steps</h2>
${chart("timeline", "The steps over time", described, rows)}
${table(["step", "at (UTC)", "ended", "took", "why"], cells, "The steps")}`;
}

/** The time of day of a moment, to the second. */
export const clock = (at: string): string => at.slice(11, 19);
