import { appendFile } from "node:fs/promises";
import { resolve } from "node:path";
import { systemClock } from "../adapters/system-clock.ts";
import { foreseen } from "../foreseen.ts";
import { LONGEST_SUMMARY } from "../preview/fitting.ts";
import { markdown } from "../preview/markdown.ts";
import { failedPreview, type Preview, previewOf } from "../preview/previewed.ts";
import { problem } from "../problems.ts";
import { requireCleanTree, resolveCommit } from "../release/git.ts";
import { buildCommit, buildWorkingTree } from "../release/package.ts";
import { composeEngine, ledgerOf } from "./compose.ts";
import { exitCodeOf, tellProblem } from "./failure.ts";
import { stopOnInterrupt } from "./interrupt.ts";
import { speaker } from "./progress.ts";
import { ROOT } from "./root.ts";
import { secrets } from "./secrets.ts";
import { type Surroundings, surroundings, type Where } from "./surroundings.ts";

type Options = Where & { sha?: string; pr?: string; gate?: boolean; json?: boolean };

/** Says what a change would do to an environment, without changing or recording anything there. */
export async function previewCommand(options: Options): Promise<void> {
  const { json = false, gate = false } = options;
  const where = await surroundings(options);
  const { preview: whole, error } = await made(where, options);
  // Before it is laid out: what is left of a secret afterwards may be longer than the secret was.
  const preview = secrets.redactAll(whole);
  await summarise(preview);
  process.stdout.write(
    json ? `${JSON.stringify(preview)}\n` : markdown(preview, { longest: LONGEST_SUMMARY }),
  );
  if (error !== undefined) {
    tellProblem(error, { json: false, debug: process.argv.includes("--debug") });
    process.exitCode = exitCodeOf(error);
  } else if (gate && preview.gates.length > 0) process.exitCode = 3;
}

/** A preview; where it fails, one that says so, because a comment from before must not be believed any longer. */
async function made(where: Surroundings, options: Options): Promise<{ preview: Preview; error?: unknown }> {
  const about = { env: where.environment.name, sha: "", uncommitted: false };
  const say = speaker(options.json ?? false);
  const stopping = stopOnInterrupt(problem("interrupted", { step: "the preview; nothing was changed" }));
  const engine = composeEngine(where, { progress: say, readOnly: true });
  try {
    engine.warm();
    about.sha = await resolveCommit(ROOT, options.sha ?? "HEAD");
    about.uncommitted = options.sha === undefined && (await isDirty());
    const building = {
      root: ROOT,
      sha: about.sha,
      progress: () => {},
      nodeModules: resolve(ROOT, "node_modules"),
    };
    const release = await (options.sha === undefined ? buildWorkingTree(building) : buildCommit(building));
    const ports = { engine, ledger: ledgerOf(where), clock: systemClock };
    const { uncommitted } = about;
    return {
      preview: await previewOf(where.environment, release, { ports, uncommitted, signal: stopping.signal }),
    };
  } catch (thrown) {
    const error = foreseen(thrown);
    return { preview: failedPreview(about, error), error };
  } finally {
    await engine.close();
  }
}

const isDirty = (): Promise<boolean> =>
  requireCleanTree(ROOT).then(
    () => false,
    () => true,
  );

/** In a job of GitHub Actions the whole of it goes to the job's summary, which takes more than a comment. */
async function summarise(preview: Preview): Promise<void> {
  const { GITHUB_STEP_SUMMARY: file } = process.env;
  if (file) await appendFile(file, `${markdown(preview, { longest: LONGEST_SUMMARY })}\n`);
}
