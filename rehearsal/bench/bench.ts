import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { forgetOwnSettings } from "../../orchestrator/cli/surroundings.ts";
import { firstEnvironment } from "../../orchestrator/environment.ts";
import { git } from "../../orchestrator/release/git.ts";
import { raise } from "../ground.ts";
import { command } from "../story/command.ts";
import { coldStarts } from "./cold-starts.ts";
import { median, type Pair, timePair } from "./pairs.ts";
import { againstPeers, type Rollbacks, rollbackLine } from "./peers.ts";
import { type Pipeline, pipeline } from "./pipeline.ts";

const ROOT = join(import.meta.dirname, "..", "..");
/** What an npm script starts. */
const CLI = [join(ROOT, "launch.mjs"), join("orchestrator", "cli.ts")];
const FLOORS = import.meta.dirname;

const say = (line: string) => void process.stderr.write(`${line}\n`);
const directory = await mkdtemp(join(tmpdir(), "bench-"));
forgetOwnSettings();
const ground = await raise({ root: ROOT, directory, keepState: false, progress: say });
try {
  const { pairs, memory, rollbacks } = await measure();
  const at = new Date().toISOString();
  const kept = await keep({
    at,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    pairs,
    memory,
    rollbacks,
  });
  for (const pair of pairs) process.stdout.write(`${line(pair)}\n`);
  for (const [name, { largest, processes }] of Object.entries(memory))
    process.stdout.write(`${name}: ${largest} MB the largest of ${processes} processes\n`);
  process.stdout.write(`${rollbackLine(rollbacks)}\n`);
  process.stdout.write(`kept in ${kept}\n`);
} finally {
  await ground.stop();
  await rm(directory, { recursive: true, force: true });
}

async function measure(): Promise<Pipeline & { rollbacks: Rollbacks }> {
  const sha = (await git(ROOT, ["rev-parse", "HEAD"])).trim();
  const releases = join(directory, "releases");
  const release = join(releases, sha);
  const { signal } = new AbortController();
  const cli = (args: string[]) => command(args, { directory, signal, hear: () => {} });
  const env = firstEnvironment(ROOT);
  const promote = ["promote", "--env", env, "--sha", sha, "--local", "--release-dir", release];
  const packaging = ["package", "--sha", sha, "--out", releases, "--allow-dirty"];

  say("Promoting once, so that there is nothing left to do");
  await cli(packaging);
  const first = await cli([...promote, "--bake", "1s"]);
  if (first.code !== 0) throw new Error(`the promotion ended with exit code ${first.code}`);

  const functions = (await readdir(join(ROOT, "lambdas"), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const rehearsal = { REHEARSAL_DIR: directory };
  say("Sending a thousand articles through it");
  const { pairs: stages, memory } = await pipeline(env, ground.administrator);
  say("Timing in turn");
  const pairs = [
    await timePair(
      "a promotion with nothing to do / the bare engine's update",
      5,
      { args: [...CLI, ...promote], env: rehearsal },
      { args: [join(FLOORS, "floor-engine.ts"), ROOT, directory, env, release, sha] },
    ),
    await timePair(
      "package / esbuild alone",
      10,
      { args: [...CLI, ...packaging] },
      { args: [join(FLOORS, "floor-bundle.ts"), ROOT, sha, ...functions] },
    ),
    await timePair(
      "promote --help / Node alone",
      10,
      { args: [...CLI, "promote", "--help"] },
      { args: ["--eval", "0"] },
    ),
    await timePair(
      "own time of a promotion of 100 functions / of 10",
      10,
      { args: [join(FLOORS, "own-time.ts"), "100"] },
      { args: [join(FLOORS, "own-time.ts"), "10"] },
    ),
    ...(await coldStarts(ROOT, functions)),
    ...stages,
  ];
  const peers = await againstPeers({
    root: ROOT,
    directory,
    ground,
    cli,
    timed: (args) => ({ args: [...CLI, ...args], env: rehearsal }),
    progress: say,
  });
  return { pairs: [...pairs, ...peers.pairs], memory, rollbacks: peers.rollbacks };
}

async function keep(result: object): Promise<string> {
  const kept = join(ROOT, ".rehearsal", "bench");
  await mkdir(kept, { recursive: true });
  const file = join(kept, `bench-${new Date().toISOString().replaceAll(/[:.]/g, "-")}.json`);
  await writeFile(file, JSON.stringify(result, null, 2));
  return file;
}

function line({ what, ours, floor, ratio }: Pair): string {
  const shown = (values: number[]) => `${(median(values) / 1_000).toFixed(2)} s`;
  const of = ours.length > 1 ? `medians of ${ours.length} pairs` : `once, by the median of ${floor.length}`;
  return `${ratio.toFixed(2)}×  ${what}: ${shown(ours)} / ${shown(floor)}, ${of}`;
}
