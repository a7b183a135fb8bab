import { sayDuration } from "../duration.ts";
import { alarmsSection } from "./alarms.ts";
import { type Detection, detectionOf } from "./detection.ts";
import { judgementsSection } from "./judgements.ts";
import { figures, html, page, prose, table } from "./page.ts";
import { clock, stepsSection } from "./steps.ts";
import type { Told } from "./story.ts";
import { trafficSection } from "./traffic.ts";

/** One promotion as a page that needs nothing beside it: how it ended first, then how it came to that. */
export function renderPromotion(told: Told, environment: string): string {
  const { started, ended, promotionId, sha } = told;
  const outcome = ended?.outcome ?? "not ended";
  const took = ended ? sayDuration(Date.parse(ended.at) - Date.parse(started.at)) : "–";
  const asked = started.kind === "rollback" ? "taken back on request" : "promoted";
  const body = [
    `<main><h1>${html(environment)} ← <code>${html(sha.slice(0, 7) || "the release before")}</code> <span class="outcome ${html(outcome)}">${html(outcome)}</span></h1>`,
    `<p>${html(started.who)} asked on <time datetime="${html(started.at)}">${html(started.at)}</time> that <code>${html(sha || "the release before")}</code> be ${asked}${started.why ? `: ${html(started.why)}` : ""}.</p>`,
    whyAndNext(told, environment),
    figures([
      ["promotion", promotionId],
      ["ran before", started.previousSha?.slice(0, 7) ?? "nothing"],
      ["runs now", runsNow(told)],
      ["took", took],
      ["traffic back in", back(told)],
    ]),
    detection(told),
    overrides(told),
    stepsSection(told),
    trafficSection(told),
    judgementsSection(told),
    alarmsSection(told),
    notices(told),
    ledger(told),
    "</main>",
  ];
  return page({
    title: `${environment}: ${outcome} ${sha.slice(0, 7)} (${promotionId})`,
    body: body.join("\n"),
  });
}

function whyAndNext({ ended, promotionId }: Told, environment: string): string {
  if (!ended)
    return `<div class="why"><p>It has no end: it runs still, or its process died.</p><p>Next: <code>npm run status -- --env ${html(environment)}</code></p></div>`;
  const { reason } = ended;
  if (!reason)
    return `<p>Next: nothing. All entries: <code>npm run history -- --env ${html(environment)}</code>, promotion ${html(promotionId)}.</p>`;
  return `<div class="why"><p>${html(reason.message)} <code>${html(reason.code)}</code></p><p>Next: ${html(reason.remedy)}</p></div>`;
}

const runsNow = ({ ended }: Told) => ended?.running?.sha.slice(0, 7) ?? "not known";

const back = ({ ended }: Told) => (ended && ended.rollbackMs !== null ? sayDuration(ended.rollbackMs) : "–");

function detection(told: Told): string {
  const found = detectionOf(told);
  if (!found) return "";
  const { step, because, fromTraffic, fromBadAnswer, fromAlarm } = found;
  return `<h2>Detection</h2>
<p>Decided in the step ${html(step)}: ${html(because)}</p>
${figures([
  [
    "from the first traffic to the decision",
    fromTraffic === null ? "before any traffic" : sayDuration(fromTraffic),
  ],
  ["from the first bad answer to the decision", sayWait(fromBadAnswer, "no bad answer")],
  ["from the first alarm to the decision", sayWait(fromAlarm, "no alarm")],
])}`;
}

const sayWait = (ms: Detection["fromAlarm"], none: string) =>
  ms === undefined ? "not recorded" : ms === null ? none : sayDuration(ms);

function overrides({ overrides: all }: Told): string {
  if (all.length === 0) return "";
  const rows = all.map(({ guard, because, reason, who }) => [
    html(guard),
    prose(because),
    prose(reason),
    html(who),
  ]);
  return `<h2>Overruled</h2>${table(["guard", "it would have said", "overruled because", "by"], rows, "What was overruled")}`;
}

function notices({ notices: told, quarantined }: Told): string {
  const said = [
    ...told.map(({ at, about }) => `${clock(at)}: people were told that it is ${about}`),
    ...quarantined.map(
      ({ at, sha, because }) => `${clock(at)}: ${sha.slice(0, 7)} was quarantined, because of ${because}`,
    ),
  ].toSorted();
  if (said.length === 0) return "<h2>Notices</h2><p>Nobody was told of anything.</p>";
  return `<h2>Notices</h2><ul>${said.map((line) => `<li>${html(line)}</li>`).join("")}</ul>`;
}

function ledger({ entries }: Told): string {
  const rows = entries.map(({ sequence, at, event }) => {
    const { type, ...rest } = event;
    return [
      String(sequence),
      html(at),
      html(type),
      `<code class="prose">${html(JSON.stringify(rest))}</code>`,
    ];
  });
  const caption = "The entries of the ledger";
  return `<h2>Ledger</h2>
<details><summary>${entries.length} entries of the ledger, the chain holds</summary>${table(["#", "at", "event", "what"], rows, caption)}</details>`;
}
