import { sayDuration } from "../duration.ts";
import { figures, html, page, table } from "./page.ts";
import type { Share, Told } from "./story.ts";

/** One promotion as a page that needs nothing beside it: how it ended first, then how it came to that. */
export function renderPromotion(told: Told, environment: string): string {
  const { started, ended, promotionId } = told;
  const sha = ended?.sha || started.sha;
  const outcome = ended?.outcome ?? "not ended";
  const took = ended ? sayDuration(Date.parse(ended.at) - Date.parse(started.at)) : "–";
  const asked = started.kind === "rollback" ? "taken back on request" : "promoted";
  const body = [
    `<h1>${html(environment)} ← <code>${html(sha.slice(0, 7) || "the release before")}</code> <span class="outcome ${html(outcome)}">${html(outcome)}</span></h1>`,
    `<p>${html(started.who)} asked on <time datetime="${html(started.at)}">${html(started.at)}</time> that <code>${html(sha || "the release before")}</code> be ${asked}${started.why ? `: ${html(started.why)}` : ""}.</p>`,
    whyAndNext(told, environment),
    figures([
      ["promotion", promotionId],
      ["ran before", started.previousSha?.slice(0, 7) ?? "nothing"],
      ["runs now", runsNow(told)],
      ["took", took],
      ["traffic back in", back(told)],
    ]),
    overrides(told),
    steps(told),
    traffic(told, sha),
    ledger(told),
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

function overrides({ overrides: all }: Told): string {
  if (all.length === 0) return "";
  const rows = all.map(({ guard, because, reason, who }) => [guard, because, reason, who].map(html));
  return `<h2>Overruled</h2>${table(["guard", "it would have said", "overruled because", "by"], rows)}`;
}

function steps({ steps: all }: Told): string {
  const longest = Math.max(1, ...all.map(({ ms }) => ms));
  const rows = all.map(({ name, at, outcome, ms, reason }) => [
    html(name),
    html(at.slice(11, 19)),
    `<span class="outcome ${outcome === "failed" ? "refused" : ""}">${html(outcome)}</span>`,
    html(sayDuration(ms)),
    `<div class="bar" aria-hidden="true"><span class="${html(outcome)}" style="width:${((ms / longest) * 100).toFixed(1)}%"></span></div>`,
    reason ? html(reason.message) : "",
  ]);
  return `<h2>Steps</h2>${table(["step", "at (UTC)", "ended", "took", "", "why"], rows)}`;
}

function traffic({ traffic: moves }: Told, asked: string): string {
  if (moves.length === 0) return "<h2>Traffic</h2><p>No traffic was moved.</p>";
  const rows = moves.flatMap(({ at, shares }) => {
    const names = [...new Set(shares.map(({ functionName }) => functionName))];
    return names.map((name) => {
      const own = shares.filter(({ functionName }) => functionName === name);
      return [html(at.slice(11, 19)), html(name), shareBar(own, asked), html(own.map(sayShare).join(", "))];
    });
  });
  return `<h2>Traffic</h2>${table(["at (UTC)", "function", "", "sent to"], rows)}`;
}

const sayShare = ({ version, sha, weight }: Share) =>
  `${Math.round(weight * 100)} % to version ${version} (${sha?.slice(0, 7) ?? "unknown"})`;

function shareBar(shares: Share[], asked: string): string {
  const parts = shares.map(
    ({ sha, weight }) =>
      `<span class="${sha === asked ? "asked" : "other"}" style="width:${(weight * 100).toFixed(0)}%"></span>`,
  );
  return `<div class="shares" aria-hidden="true">${parts.join("")}</div>`;
}

function ledger({ entries }: Told): string {
  const rows = entries.map(({ sequence, at, event }) => {
    const { type, ...rest } = event;
    return [String(sequence), html(at), html(type), `<code>${html(JSON.stringify(rest))}</code>`];
  });
  return `<details><summary>${entries.length} entries of the ledger, the chain holds</summary>${table(["#", "at", "event", "what"], rows)}</details>`;
}
