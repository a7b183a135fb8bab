import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pc from "picocolors";
import { raise } from "../../rehearsal/ground.ts";
import { ACTS } from "../../rehearsal/story/acts.ts";
import { renderReport } from "../../rehearsal/story/report.ts";
import { playStory, type Scene, type Story } from "../../rehearsal/story/story.ts";
import { sayDuration } from "../duration.ts";
import type { Progress } from "../promotion/progress.ts";
import { onInterrupt } from "./interrupt.ts";
import { plainLines } from "./plain-lines.ts";
import { paintFor, speaker } from "./progress.ts";
import { secrets } from "./secrets.ts";
import { forgetOwnSettings, REHEARSAL, ROOT } from "./surroundings.ts";

/** Plays the story on an emulator of its own and leaves a report. Whatever happens, nothing is left running. */
export async function rehearseCommand({ json = false }: { json?: boolean }): Promise<void> {
  const began = performance.now();
  const at = new Date();
  const directory = await mkdtemp(join(tmpdir(), "rehearsal-"));
  const say = speaker(json);
  const stopping = stopOnInterrupt(directory, say);
  forgetOwnSettings();
  // What is cut off cannot clear up its temporary files: they lie where all the rest is removed.
  process.env.TMPDIR = directory;
  let ground: Awaited<ReturnType<typeof raise>> | undefined;
  let kept = "";
  try {
    const common = { root: ROOT, directory, signal: stopping.signal };
    ground = await raise({ ...common, keepState: false, progress: say });
    const story = await playStory({ ...common, ground, tell: telling(json) });
    const tookMs = Math.round(performance.now() - began);
    const report = await writeReport(story, at, tookMs);
    kept = `the report ${report}`;
    const good =
      story.scenes.length === ACTS.length && story.scenes.every(({ objections }) => objections.length === 0);
    process.stdout.write(
      json ? `${JSON.stringify(document(story, report))}\n` : summary(story, report, tookMs),
    );
    process.exitCode = good ? 0 : 1;
  } catch (error) {
    if (!stopping.signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    await ground?.stop();
    await rm(directory, { recursive: true, force: true });
    say(
      kept
        ? `Kept: ${kept}.`
        : "Kept: what was installed, for the next time. Everything else of this rehearsal is gone.",
    );
  }
}

/** The first interrupt ends the rehearsal in order; the second ends the process, and with it all that is tethered to it. */
function stopOnInterrupt(directory: string, say: (text: string) => void): AbortController {
  const stopping = new AbortController();
  onInterrupt(() => {
    if (stopping.signal.aborted) {
      say(
        "Kept: what was installed, for the next time. Everything else of this rehearsal is gone in seconds.",
      );
      removeSoon(directory);
      process.exit(130);
    }
    say("Ending the rehearsal; once more ends it at once.");
    stopping.abort(new Error("interrupted"));
  });
  return stopping;
}

/** Removes the directory once nothing can write to it any more: what is tethered to us has 2 s to end when we end. */
function removeSoon(directory: string): void {
  const remove = ["-c", 'sleep 3; rm -rf -- "$0"', directory];
  spawn("/bin/sh", remove, { detached: true, stdio: "ignore" }).unref();
}

async function writeReport(story: Story, at: Date, tookMs: number): Promise<string> {
  const reports = join(REHEARSAL, "reports");
  await mkdir(reports, { recursive: true });
  const report = join(reports, `rehearsal-${at.toISOString().replaceAll(/[:.]/g, "-")}.html`);
  await writeFile(report, secrets.redact(renderReport(story, { at: at.toISOString(), tookMs })));
  return report;
}

function document({ scenes, rollbackMs }: Story, report: string) {
  const story = scenes.map(({ env, release, sha, outcome, ms }) => ({ env, release, sha, outcome, ms }));
  return { story, rollbackMs, report };
}

type Event = Parameters<Parameters<typeof playStory>[0]["tell"]>[0];

/** Tells the story while it happens, the progress of its commands included. */
function telling(json: boolean): (event: Event) => void {
  const say = speaker(false);
  if (json) return (event) => say(JSON.stringify(event.type === "line" ? progressOf(event.line) : event));
  const hear = plainLines(process.stderr, paintFor(process.stderr));
  return (event) => {
    if (event.type === "act") say(`\n${pc.bold(`${event.release} → ${event.env}`)}: ${event.tells}`);
    else if (event.type === "scene")
      for (const objection of event.scene.objections) say(pc.red(`  not as expected: ${objection}`));
    else {
      const progress = progressOf(event.line);
      if (progress.type === "line") say(`  ${progress.text}`);
      else hear(progress);
    }
  };
}

/** What a command said in a line: its progress as JSON, or words, such as an error's. */
function progressOf(line: string): Progress | { type: "line"; text: string } {
  try {
    return JSON.parse(line);
  } catch {
    return { type: "line", text: line };
  }
}

function summary({ scenes, rollbackMs, memory }: Story, report: string, tookMs: number): string {
  const line = ({ env, release, outcome, ms, objections }: Scene) => {
    const mark = objections.length === 0 ? pc.green("✓") : pc.red("✗");
    return `${mark} ${release} → ${env.padEnd(8)} ${outcome.padEnd(12)} ${sayDuration(ms)}`;
  };
  const back =
    rollbackMs === null ? "no rollback was recorded" : `${sayDuration(rollbackMs)} from decision to proof`;
  return `
${scenes.map(line).join("\n")}

rollback  ${back}
memory    orchestrator ${memory.orchestrator} MB, provider and bridge ${memory.provider} MB, emulator ${memory.emulatorAtEnd} MB (${memory.emulator} MB at most)
took      ${sayDuration(tookMs)}
report    ${report}
`;
}
