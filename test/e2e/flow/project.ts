import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRepositoryFile } from "../../../orchestrator/github/repository-file.ts";
import { entry, proposeUpdate } from "../../fakes/github/dependabot.ts";
import { merge, openPull } from "../../fakes/github/pulls.ts";
import { MAINTAINER, type Pull, WEB_FLOW } from "../../fakes/github/state.ts";
import { type FakeGitHub, startGitHub } from "../../fakes/github-server.ts";
import type { Change } from "../changes.ts";
import type { Ground } from "../crash/ground.ts";
import type { Runner } from "./job.ts";
import { play, type Result, type Run } from "./play.ts";
import type { Published } from "./workspace.ts";

/** This project on GitHub: its repository, its people, and its workflows. */
export type Project = {
  at: FakeGitHub;
  main(): string;
  /** A person's pull request: one change of what was good last, whatever stands on main. */
  proposed(change: Change, good: string): Pull;
  /** Dependabot's pull request. */
  update(name: string, to: string): Pull;
  /** Runs the tests of a pull request's head, as if they had ended so. What follows by itself has followed when this resolves. */
  tested(pull: Pull, results: Record<string, Result>): Promise<Run[]>;
  /** A person presses the button, where the rules let it; returns the run that starts by it. */
  merged(pull: Pull): Promise<Run>;
  end(): void;
};

const JOBS = ["check", "unit", "emulator", "e2e"];
/** All tests of a change well, but for those named. */
export const tests = (...failed: string[]): Record<string, Result> =>
  Object.fromEntries(JOBS.map((name) => [name, failed.includes(name) ? "failure" : "success"]));

export async function projectOn(ground: Ground, published: Published): Promise<Project> {
  const { checkout, validating } = ground;
  const at = await startGitHub();
  const { repository } = at.state;
  const gh = join(checkout.bin, "gh");
  writeFileSync(gh, `#!/bin/sh\nexec node "${join(import.meta.dirname, "gh.ts")}" "$@"\n`);
  chmodSync(gh, 0o755);
  checkout.git("push", "--quiet", repository.directory, "HEAD:refs/heads/main");
  at.state.sign(repository.adopt("main"), MAINTAINER, WEB_FLOW);
  const runner: Runner = {
    checkout,
    repository: repository.directory,
    rehearsal: validating,
    published,
  };
  const main = () => repository.head("main") as string;
  const textAt = (sha: string, path: string) => repository.blob(sha, path) ?? null;
  const { checks } = readRepositoryFile(checkout.root).rules;

  /** What the rules of the branch say of a pull request, by the checks of its head. */
  function judge(run: Run): void {
    const missing = checks.find((name) => run.checks()[name] !== "success");
    at.state.mergeRefusal = missing && `Required status check "${missing}" is failing.`;
  }

  async function automerged(pull: Pull, conclusion: Result): Promise<Run[]> {
    const workflow_run = {
      event: "pull_request",
      conclusion,
      actor: { id: pull.user.id },
      head_repository: { full_name: at.state.fullName },
      head_branch: pull.head.ref,
      head_sha: pull.head.sha,
    };
    const event = { name: "workflow_run", actor: pull.user.login, sha: main(), payload: { workflow_run } };
    const run = await play(runner, at, "automerge.yml", event);
    return [run, ...(await dispatched())];
  }

  /** What was asked for with a workflow's token, which starts nothing else by what it does. */
  async function dispatched(): Promise<Run[]> {
    const runs: Run[] = [];
    for (const { workflow } of at.state.dispatches.splice(0))
      runs.push(
        await play(runner, at, workflow, {
          name: "workflow_dispatch",
          actor: at.state.actor.login,
          sha: main(),
        }),
      );
    return runs;
  }

  let branches = 0;
  return {
    at,
    main,
    proposed({ file, change }, good) {
      const [before, from] = [textAt(good, file) ?? "", main()];
      const mended = repository.files(good, from).map(({ filename }) => [filename, textAt(good, filename)]);
      const changed = change(before);
      if (changed === before) throw new Error(`the change of ${file} no longer fits`);
      const head = `topic-${++branches}`;
      const changes = { ...Object.fromEntries(mended), [file]: changed };
      const sha = repository.commit("pushing", changes, { from });
      at.state.sign(sha, MAINTAINER, WEB_FLOW);
      at.state.push(head, sha, MAINTAINER);
      return openPull(at.state, { title: `Change ${file}`, head, base: "main", user: MAINTAINER });
    },
    update(name, to) {
      const read = (path: string) => JSON.parse(textAt(main(), path) ?? "");
      const [manifest, lock] = [read("package.json"), read("package-lock.json")];
      const from = manifest.dependencies[name];
      for (const each of [manifest, lock.packages[""]]) each.dependencies[name] = to;
      Object.assign(lock.packages[`node_modules/${name}`], entry(to));
      const written = (document: object) => `${JSON.stringify(document, null, 2)}\n`;
      return proposeUpdate(at.state, {
        branch: `dependabot/npm_and_yarn/${name}-${to}`,
        changes: { "package.json": written(manifest), "package-lock.json": written(lock) },
        message: `Bump ${name} from ${from} to ${to}`,
        title: `Bump ${name} from ${from} to ${to}`,
      });
    },
    async tested(pull, given) {
      const event = { name: "pull_request", actor: pull.user.login, sha: pull.head.sha, given };
      const run = await play(runner, at, "ci.yml", event);
      judge(run);
      const all = Object.values(run.results());
      const conclusion = all.includes("failure") ? "failure" : "success";
      return [run, ...(await automerged(pull, conclusion))];
    },
    async merged(pull) {
      const sha = merge(at.state, pull, { by: MAINTAINER });
      return await play(runner, at, "promote.yml", { name: "push", actor: MAINTAINER.login, sha });
    },
    end: () => at.close(),
  };
}
