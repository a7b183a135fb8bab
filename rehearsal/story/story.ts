import { join } from "node:path";
import { environmentNames, firstEnvironment } from "../../orchestrator/environment.ts";
import type { Entry } from "../../orchestrator/promotion/events.ts";
import type { TrafficLine } from "../../orchestrator/promotion/traffic.ts";
import type { Ground } from "../ground.ts";
import { ACTS, type Act } from "./acts.ts";
import { command, type Ended } from "./command.ts";
import { makeCommits } from "./commits.ts";
import { type Memory, watchMemory } from "./memory.ts";
import { lookFromOutside } from "./outside.ts";
import { inviteVisitors } from "./visitors.ts";

/** One act as it was played. `objections` are what was not as it must be; none means that all was. */
export type Scene = {
  env: string;
  release: string;
  sha: string;
  outcome: string;
  ms: number;
  act: Act;
  steps: { name: string; outcome: string; ms: number }[];
  reason: { code: string; message: string } | null;
  visitors: { answered: number; failed: number } | null;
  objections: string[];
};

export type Story = {
  scenes: Scene[];
  rollbackMs: number | null;
  memory: Memory;
  ledgers: Record<string, Entry[]>;
};

type Stage = {
  root: string;
  directory: string;
  ground: Ground;
  signal: AbortSignal;
  /** Hears each act as it begins, each line of progress, and each scene as it ends. */
  tell: (
    event:
      | { type: "act"; env: string; release: string; tells: string }
      | { type: "line"; line: string }
      | { type: "scene"; scene: Scene },
  ) => void;
};

/** Plays all acts in order, each by the CLI, and checks each from outside. */
export async function playStory(stage: Stage): Promise<Story> {
  const { root, directory, ground, signal, tell } = stage;
  const first = firstEnvironment(root);
  const [last = ""] = environmentNames(root).filter((name) => name !== first);
  const memory = watchMemory(ground.record.emulatorPid);
  const cli: Cli = (args) =>
    command(args, {
      directory,
      signal,
      hear: (line) => tell({ type: "line", line }),
      began: memory.orchestrator,
    });

  const releases = join(directory, "releases");
  const shas = await makeCommits(root, directory);
  for (const sha of Object.values(shas)) await build(cli, sha, releases);

  const scenes: Scene[] = [];
  for (const act of ACTS) {
    const env = act.environment === "first" ? first : last;
    const sha = shas[act.release] ?? "";
    tell({ type: "act", env, release: act.release, tells: act.tells });
    const outside = act.visitors ? await lookFromOutside(env, ground.administrator) : undefined;
    const visitors = outside && inviteVisitors(outside);
    const began = performance.now();
    const ended = await cli([
      "promote",
      "--env",
      env,
      "--sha",
      sha,
      "--local",
      "--release-dir",
      join(releases, sha),
    ]).finally(() => visitors?.leave());
    const ms = Math.round(performance.now() - began);
    const { outcome, steps, reason } = ended.document as Pick<Scene, "outcome" | "steps" | "reason">;
    const objections = await judge(stage, env, act, ended, shas);
    const seen = (await visitors?.leave()) ?? null;
    const scene = {
      env,
      release: act.release,
      sha,
      outcome,
      ms,
      act,
      steps,
      reason,
      visitors: seen,
      objections,
    };
    scenes.push(scene);
    tell({ type: "scene", scene });
    // What comes after builds on what came before: a story that went wrong is not told on.
    if (objections.length > 0) break;
  }
  const ledgers: Record<string, Entry[]> = {};
  for (const env of [first, last])
    ledgers[env] = (await cli(["history", "--env", env, "--local", "--verify"])).document.entries as Entry[];
  return { scenes, rollbackMs: rollbackMs(ledgers[last] ?? []), memory: await memory.end(), ledgers };
}

type Cli = (args: string[]) => Promise<Ended>;

async function build(cli: Cli, sha: string, releases: string): Promise<void> {
  const { code, document } = await cli(["package", "--sha", sha, "--out", releases, "--allow-dirty"]);
  if (code === 0) return;
  const { message } = document.reason as { message: string };
  throw new Error(`the release ${sha} could not be built: ${message}`);
}

/** What is not as the act wants it: the outcome, the exit code, and what anybody can see from outside. */
async function judge(
  { ground }: Stage,
  env: string,
  act: Act,
  { code, document }: Ended,
  shas: Record<string, string>,
): Promise<string[]> {
  const objections: string[] = [];
  const hold = (what: string, found: unknown, wanted: unknown) => {
    if (found !== wanted) objections.push(`${what} is ${found}, not ${wanted}`);
  };
  hold("the outcome", document.outcome, act.expected);
  hold("the exit code", code, act.expected === "promoted" ? 0 : 4);
  try {
    const outside = await lookFromOutside(env, ground.administrator);
    hold("the version that answers", await outside.version(), shas[act.running]);
    hold("the answer without a key", await outside.statusWithoutKey(), 401);
    for (const { function: name, version, sha, weight } of document.traffic as TrafficLine[]) {
      const weights = await outside.weights(`${env}-sentiment-${name}`);
      hold(`the share of ${name} on version ${version}`, weights[version], weight);
      hold(`the share of ${name} that its release has`, weight, 1);
      hold(`the release of ${name}`, sha, shas[act.running]);
    }
  } catch (error) {
    objections.push(`it cannot be looked at from outside: ${error instanceof Error ? error.message : error}`);
  }
  return objections;
}

/** How long the last rollback of a ledger took from the decision until it was proved, as recorded there. */
function rollbackMs(entries: Entry[]): number | null {
  for (const { event } of entries.toReversed())
    if (event.type === "promotion-ended" && event.rollbackMs !== null) return event.rollbackMs;
  return null;
}
