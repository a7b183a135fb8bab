import Table from "cli-table3";
import { sayDuration } from "../duration.ts";
import { problem } from "../problems.ts";
import type { Entry } from "../promotion/events.ts";
import { brokenLink, readable } from "../promotion/history.ts";
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

/** One row for each promotion that ended, newest first. */
function table(entries: Entry[]): string {
  const rows = new Table({
    head: ["ended", "promotion", "sha", "outcome", "rollback", "why"],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const { event, at, promotionId } of entries.toReversed()) {
    if (event.type !== "promotion-ended") continue;
    const back = event.rollbackMs === null ? "" : sayDuration(event.rollbackMs);
    rows.push([at, promotionId, event.sha.slice(0, 7), event.outcome, back, event.reason?.code ?? ""]);
  }
  return rows.length === 0 ? "no promotion yet\n" : `${rows.toString()}\n`;
}
