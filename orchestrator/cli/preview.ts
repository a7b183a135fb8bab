import { appendFile } from "node:fs/promises";
import { resolve } from "node:path";
import { octokitGitHub } from "../adapters/octokit-github.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { foreseen } from "../foreseen.ts";
import { type Kept, keepComment } from "../preview/comment.ts";
import { LONGEST_SUMMARY } from "../preview/fitting.ts";
import { markdown, markerOf } from "../preview/markdown.ts";
import { failedPreview, type Preview, previewOf } from "../preview/previewed.ts";
import { problem } from "../problems.ts";
import { requireCleanTree, resolveCommit } from "../release/git.ts";
import { buildCommit, buildWorkingTree } from "../release/package.ts";
import { composeEngine, ledgerOf } from "./compose.ts";
import { exitCodeOf, tellProblem } from "./failure.ts";
import { githubAccess } from "./github.ts";
import { stopOnInterrupt } from "./interrupt.ts";
import { speaker } from "./progress.ts";
import { ROOT } from "./root.ts";
import { secrets } from "./secrets.ts";
import { type Surroundings, surroundings, type Where } from "./surroundings.ts";

type Options = Where & { sha?: string; pr?: string; gate?: boolean; json?: boolean };

/**
 * Says what a change would do to an environment, without changing or recording anything there. It is printed whatever
 * becomes of its comment.
 */
export async function previewCommand(options: Options): Promise<void> {
  const { json = false, gate = false } = options;
  const pull = pullOf(options.pr);
  const where = await surroundings(options);
  const { preview: whole, error } = await made(where, options);
  // Before it is laid out: what is left of a secret afterwards may be longer than the secret was.
  const preview = secrets.redactAll(whole);
  const page = markdown(preview, { longest: LONGEST_SUMMARY });
  const { GITHUB_STEP_SUMMARY: summary } = process.env;
  if (summary) await appendFile(summary, `${page}\n`);
  const kept = pull === undefined ? {} : await comment(pull, preview);
  process.stdout.write(json ? `${JSON.stringify({ ...preview, comment: kept.did ?? null })}\n` : page);
  const failure = error ?? kept.error;
  if (failure !== undefined) {
    tellProblem(failure, { json: false, debug: process.argv.includes("--debug") });
    process.exitCode = exitCodeOf(failure);
  } else if (gate && preview.gates.length > 0) process.exitCode = 3;
}

function pullOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^[1-9]\d{0,9}$/.test(given)) return Number(given);
  throw problem("option-invalid", { option: "--pr", value: given, wanted: "the number of a pull request" });
}

/** Keeps the preview below a pull request, and says how, or why not. */
async function comment(pull: number, preview: Preview): Promise<{ did?: Kept; error?: unknown }> {
  try {
    const github = octokitGitHub(githubAccess());
    const marker = markerOf(preview.env);
    const body = markdown(preview, { rest: ` All of it: ${run()}.` });
    return { did: await keepComment(github, { pull, marker, body }) };
  } catch (error) {
    return { error: foreseen(error) };
  }
}

/** Where all of a preview is that does not fit into a comment. */
function run(): string {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID } = process.env;
  if (!GITHUB_RUN_ID) return "`npm run preview` prints it";
  return `[the summary of the run](${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID})`;
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
    // Whoever stopped it begins a newer one, as a push to a pull request does: this one has nothing to say any more.
    if (stopping.signal.aborted) throw error;
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
