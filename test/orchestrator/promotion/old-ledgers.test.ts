import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Entry, LEDGER_EVENT } from "../../../orchestrator/promotion/events.ts";
import {
  brokenLink,
  holds,
  openPromotions,
  promotedReleases,
  quarantine,
  readable,
  runningRelease,
} from "../../../orchestrator/promotion/history.ts";
import { doraMetrics } from "../../../orchestrator/promotion/metrics.ts";

/**
 * Ledgers as they were written on the day in their name, never changed since. An entry is read for ever: when a schema no
 * longer takes one of these, it is the schema that is wrong.
 */
const LEDGERS = join(import.meta.dirname, "ledgers");
const files = globSync("*.json", { cwd: LEDGERS }).sort();
const read = (file: string) => JSON.parse(readFileSync(join(LEDGERS, file), "utf8")) as Entry[];

describe("a ledger that was written long ago", () => {
  for (const file of files)
    describe(file, () => {
      it("has a chain that holds", () => expect(brokenLink(read(file))).to.equal(undefined));

      it("is understood, every entry of it, and nothing of it is lost", () => {
        expect(readable(read(file)).unknown).to.equal(0);
        for (const { sequence, event } of read(file))
          expect(LEDGER_EVENT.parse(event), `entry ${sequence}`).to.deep.include(event);
      });
    });

  it("shows the first shape of every event there is", () => {
    const shown = new Set(files.flatMap(read).map(({ event }) => event.type));
    const types = LEDGER_EVENT.options.map(({ shape }) => shape.type.value);
    expect(
      types.filter((type) => !shown.has(type)),
      `types without an example: put a ledger that has one into ${LEDGERS}, named by the day`,
    ).to.deep.equal([]);
  });

  it("tells what it always told", () => {
    const entries = read("2026-11-24.json");
    const [a, b] = ["a".repeat(40), "b".repeat(40)];
    expect(runningRelease(entries)?.sha).to.equal(a);
    expect(promotedReleases(entries).map(({ sha }) => sha)).to.deep.equal([a]);
    expect(quarantine(entries, b)).to.contain("ALARM");
    expect(openPromotions(entries)).to.deep.equal([]);
    expect(holds(entries, new Date("2026-12-01T00:00:00Z")).map(({ sha }) => sha)).to.deep.equal([a]);
    const day = [new Date("2026-11-24T00:00:00Z"), new Date("2026-11-25T00:00:00Z")] as const;
    expect(doraMetrics(entries, ...day).changeFailures).to.include({ count: 2, of: 3 });
  });
});
