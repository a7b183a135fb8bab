import { sayDuration } from "../duration.ts";
import { between, chart, mark, type Row } from "./chart.ts";
import { html, table } from "./page.ts";
import { clock } from "./steps.ts";
import type { Share, Told } from "./story.ts";

/** More rows than these nobody reads: functions that moved alike are one row then. */
const MOST_ROWS = 12;

/** What a function sent to the release since a moment: a share between 0 and 1. */
type Since = { at: string; share: number };

/** The traffic of each function over time, as a picture and as a table. */
export function trafficSection(told: Told): string {
  const { traffic, sha } = told;
  if (traffic.length === 0) return "<h2>Traffic</h2><p>No traffic was moved.</p>";
  const rows = traffic.flatMap(({ at, shares }) =>
    namesOf(shares).map((name) => {
      const own = shares.filter(({ functionName }) => functionName === name);
      return [html(clock(at)), html(name), html(own.map(sayShare).join(", "))];
    }),
  );
  const named = sha.slice(0, 7) || "the release";
  return `<h2>Traffic</h2>
<p class="legend"><span class="key asked" aria-hidden="true"></span> from the foot up: the share of ${html(named)}; <span class="key other" aria-hidden="true"></span> the rest: other versions</p>
${chart("traffic", `The share of ${named} in each function's traffic`, describe(told), courses(told))}
${table(["at (UTC)", "function", "sent to"], rows, "Each move of the traffic")}`;
}

const namesOf = (shares: Share[]) => [...new Set(shares.map(({ functionName }) => functionName))];

const sayShare = ({ version, sha, weight }: Share) =>
  `${percent(weight)} to version ${version} (${sha?.slice(0, 7) ?? "unknown"})`;

const percent = (share: number) => `${Math.round(share * 100)} %`;

function courses(told: Told): Row[] {
  const { traffic, from, to } = told;
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  const names = namesOf(traffic.flatMap(({ shares }) => shares));
  const alike = Map.groupBy(names, (name) => (names.length > MOST_ROWS ? sayCourse(told, name) : name));
  return [...alike.values()].slice(0, MOST_ROWS).map((group) => {
    const [name = ""] = group;
    const course = courseOf(told, name);
    const marks = course.map(({ at, share }, index) => {
      const span = {
        from: between(Date.parse(at), begin, end),
        to: between(Date.parse(course[index + 1]?.at ?? to), begin, end),
      };
      const foot = seen(share);
      return mark("asked", span, foot) + mark("other", span, 1 - foot, foot);
    });
    const more = group.length > 1 ? ` and ${group.length - 1} more` : "";
    return { label: `${name}${more}: ${sayCourse(told, name)}`, marks: marks.join("") };
  });
}

/** One percent would be no more than a hair: what has any share is seen, and so is what is left of a large one. */
const seen = (share: number) => (share <= 0 ? 0 : share >= 1 ? 1 : Math.min(0.85, Math.max(0.15, share)));

/** Before the first move a release has nothing, but where it ran already. */
function courseOf({ traffic, sha, from, started }: Told, name: string): Since[] {
  const moves = traffic.flatMap(({ at, shares }): Since[] => {
    const own = shares.filter(({ functionName }) => functionName === name);
    if (own.length === 0) return [];
    return [{ at, share: own.reduce((sum, each) => sum + (each.sha === sha ? each.weight : 0), 0) }];
  });
  return [{ at: from, share: started.previousSha === sha ? 1 : 0 }, ...moves];
}

const sayCourse = (told: Told, name: string) =>
  courseOf(told, name)
    .map(({ share }) => percent(share))
    .join(" → ");

function describe({ traffic, from }: Told): string {
  const moves = traffic.map(({ at }) => `after ${sayDuration(Date.parse(at) - Date.parse(from))}`);
  return `The traffic was moved ${traffic.length} times: ${moves.slice(0, MOST_ROWS).join(", ")}. The table below says where to.`;
}
