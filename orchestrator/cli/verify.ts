import pc from "picocolors";
import { publicKeyOf } from "../adapters/kms-signer.ts";
import { lambdaTraffic } from "../adapters/lambda-traffic.ts";
import { s3Artifacts } from "../adapters/s3-artifacts.ts";
import { type Commit, followChain } from "../chain/chain.ts";
import type { Chain, Link } from "../chain/link.ts";
import type { Side } from "../chain/side.ts";
import { environmentNames } from "../environment.ts";
import { trusted } from "../promotion/history.ts";
import { factsOf } from "../release/checkout.ts";
import { fullSha, git } from "../release/git.ts";
import { ledgerOf } from "./compose.ts";
import { ROOT } from "./root.ts";
import { type Surroundings, surroundings } from "./surroundings.ts";

type Options = { sha: string; env: string[]; local?: boolean; json?: boolean };

const BROKEN = 3;

/** Prints the chain of a release, from its commit to what runs, and fails when a link is broken. */
export async function verifyCommand({ sha, env, local, json }: Options): Promise<void> {
  const names = env.includes("all") ? environmentNames(ROOT) : env;
  const places = await Promise.all(names.map((name) => surroundings({ env: name, local })));
  const full = await fullSha(ROOT, sha);
  const [commit, ...sides] = await Promise.all([commitOf(full), ...places.map(sideIn)]);
  const chain = await followChain(full, commit, sides);
  process.stdout.write(json ? `${JSON.stringify(chain)}\n` : told(chain));
  process.exitCode = chain.holds ? 0 : BROKEN;
}

async function sideIn(where: Surroundings): Promise<Side> {
  const { environment, access } = where;
  const { packages, requires, attests, signingKey } = environment.promotion;
  const [entries, publicKey] = await Promise.all([
    ledgerOf(where).entries(),
    publicKeyOf(signingKey, access),
  ]);
  return {
    environment: environment.name,
    store: s3Artifacts(packages, access),
    traffic: lambdaTraffic(access),
    entries: trusted(entries, environment.name),
    requires,
    attests: { attestation: attests, publicKey, environment: environment.name },
  };
}

async function commitOf(sha: string): Promise<Commit | undefined> {
  const facts = await factsOf(ROOT, sha).catch(() => undefined);
  if (!facts) return undefined;
  const lockfile = await git(ROOT, ["show", `${sha}:package-lock.json`]).catch(() => undefined);
  return { ...facts, lockfile: lockfile === undefined ? undefined : Buffer.from(lockfile) };
}

const MARKS: Record<Link["state"], string> = {
  holds: pc.green("✓"),
  broken: pc.red("✗"),
  "not-applicable": pc.dim("–"),
};

function told({ sha, holds, links }: Chain): string {
  const lines = links.map(
    ({ env, link, state, found }) => `${MARKS[state]} ${(env ?? "").padEnd(8)} ${link.padEnd(12)} ${found}`,
  );
  return `${sha}\n${lines.join("\n")}\n${holds ? "the chain holds" : pc.red("the chain is broken")}\n`;
}
