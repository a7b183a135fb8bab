import { sayDuration } from "../duration.ts";
import { sayOdds } from "../promotion/sighting.ts";
import { chart, mark, type Row, tick } from "./chart.ts";
import { html, prose, table } from "./page.ts";
import { clock } from "./steps.ts";
import type { Told } from "./story.ts";

type Judged = Told["judgements"][number];
type Asked = { step: string; who: string; asked: Judged["asked"][string] };

/** A picture of more rows than these is none; the table has them all. */
const MOST_ROWS = 40;

/** What was decided in each step, by which rule and on what evidence; and how fast who answered. */
export function judgementsSection({ judgements }: Told): string {
  if (judgements.length === 0) return "<h2>Evidence</h2><p>The release was asked nothing.</p>";
  const rows = judgements.map((judged) => {
    const { at, step, verdict, because, rule, ms } = judged;
    return [
      html(clock(at)),
      html(step),
      `<strong>${html(verdict)}</strong>${because ? prose(because) : ""}`,
      prose(evidenceOf(judged)),
      prose(rule),
      html(sayDuration(ms)),
    ];
  });
  const heads = ["at (UTC)", "step", "decided", "on the evidence", "by the rule", "after"];
  return `<h2>Evidence</h2>
${table(heads, rows, "What was decided, and on what")}
${latencies(judgements)}
${counted(judgements)}`;
}

/** In words what the answers said: of the party that was worst, where it was recorded. */
function evidenceOf({ asked }: Judged): string {
  const parties = Object.entries(asked).filter(([who]) => who !== "before");
  const [answers, bad] = [sum(parties, "answers"), sum(parties, "bad")];
  const counted = `${answers} answers, ${bad} of them bad`;
  const weights = parties.flatMap(([who, { weight }]) => (weight === undefined ? [] : [{ who, weight }]));
  const worst = weights.toSorted((a, b) => b.weight - a.weight)[0];
  return worst ? `${counted}; of ${CALLED[worst.who] ?? worst.who}: ${sayOdds(worst.weight)}` : counted;
}

const sum = (parties: [string, Judged["asked"][string]][], of: "answers" | "bad") =>
  parties.reduce((total, [, asked]) => total + asked[of], 0);

const CALLED: Record<string, string> = { before: "the version before", users: "the URL" };

function latencies(judgements: Judged[]): string {
  const all = judgements.flatMap(({ step, asked }) =>
    Object.entries(asked).map(
      ([who, each]): Asked => ({ step, who: CALLED[who] ?? `new ${who}`, asked: each }),
    ),
  );
  if (all.length === 0) return "";
  const longest = Math.max(1, ...all.map(({ asked: { median, p95 } }) => Math.max(median ?? 0, p95 ?? 0)));
  const described = `How long each party took to answer a health request, from 0 to ${longest} ms. The table below has the same figures.`;
  const cells = all.map(({ step, who, asked: { answers, bad, median, p95 } }) =>
    [step, who, answers, bad, ms(median), ms(p95)].map(html),
  );
  return `<h3>Latencies of the probes</h3>
<p class="legend"><span class="key asked" aria-hidden="true"></span> median of the new version, <span class="key other" aria-hidden="true"></span> of the version before; the line: 95 % were faster</p>
${chart("latencies", "Latencies of the probes", described, all.slice(0, MOST_ROWS).map(row(longest)))}
${table(["step", "asked", "answers", "bad", "median", "p95"], cells, "Latencies and answers of the probes")}`;
}

const row =
  (longest: number) =>
  ({ step, who, asked: { answers, median, p95 } }: Asked): Row => ({
    label: `${step}, ${who}: ${ms(median)}, p95 ${ms(p95)}, ${answers} answers`,
    marks: `${mark(who === CALLED.before ? "other" : "asked", { from: 0, to: (median ?? 0) / longest }, 0.7)}${p95 === null ? "" : tick("limit", p95 / longest)}`,
  });

const ms = (value: number | null) => (value === null ? "–" : `${value} ms`);

/** What the platform itself counted of all requests, those of people included, where it counted any. */
function counted(judgements: Judged[]): string {
  const rows = judgements.flatMap(({ step, measured = {} }) =>
    Object.entries(measured).map(([name, { now, before }]) =>
      [step, name, failed(now), failed(before)].map(html),
    ),
  );
  if (rows.length === 0) return "";
  return `<h3>What the platform counted</h3>
${table(["step", "function", "failed of the new version", "failed of the old"], rows, "What the platform counted of each version")}`;
}

const failed = ({ errors, invocations }: { errors: number; invocations: number }) =>
  `${errors} of ${invocations}`;
