import type { SurveyedResource } from "../ports/engine.ts";
import type { LeaseRecord } from "../ports/ledger.ts";
import { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import type { Entry, RunningRelease } from "../promotion/events.ts";
import { openPromotions, runningRelease, trusted } from "../promotion/history.ts";
import { reasonOf } from "../promotion/outcome.ts";
import type { Ports } from "../promotion/promotion.ts";
import { updatedTo } from "../promotion/stack.ts";
import { loadRelease, programOf } from "../release/load.ts";

/** What reading an environment needs: none of it changes anything. */
export type Eyes = {
  environment: string;
  ports: Pick<Ports, "engine" | "store" | "ledger" | "traffic">;
  signal: AbortSignal;
};

/** A promotion that has not ended. Who runs it is known by its lease; without one, its process died. */
export type InFlight = { promotionId: string; sha: string | null; by: string | null };

/** An environment as it is read, beside what the ledger says of it. */
export type Looked = {
  environment: string;
  entries: Entry[];
  running: RunningRelease;
  /** The release that the stack was last updated to. During a promotion the traffic may be on the one before. */
  stackSha: string;
  inFlight: InFlight | null;
  survey: SurveyedResource[];
};

/** Reads what is deployed in an environment. Takes no lease: a promotion may go on meanwhile. */
export async function look({ environment, ports, signal }: Eyes): Promise<Looked> {
  const [all, lease] = await Promise.all([ports.ledger.entries(), ports.ledger.held()]);
  const entries = trusted(all, environment);
  const running = runningRelease(entries);
  if (!running) throw problem("never-promoted", { environment });
  const stackSha = updatedTo(entries) ?? running.sha;
  const release = await loadRelease([ports.store], stackSha);
  const survey = await ports.engine.survey(programOf(release), signal).catch((error) => {
    signal.throwIfAborted();
    if (error instanceof Problem) throw error;
    throw problem("survey-failed", { environment, said: reasonOf(error).message }, error);
  });
  const began = inFlight(entries, lease);
  // One that began while the stack was read explains as much.
  const since =
    began ?? inFlight(trusted(await ports.ledger.entries(), environment), await ports.ledger.held());
  return { environment, entries, running, stackSha, inFlight: since, survey };
}

function inFlight(entries: Entry[], lease: LeaseRecord | undefined): InFlight | null {
  const open = openPromotions(entries).at(-1);
  if (!lease) return open ? { ...open, by: null } : null;
  const { who, host, run, promotionId } = lease.holder;
  const sha = open?.promotionId === promotionId ? open.sha : null;
  return { promotionId, sha, by: `${who} on ${host} (${run})` };
}
