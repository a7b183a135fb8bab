import Table from "cli-table3";
import { sayDuration } from "../duration.ts";
import { problem } from "../problems.ts";
import type { Entry } from "../promotion/events.ts";
import { brokenLink, overridesOf, readable } from "../promotion/history.ts";
import { ledgerOf } from "./compose.ts";
import { surroundings, type Where } from "./surroundings.ts";
import { warnOfUnknown } from "./unknown-entries.ts";

type Options = Where & { verify?: boolean; json?: boolean };

export async function historyCommand(options: Options): Promise<void> {
  const where = await surroundings(options);
  const entries = await ledgerOf(where).entries();
  const sequence = options.verify ? brokenLink(entries) : undefined;
  if (sequence !== undefined)
    throw problem("chain-broken", { environment: where.environment.name, sequence });
  if (options.json) process.stdout.write(`${JSON.stringify({ env: where.environment.name, entries })}\n`);
  else process.stdout.write(table(readable(entries).entries));
  warnOfUnknown(readable(entries).unknown);
  if (options.verify) process.stderr.write(`${entries.length} entries, the chain holds\n`);
}

/** One row for each promotion that ended, and for what people did beside them, newest first. */
export function table(entries: Entry[]): string {
  const rows = new Table({
    head: ["at", "promotion", "sha", "outcome", "rollback", "why"],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const entry of entries.toReversed()) {
    const row = rowOf(entry, entries);
    if (row) rows.push(row);
  }
  return rows.length === 0 ? "no promotion yet\n" : `${rows.toString()}\n`;
}

function rowOf({ event, at, promotionId }: Entry, entries: Entry[]): string[] | undefined {
  const sha = "sha" in event ? (event.sha?.slice(0, 7) ?? "") : "";
  switch (event.type) {
    case "promotion-ended": {
      const back = event.rollbackMs === null ? "" : sayDuration(event.rollbackMs);
      const overruled = overridesOf(entries, promotionId).map(
        ({ guard, reason }) => `overruled ${guard}: ${reason}`,
      );
      const why = [event.reason?.code ?? "", ...overruled].filter(Boolean).join("; ");
      return [at, promotionId, sha, event.outcome, back, why];
    }
    case "held": {
      const end = event.until ? ` until ${event.until}` : "";
      return [at, promotionId, sha, "held", "", `${event.because} (${event.who}${end})`];
    }
    case "hold-released":
    case "lease-broken":
      return [at, promotionId, sha, event.type, "", `${event.because} (${event.who})`];
    default:
      return undefined;
  }
}
