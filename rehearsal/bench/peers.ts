import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { environmentNames, firstEnvironment, loadEnvironment } from "../../orchestrator/environment.ts";
import type { Entry } from "../../orchestrator/promotion/events.ts";
import { codeSha256, functionParts, MANIFEST, manifestKey } from "../../orchestrator/release/manifest.ts";
import { readStacks } from "../../orchestrator/release/stacks.ts";
import type { Ground } from "../ground.ts";
import type { Ended } from "../story/command.ts";
import { makeCommits } from "../story/commits.ts";
import { healthRequest } from "../story/outside.ts";
import { cdkPeer } from "./cdk.ts";
import { median, type Pair, type Timed, timePair } from "./pairs.ts";
import { terraformPeer } from "./terraform.ts";

const TIMES = 5;
const ROLLBACKS = 10;

type Stage = {
  root: string;
  directory: string;
  ground: Ground;
  cli: (args: string[]) => Promise<Ended>;
  /** A command of the CLI as an npm script starts it. */
  timed: (args: string[]) => Timed;
  progress: (line: string) => void;
};

/** How long rollbacks took, in milliseconds, from the decision to the old version having all traffic, verified. */
export type Rollbacks = { traffic: number[] };

/**
 * A release that changes the code, by us with every check on and by those who do the same without them: Terraform with a
 * health request, and the CDK. Ours goes to the last environment, Terraform's to the first, the CDK's to a stack of its own,
 * each from one release to the other and back, so that every run has something to do.
 */
export async function againstPeers(stage: Stage): Promise<{ pairs: Pair[]; rollbacks: Rollbacks }> {
  const { root, directory, ground, cli, progress } = stage;
  const first = firstEnvironment(root);
  const [last = ""] = environmentNames(root).filter((name) => name !== first);
  const releases = join(directory, "releases");
  const { A = "", B = "" } = await makeCommits(root, join(directory, "peers"));
  const promote = (env: string, sha: string) => [
    ...["promote", "--env", env, "--sha", sha, "--local"],
    ...(env === first ? ["--release-dir", join(releases, sha)] : ["--from", first]),
    ...["--strategy", "all-at-once", "--bake", "0s"],
  ];
  progress("Promoting two releases through both environments");
  for (const sha of [A, B]) await must(cli(["package", "--sha", sha, "--out", releases, "--allow-dirty"]));
  for (const env of [first, last]) for (const sha of [A, B]) await must(cli(promote(env, sha)));

  const both = await Promise.all([A, B].map((sha) => digestsOf(releases, sha)));
  const access = ground.administrator;
  const promotion = loadEnvironment(root, first).promotion;
  const { project } = await readStacks(root);
  progress("Handing the first environment to Terraform");
  const terraform = await terraformPeer({
    directory: join(directory, "terraform"),
    environment: first,
    state: promotion.state,
    project: project.name,
    packages: promotion.packages,
    access,
    releases: both,
    health: await healthRequest(first, access),
  });
  const cdk = await cdkPeer({
    directory: join(directory, "cdk"),
    packages: promotion.packages,
    access,
    releases: both,
    progress,
  });
  progress("Timing a changed release, in turn");
  // The last promotion was of B; Terraform comes to rest on A.
  const ours = (run: number) => stage.timed(promote(last, run % 2 ? B : A));
  const pairs: Pair[] = [];
  if (terraform)
    pairs.push(
      await timePair("promote / terraform apply and curl", TIMES, ours, (run) => terraform(run % 2 ? A : B)),
    );
  else progress("Terraform is not installed: no pair with it");
  const after = pairs.length ? (TIMES + 1) % 2 : 0;
  pairs.push(
    await timePair(
      "promote / cdk deploy",
      TIMES,
      (run) => ours(run + after),
      (run) => cdk(run % 2 ? A : B),
    ),
  );
  progress(`Rolling back ${ROLLBACKS} times`);
  return { pairs, rollbacks: await rollBack(stage, last) };
}

/** Takes the environment back and forth between its two releases, and reads from the ledger how long it took. */
async function rollBack({ cli }: Stage, env: string): Promise<Rollbacks> {
  const { document } = await cli(["history", "--env", env, "--local", "--json"]);
  const before = (document.entries as Entry[]).length;
  let to: string[] = [];
  for (let time = 0; time < ROLLBACKS; time++) {
    const order = ["rollback", "--env", env, ...to, "--local", "--reason", "to measure it"];
    const ended = await must(cli(order), 4);
    to = ["--to", String(ended.document.previousSha)];
  }
  const after = await cli(["history", "--env", env, "--local", "--json"]);
  const entries = (after.document.entries as Entry[]).slice(before);
  return { traffic: entries.flatMap(({ event }) => (event.type === "traffic-restored" ? [event.ms] : [])) };
}

export function rollbackLine({ traffic }: Rollbacks): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
  return `rollback, from the decision to verified: ${seconds(median(traffic))} the median of ${traffic.length}, ${seconds(Math.max(...traffic))} the worst`;
}

async function digestsOf(releases: string, sha: string) {
  const text = await readFile(join(releases, sha, manifestKey(sha)), "utf8");
  const parts = functionParts(MANIFEST.parse(JSON.parse(text)));
  return {
    sha,
    digests: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, codeSha256(part)])),
  };
}

async function must(ended: Promise<Ended>, ...alsoFine: number[]): Promise<Ended> {
  const { code, document } = await ended;
  if (code !== 0 && !alsoFine.includes(code ?? -1))
    throw new Error(`exit code ${code}: ${JSON.stringify(document.reason)}`);
  return { code, document };
}
