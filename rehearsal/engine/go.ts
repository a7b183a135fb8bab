import { findOnPath, run } from "./command.ts";
import type { EngineOptions } from "./engine.ts";
import { problem } from "./problems.ts";
import { compareVersions, GO_MODULE, wantedGo } from "./wanted.ts";

const ANSWER_MS = 120_000; // an older Go may fetch a newer toolchain first

export type Go = { path: string /** As Go says it: "go1.26.8". */; version: string };

/** The Go on the PATH, if it is new enough or gets itself a toolchain that is. Throws go-missing or go-too-old. */
export async function findGo({ env, signal }: EngineOptions): Promise<Go> {
  const wanted = wantedGo();
  const path = findOnPath("go", env);
  if (path === undefined) throw problem("go-missing", { wanted });
  // Asked in the module's directory: there Go says which toolchain it would build with, or why it has none.
  const answer = await run(path, ["env", "GOVERSION"], {
    env,
    signal,
    cwd: GO_MODULE,
    deadlineMs: ANSWER_MS,
  });
  const version = answer.stdout.trim();
  if (answer.code !== 0 || compareVersions(version, wanted) < 0) {
    throw problem("go-too-old", { wanted, found: version || answer.tail || path });
  }
  return { path, version };
}
