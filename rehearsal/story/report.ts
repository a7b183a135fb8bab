import { sayDuration } from "../../orchestrator/duration.ts";
import { figures, html, page, table } from "../../orchestrator/report/page.ts";
import type { Scene, Story } from "./story.ts";

/** A rehearsed story as one HTML page that needs nothing beside it. */
export function renderReport(story: Story, about: { at: string; tookMs: number }): string {
  const good = story.scenes.filter(({ objections }) => objections.length === 0).length;
  const longest = Math.max(...story.scenes.map(({ ms }) => ms));
  const back = story.rollbackMs === null ? "none" : sayDuration(story.rollbackMs);
  const { orchestrator, provider, emulator, emulatorAtEnd } = story.memory;
  const shown = figures([
    ["acts as expected", `${good} of ${story.scenes.length}`],
    ["whole story", sayDuration(about.tookMs)],
    ["rollback, decision to proof", back],
    ["memory: orchestrator", `${orchestrator} MB`],
    ["memory: provider and bridge", `${provider} MB`],
    ["memory: emulator at the end", `${emulatorAtEnd} MB`],
    ["memory: emulator at most", `${emulator} MB`],
  ]);
  const body = `<h1>Rehearsal</h1>
<p>Played on <time datetime="${html(about.at)}">${html(about.at)}</time> with the real engine, provider and orchestrator against an AWS emulator.</p>
${shown}
<h2>What happened</h2>
<ol class="acts">${story.scenes.map((scene) => renderScene(scene, longest)).join("")}</ol>
<h2>The ledgers</h2>
${Object.entries(story.ledgers).map(renderLedger).join("")}`;
  return page({ title: `Rehearsal of ${about.at}`, body });
}

function renderScene(scene: Scene, longest: number): string {
  const { env, release, sha, outcome, ms, act, steps, reason, visitors, objections } = scene;
  const bars = steps.map(
    ({ name, outcome: how, ms: took }) =>
      `<span class="${html(how)}" style="width:${((took / longest) * 100).toFixed(2)}%" title="${html(name)}: ${html(how)}, ${sayDuration(took)}"></span>`,
  );
  const told = steps.map(
    ({ name, outcome: how, ms: took }) => `${name} ${how === "passed" ? "" : `${how} `}${sayDuration(took)}`,
  );
  const lines = [
    `<p class="steps">${html(told.join(" · "))}</p>`,
    reason ? `<p>${html(reason.message)} <code>${html(reason.code)}</code></p>` : "",
    visitors
      ? `<p>${visitors.answered} requests of visitors were answered, ${visitors.failed} failed.</p>`
      : "",
    ...objections.map((objection) => `<p class="objection">Not as expected: ${html(objection)}</p>`),
  ];
  return `<li class="${objections.length === 0 ? "good" : "bad"}">
<h3>${html(release)} → ${html(env)} <span class="outcome ${html(outcome)}">${html(outcome)}</span> <small>${sayDuration(ms)}, <code>${html(sha.slice(0, 7))}</code></small></h3>
<p>${html(act.tells)}</p>
<div class="bar" aria-hidden="true">${bars.join("")}</div>
${lines.join("")}
</li>`;
}

function renderLedger([env, entries]: [string, Story["ledgers"][string]]): string {
  const rows = entries.map(({ sequence, at, promotionId, event }) => {
    const { type, ...rest } = event;
    return [
      String(sequence),
      html(at),
      html(promotionId),
      html(type),
      `<code>${html(JSON.stringify(rest))}</code>`,
    ];
  });
  return `<details><summary>${html(env)}: ${entries.length} entries, the chain holds</summary>
${table(["#", "at", "promotion", "event", "what"], rows)}
</details>`;
}
