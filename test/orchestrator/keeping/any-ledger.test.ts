import { expect } from "chai";
import fc from "fast-check";
import { brokenLink } from "../../../orchestrator/promotion/history.ts";
import { type KeepingWorld, keepingWorld } from "../../fakes/keeping.ts";
import { shaNamed } from "../../fakes/release.ts";

/** `LEDGER_SEED=…` repeats a run. */
const seed = Number(process.env.LEDGER_SEED ?? Date.now() % 1_000_000_000);

const KEEP = 3;
const DAYS = 30;
const NAMES = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
const NAME = fc.constantFrom(...NAMES);

/** What can happen to an environment, besides that days pass. */
const HAPPENING = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant("arrives"), name: NAME }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant("promoted"), name: NAME }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant("rolled-back"), name: NAME, condemned: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("dies"), name: NAME }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("condemned"), name: NAME }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant("held"), name: NAME, days: fc.integer({ min: 1, max: 80 }) }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("freed"), name: NAME }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("strays"), name: NAME }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("gc"), name: NAME }) },
);
const LIFE = fc.array(fc.tuple(HAPPENING, fc.integer({ min: 0, max: 15 })), { minLength: 5, maxLength: 40 });

type Happening = { what: string; name: string; condemned?: boolean; days?: number };

/** What a careful person would have written down beside the ledger, in plain lists. */
type Notes = {
  today: number;
  /** The day of the last thing that happened to a release. */
  touched: Map<string, number>;
  /** Promotions in their order, the last one runs. */
  promotions: string[];
  condemned: Set<string>;
  dead: Set<string>;
  heldUntil: Map<string, number>;
  there: Set<string>;
};

async function happen(
  w: KeepingWorld,
  notes: Notes,
  { what, name, condemned, days = 0 }: Happening,
): Promise<void> {
  const { touched, today, there } = notes;
  const arrive = async () => {
    if (!there.has(name)) touched.set(name, today);
    there.add(name);
    await w.arrives(name);
  };
  if (what === "arrives") return await arrive();
  if (what === "promoted") {
    await arrive();
    await w.promoted(name);
    notes.promotions.push(name);
    notes.condemned.delete(name);
    touched.set(name, today);
  }
  const last = notes.promotions.at(-1);
  if (what === "rolled-back" && last && last !== name) {
    await arrive();
    await w.rolledBack(name, condemned ?? false);
    if (condemned) notes.condemned.add(name);
    for (const each of [name, last]) touched.set(each, today);
  }
  if (what === "dies") {
    await arrive();
    await w.began(name);
    // The next promotion would clear up after it; here nobody does.
    for (const each of [name, last]) if (each) notes.dead.add(each);
  }
  if (what === "condemned") {
    await w.journal("person", { type: "quarantined", sha: shaNamed(name), because: "wrong" });
    notes.condemned.add(name);
  }
  if (what === "held") {
    const until = new Date(w.clock.now().getTime() + days * 24 * 60 * 60_000).toISOString();
    await w.journal("person", { type: "held", sha: shaNamed(name), because: "audit", who: "x", until });
    notes.heldUntil.set(name, today + days);
  }
  if (what === "freed") {
    await w.journal("person", { type: "hold-released", sha: shaNamed(name), because: "audit", who: "x" });
    notes.heldUntil.delete(name);
  }
  if (what === "strays" && w.lambda.exists("trial-dashboard")) strayToOldest(w);
  if (what === "gc") await gcAndLook(w, notes);
}

/** Somebody gives the oldest version a little of the traffic, behind the ledger's back. */
function strayToOldest(w: KeepingWorld): void {
  const [oldest = ""] = w.lambda.versions("trial-dashboard");
  const { version } = w.lambda.live("trial-dashboard");
  if (oldest === version) return;
  w.lambda.point("trial-dashboard", { version, canary: { version: oldest, weight: 0.01 } });
}

/** What must stay, by the notes alone. */
function mustStay({ today, touched, promotions, condemned, dead, heldUntil, there }: Notes): Set<string> {
  const stays = new Set<string>(dead);
  const running = promotions.at(-1);
  if (running) stays.add(running);
  const newestFirst = [...new Set(promotions.toReversed())];
  for (const name of newestFirst.filter((each) => !condemned.has(each)).slice(0, KEEP)) stays.add(name);
  for (const [name, until] of heldUntil) if (until > today) stays.add(name);
  for (const [name, day] of touched) if (today - day < DAYS) stays.add(name);
  return new Set([...stays].filter((name) => there.has(name)));
}

async function gcAndLook(w: KeepingWorld, notes: Notes): Promise<void> {
  const stays = mustStay(notes);
  const said = await w.plan();
  const did = await w.gc();
  expect(did, "the dry run and the real one").to.deep.equal(said);
  for (const name of stays) expect(w.isWhole(name), `${name} stays`).to.equal(true);
  const removed = new Set(did.removed.map(({ sha }) => sha));
  for (const name of NAMES) {
    if (!removed.has(shaNamed(name))) continue;
    notes.there.delete(name);
    notes.touched.delete(name);
    notes.promotions = notes.promotions.filter((each) => each !== name);
  }
  for (const functionName of w.lambda.names()) {
    const { version, canary } = w.lambda.live(functionName);
    for (const each of [version, ...(canary ? [canary.version] : [])])
      expect(w.lambda.versions(functionName), "what has traffic").to.include(each);
    const left = w.lambda.versions(functionName).map((each) => w.lambda.version(functionName, each)?.sha);
    const published = notes.promotions.filter((name) => stays.has(name));
    for (const name of published) expect(left, `${functionName} of ${name}`).to.include(shaNamed(name));
  }
  expect(brokenLink(w.ledger.written)).to.equal(undefined);
}

async function live(life: [Happening, number][]): Promise<void> {
  const w = keepingWorld({ keepReleases: KEEP, retentionDays: DAYS });
  const notes: Notes = {
    today: 0,
    touched: new Map(),
    promotions: [],
    condemned: new Set(),
    dead: new Set(),
    heldUntil: new Map(),
    there: new Set(),
  };
  for (const [happening, days] of life) {
    await happen(w, notes, happening);
    await w.passes(days);
    notes.today += days;
  }
  await gcAndLook(w, notes);
  expect((await w.gc()).removed, "a second run").to.deep.equal([]);
}

describe("gc over any ledger", () => {
  it(`never removes what the rules keep, bytes or versions (LEDGER_SEED=${seed})`, async function () {
    this.timeout(60_000);
    await fc.assert(fc.asyncProperty(LIFE, live), { numRuns: 300, seed });
  });
});
