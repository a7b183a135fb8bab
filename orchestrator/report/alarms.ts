import { sayDuration } from "../duration.ts";
import { chart, mark, type Row } from "./chart.ts";
import { html, table } from "./page.ts";
import type { Told } from "./story.ts";

type Watched = { step: string; ms: number; alarms: NonNullable<Told["judgements"][number]["alarms"]> };

/** How high each state is drawn: to be told apart without colours, the worst highest. */
const HEIGHTS: Record<string, number> = { OK: 0.2, INSUFFICIENT_DATA: 0.5, ALARM: 1 };
const OTHER = 0.5;
/** The least of the width that a state has. */
const SLIVER = 0.01;

/** The states of the alarms while the release was looked at. */
export function alarmsSection({ judgements }: Told): string {
  const watched = judgements.flatMap(({ step, ms, alarms }): Watched[] =>
    alarms ? [{ step, ms, alarms }] : [],
  );
  if (watched.length === 0) return "<h2>Alarms</h2><p>What the alarms said meanwhile was not recorded.</p>";
  const looks = watched.map(sayLook);
  const rows = watched.flatMap(rowsOf);
  const said = `<h2>Alarms</h2>\n<ul>${looks.map((look) => `<li>${html(look)}</li>`).join("")}</ul>`;
  if (rows.length === 0) return said;
  const cells = watched.flatMap(({ step, alarms }) =>
    Object.entries(alarms.states).flatMap(([name, moments]) =>
      moments.map(([at, state]) => [step, name, sayDuration(at), state].map(html)),
    ),
  );
  const described =
    "Each alarm that was not always OK: low is OK, half is without data, full is ALARM. The table below has every change.";
  return `${said}
<p class="legend">low: OK; half: without data, switched off or missing; full: ALARM</p>
${chart("alarms", "Alarms that were not always OK", described, rows)}
${table(["step", "alarm", "since", "state"], cells, "Each change of an alarm's state")}`;
}

function sayLook({ step, ms, alarms: { watched, readings, unread, states } }: Watched): string {
  const restless = Object.keys(states).length;
  const unreadable = unread > 0 ? `, ${unread} of which failed` : "";
  return `${step}: ${watched} alarms in ${readings} readings${unreadable} over ${sayDuration(ms)}; ${restless === 0 ? "all of them always OK" : `${restless} not always OK`}`;
}

function rowsOf({ step, ms, alarms: { states } }: Watched): Row[] {
  return Object.entries(states).map(([name, moments]) => {
    const marks = moments.map(([at, state], index) => {
      const until = moments[index + 1]?.[0] ?? ms;
      // What it ended with is seen, too.
      const from = Math.min(at / ms, 1 - SLIVER);
      const span = { from, to: Math.max(until / ms, from + SLIVER) };
      return mark(`state-${state.toLowerCase()}`, span, HEIGHTS[state] ?? OTHER);
    });
    const course = moments.map(([, state]) => state).join(" → ");
    return { label: `${step}, ${name}: ${course}`, marks: marks.join("") };
  });
}
