import { sayDuration } from "../duration.ts";
import type { Progress, Tell } from "../promotion/progress.ts";
import type { Sighting } from "../promotion/sighting.ts";
import type { Output } from "./output.ts";
import { writeLine } from "./output.ts";
import { sayAlarms, sayEvidence, sayProbes, sayTime, sayTraffic } from "./saying.ts";
import type { Paint } from "./scene.ts";

/** How long a step that goes on may be silent, in milliseconds: an hour of baking is 120 lines, not 1,800. */
const SILENCE_MS = 30_000;

type Looked = Extract<Progress, { type: "look" }>;

/**
 * Progress as lines of a log: one for each step that ends, one for each move of the traffic, and while a release is looked
 * at one for each change and now and then a sign of life. Notes are for the eye and would fill a log.
 * @param now milliseconds since any moment
 */
export function plainLines(output: Output, paint: Paint, now: () => number = () => performance.now()): Tell {
  const marks = { passed: paint.green("✓"), failed: paint.red("✗"), skipped: paint.dim("–") };
  let sha = "";
  let running = "";
  let last: { change: string; at: number } | undefined;

  const told = (mark: string, step: string, ms: string, text: string) =>
    writeLine(output, `  ${mark} ${step.padEnd(9)} ${ms.padStart(8)}  ${text}`.trimEnd());

  function look(seen: Looked) {
    const change = changeOf(seen);
    // What is asked without a time is over soon: only what goes wrong there is news.
    last ??= seen.time ? undefined : { change: quiet(seen), at: now() };
    if (last?.change === change && now() - last.at < SILENCE_MS) return;
    last = { change, at: now() };
    told(paint.dim("·"), seen.step, "", sentence(seen));
  }

  return (progress) => {
    switch (progress.type) {
      case "started":
        sha = progress.sha;
        return writeLine(
          output,
          `${progress.promotionId}: ${progress.environment} ← ${sha.slice(0, 7) || "an earlier release"}`,
        );
      case "step-started":
        running = progress.step;
        last = undefined;
        return;
      case "traffic":
        // A stage is watched anew.
        last = undefined;
        return told(paint.dim("·"), running, "", sayTraffic(progress.traffic, sha));
      case "look":
        return look(progress);
      case "step-finished":
        return told(
          marks[progress.outcome] ?? paint.dim("?"),
          progress.step,
          sayDuration(progress.ms),
          progress.text,
        );
    }
  };
}

/** What is news when it differs: not how many good answers there are by now. */
function changeOf({ alarms, asked, evidence, time, lacks }: Sighting): string {
  const bad = Object.entries(asked).map(([who, count]) => [who, count.bad]);
  const prolonged = time && time.leftMs <= 0 ? (lacks ?? "").replaceAll(/\d+/g, "") : "";
  const well = alarms && { firing: alarms.firing, noData: alarms.noData };
  return JSON.stringify([well, bad.filter(([, count]) => count !== 0), evidence.says, prolonged]);
}

/** A sight of which nothing is to be said. */
const quiet = (seen: Sighting) =>
  changeOf({ ...seen, asked: {}, evidence: { ...seen.evidence, says: "undecided" } });

function sentence({ time, alarms, asked, evidence, lacks }: Sighting): string {
  const parts = [
    time ? sayTime(time) : "",
    alarms === undefined ? "" : `alarms: ${sayAlarms(alarms)}`,
    `probes: ${sayProbes(asked).join(", ")}`,
    sayEvidence(evidence),
    time && time.leftMs <= 0 && lacks ? `waits: ${lacks}` : "",
  ];
  return parts.filter((part) => part !== "").join("; ");
}
