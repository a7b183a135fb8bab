import { problem } from "../problems.ts";
import type { Entry } from "./events.ts";
import { type Hold, holds, trusted } from "./history.ts";
import { type Contender, underLease } from "./lease.ts";

/** What is held: a release by its SHA, or the whole environment, which is null. */
export type Held = { sha: string | null; because: string };

/** Records a hold. It replaces an earlier one of the same thing. */
export async function hold(
  contender: Contender,
  { sha, because, until }: Held & { until: Date | null },
): Promise<void> {
  const { who } = contender.order.holder;
  await underLease(contender, async (append) => {
    await append({ type: "held", sha, because, who, until: until?.toISOString() ?? null });
  });
}

/**
 * Ends a hold. Throws `not-held` where there is none.
 * @returns the hold that ended
 */
export async function releaseHold(contender: Contender, { sha, because }: Held): Promise<Hold> {
  const { who } = contender.order.holder;
  return await underLease(contender, async (append) => {
    const { ledger, clock } = contender.ports;
    const entries: Entry[] = trusted(await ledger.entries(), contender.environment.name);
    const ended = holds(entries, clock.now()).find((each) => each.sha === sha);
    if (!ended) throw problem("not-held", { environment: contender.environment.name, sha });
    await append({ type: "hold-released", sha, because, who });
    return ended;
  });
}
