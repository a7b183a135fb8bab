import { promotion } from "../promotion/course.ts";
import { resolveCommit } from "../release/git.ts";
import { composePromotion } from "./compose.ts";
import { runToTheEnd } from "./outcome.ts";
import { progressSink } from "./progress.ts";
import { type SourceOptions, sourceOf } from "./source.ts";
import { durationOption, ROOT, surroundings, type Where } from "./surroundings.ts";

type Options = Where &
  SourceOptions & {
    sha: string;
    strategy?: string;
    bake?: string;
    wait?: string;
    json?: boolean;
  };

const FULL_SHA = /^[0-9a-f]{40}$/;

export async function promoteCommand(options: Options): Promise<void> {
  const { strategy, bake, json = false } = options;
  durationOption("--bake", bake);
  const waitMs = durationOption("--wait", options.wait) ?? 0;
  const where = await surroundings(options, { strategy, bake });
  // A full SHA needs no repository: in CI the release may come without one.
  const sha = FULL_SHA.test(options.sha) ? options.sha : await resolveCommit(ROOT, options.sha);
  const order = { kind: "promote" as const, sha, why: null, waitMs };
  const p = composePromotion(where, order, {
    source: await sourceOf(where, sha, options),
    tell: await progressSink(json),
  });
  await runToTheEnd(p, promotion, json);
}
