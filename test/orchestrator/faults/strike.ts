import { EXIT_CODES } from "../../../orchestrator/promotion/outcome.ts";
import type { Conclusion } from "../../../orchestrator/promotion/run.ts";
import { type World, world } from "../../fakes/world.ts";
import { inflict, mend } from "./inflict.ts";
import type { FaultName, StepName } from "./names.ts";

/** What came of a fault: the world after the next run, both conclusions, and the cell that they make. */
export type Struck = {
  w: World;
  ended: Conclusion | "died";
  again: Conclusion;
  seen: string;
  exit: number | undefined;
};

const WAITING = { order: { waitMs: 60 * 60_000 } };

/** Lets a fault strike a promotion at a step, has people mend what was broken, and gives the next command. */
export async function strike(fault: FaultName, step: StepName): Promise<Struck> {
  const w = world();
  const old = await w.settled("old");
  const sha = await w.release("new");
  const releases = { old, sha };
  const untouched = [...w.ledger.written];
  const { befalls, ...doing } = inflict(w, fault, step, releases);
  const ended = await w.promoteUntilDeath(sha, befalls, doing);
  const then = w.share(old) === 1 ? "old" : w.share(sha) === 1 ? "new" : "mixed";
  mend(w, step, releases);
  for (const [index, entry] of untouched.entries()) w.ledger.written[index] = entry;
  const again = await next(w, sha, ended === "died" ? "" : (ended.reason?.remedy ?? ""));
  const exit = ended === "died" ? undefined : EXIT_CODES[ended.outcome];
  const seen = `${ended === "died" ? "died -" : short(ended)} ${then} ${again.reason?.code ?? again.outcome}`;
  return { w, ended, again, seen, exit };
}

/** The command that the remedy names; where it names none, the same command again. */
async function next(w: World, sha: string, remedy: string): Promise<Conclusion> {
  if (remedy.includes("npm run rollback")) return await w.rollback(null, WAITING);
  const [, named = sha] = /npm run promote .*--sha ([0-9a-f]{40})/.exec(remedy) ?? [];
  return await w.promote(named, WAITING);
}

const short = ({ outcome, reason }: Conclusion) => `${outcome} ${reason?.code ?? "-"}`;
