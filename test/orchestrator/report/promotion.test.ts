import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { requestedRollback } from "../../../orchestrator/promotion/course.ts";
import type { Entry } from "../../../orchestrator/promotion/events.ts";
import { hold } from "../../../orchestrator/promotion/holding.ts";
import type { Progress } from "../../../orchestrator/promotion/progress.ts";
import { run } from "../../../orchestrator/promotion/run.ts";
import { detectionOf } from "../../../orchestrator/report/detection.ts";
import { renderPromotion } from "../../../orchestrator/report/promotion.ts";
import { storyOf, type Told } from "../../../orchestrator/report/story.ts";
import { type World, world } from "../../fakes/world.ts";

/** A ledger in which every text that is no sign for a program says something harmful. */
function poisoned(entries: Entry[]): Entry[] {
  const KEPT = new Set(["type", "kind", "promotionId", "at", "version", "sha", "until"]);
  const poison = (value: unknown, key = ""): unknown => {
    if (typeof value === "string") return KEPT.has(key) || key === "step" ? value : ATTACK;
    if (Array.isArray(value)) return value.map((each) => poison(each, key));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        key === "asked" || key === "states" || key === "to" ? `${name}${ATTACK}` : name,
        poison(each, name),
      ]),
    );
  };
  return entries.map((entry) => ({ ...entry, event: poison(entry.event) as Entry["event"] }));
}

const ATTACK = `<script>alert(1)</script><img src=x onerror="alert('1')">&`;

describe("the report of a promotion", () => {
  let w: World;
  let first: string;
  let second: string;

  beforeEach(async () => {
    w = world();
    first = await w.settled();
    second = await w.release("second");
  });

  const last = () => w.ledger.written.at(-1)?.promotionId ?? "";
  async function told(promotionId = last()) {
    const story = storyOf(await w.ledger.entries(), promotionId);
    if (!story) throw new Error(`${promotionId} is not known`);
    return story;
  }
  const rendered = async (promotionId?: string) => renderPromotion(await told(promotionId), "trial");
  /** The text that a person reads, in its order, without what is folded away. */
  const read = (text: string) =>
    (text.split("<details>")[0] ?? "")
      .replace(/^[\s\S]*<body>/, "")
      .replaceAll(/<[^>]*>/g, " ")
      .replaceAll(/\s+/g, " ");

  it("is of the one that was asked for, and of no other", async () => {
    await w.promote(second);
    const story = await told();
    expect(new Set(story.entries.map(({ promotionId }) => promotionId)).size).to.equal(1);
    expect(story.started.sha).to.equal(second);
    expect(storyOf(await w.ledger.entries(), "no such promotion")).to.equal(undefined);
  });

  it("is of promotions alone: a hold is none", async () => {
    await hold(w.compose({}).p, { sha: null, because: "the audit", until: null });
    expect(storyOf(await w.ledger.entries(), last())).to.equal(undefined);
  });

  it("says how it ended before anything else, and who asked for what", async () => {
    await w.promote(second);
    const text = read(await rendered());
    expect(text).to.match(new RegExp(`^ ?trial ← ${second.slice(0, 7)} promoted`));
    expect(text).to.contain("somebody asked on").and.to.contain(second);
    expect(text.indexOf("promoted")).to.be.lessThan(text.indexOf("Steps"));
  });

  it("shows every step that ran, in order, with how long it took", async () => {
    const { steps } = await w.promote(second);
    const story = await told();
    expect(story.steps.map(({ name, ms }) => ({ name, ms }))).to.deep.equal(
      steps.map(({ name, ms }) => ({ name, ms })),
    );
    for (const { name } of story.steps) expect(read(await rendered())).to.contain(name);
  });

  it("shows the traffic over time, with the release of each share", async () => {
    await w.promote(second);
    const { traffic } = await told();
    const dashboard = traffic.map(({ shares }) =>
      shares
        .filter(({ functionName }) => functionName === "trial-dashboard")
        .map(({ sha, weight }) => [sha, weight]),
    );
    expect(dashboard).to.deep.equal([
      [
        [first, 0.9],
        [second, 0.1],
      ],
      [[second, 1]],
      // The drill: back, and forward again.
      [[first, 1]],
      [[second, 1]],
    ]);
    expect(read(await rendered())).to.contain(
      `90 % to version 1 (${first.slice(0, 7)}), 10 % to version 2 (${second.slice(0, 7)})`,
    );
  });

  it("of one that was taken back says why, the next command, and how fast the traffic was back", async () => {
    w.alarms.fire("trial-dashboard-errors", () => (w.share(second) ?? 0) > 0);
    const { reason } = await w.promote(second);
    const text = read(await rendered());
    expect(text)
      .to.contain("rolled-back")
      .and.to.contain(reason?.message)
      .and.to.contain(`Next: ${reason?.remedy}`);
    expect(text)
      .to.contain(`runs now ${first.slice(0, 7)}`)
      .and.to.match(/traffic back in \d+/);
  });

  it("of one that was refused says that no traffic was moved", async () => {
    w.alarms.fire("trial-dashboard-errors");
    await w.promote(second);
    expect(read(await rendered()))
      .to.contain("refused")
      .and.to.contain("No traffic was moved.");
  });

  it("shows what was overruled, with both reasons", async () => {
    await hold(w.compose({}).p, { sha: null, because: "the audit", until: null });
    await w.promote(second, { order: { overrides: ["hold"], why: "the audit knows" } });
    expect(read(await rendered()))
      .to.contain("Overruled")
      .and.to.contain("the audit")
      .and.to.contain("the audit knows");
  });

  it("of one whose process died says that it has no end, and in which step it was", async () => {
    await w.promoteUntilDeath(second, ({ port }) => (port === "validation" ? "dies" : undefined));
    const text = read(await rendered());
    expect(text).to.contain("not ended").and.to.contain("npm run status -- --env trial");
    expect((await told()).steps.at(-1)).to.include({ name: "validate", outcome: "not ended" });
  });

  it("of a requested rollback says what was asked, and why", async () => {
    await w.promote(second);
    await run(w.compose({ kind: "rollback", sha: null, why: "it is wrong" }).p, requestedRollback);
    expect(read(await rendered()))
      .to.contain("taken back on request: it is wrong")
      .and.to.contain(first);
  });

  it("never runs what somebody wrote into a reason", async () => {
    await hold(w.compose({}).p, { sha: null, because: ATTACK, until: null });
    await w.promote(second, { order: { overrides: ["hold"], why: ATTACK } });
    const overruled = await rendered();
    await w.promote(await w.release("third"));
    const refused = await rendered();
    for (const text of [overruled, refused]) {
      expect(text)
        .to.contain("&lt;script&gt;")
        .and.not.to.match(/<script|<img/);
    }
  });

  it("never runs what stands anywhere in a ledger: each text of it may be meant to do harm", async () => {
    w.alarms.set("trial-ingestion-errors", { state: "INSUFFICIENT_DATA" });
    await w.promote(second);
    const story = storyOf(poisoned(await w.ledger.entries()), last());
    const text = renderPromotion(story as Told, ATTACK);
    expect(text.split("&lt;script&gt;").length).to.be.greaterThan(100);
    expect(text).not.to.match(/<(script|img)|[ "']onerror="/);
  });

  it("says when harm was first seen, and how long it took to be decided on", async () => {
    let asked = 0;
    w.probes.answer(({ how, withKey, sha }) =>
      how === "throughUrl" && withKey && sha === second && asked++ === 2
        ? { ok: false, status: 500, problem: "status 500" }
        : undefined,
    );
    w.clock.after(60_000, () => w.alarms.fire("trial-dashboard-errors", () => (w.share(second) ?? 0) > 0));
    await w.promote(second);
    const found = detectionOf(await told());
    expect(found?.step).to.be.oneOf(["shift", "watch"]);
    expect(found?.fromTraffic).to.be.within(30_000, 90_000);
    expect(found?.fromBadAnswer).to.be.within(1, found?.fromTraffic ?? 0);
    expect(found?.fromAlarm).to.equal(0);
    expect(read(await rendered()))
      .to.contain("from the first traffic to the decision")
      .and.to.match(/(noise|harm) is \d+(\.\d)? times likelier/);
  });

  it("says that a bad release had no traffic, where the canary found it", async () => {
    w.probes.answer(({ sha }) => (sha === second ? { ok: false, status: 500 } : undefined));
    await w.promote(second);
    expect(detectionOf(await told())).to.include({
      step: "canary",
      fromTraffic: null,
      fromBadAnswer: 0,
      fromAlarm: undefined,
    });
    expect(read(await rendered())).to.contain("before any traffic");
  });

  it("says nothing of a detection where nothing was bad", async () => {
    const stopping = (progress: Progress) => progress.type === "look" && progress.step === "watch";
    expect((await w.promote(second, { interruptWhen: stopping })).outcome).to.equal("needs-human");
    expect(detectionOf(await told()), "it was interrupted").to.equal(undefined);
    let fires = true;
    w.alarms.fire("trial-dashboard-errors", () => fires);
    expect((await w.promote(second)).outcome).to.equal("refused");
    expect(detectionOf(await told()), "it was refused").to.equal(undefined);
    fires = false;
    expect((await w.promote(second)).outcome).to.equal("promoted");
    expect(detectionOf(await told()), "it was promoted").to.equal(undefined);
    expect(await rendered()).not.to.contain("Detection");
  });

  it("tells each picture's name, what is in it, and the same in a table", async () => {
    w.alarms.set("trial-ingestion-errors", { state: "INSUFFICIENT_DATA" });
    w.clock.after(40_000, () => w.alarms.set("trial-ingestion-errors", { state: "OK" }));
    await w.promote(second);
    const text = await rendered();
    const pictures = text.split("<svg class=").slice(1);
    expect(pictures).to.have.length(4);
    for (const picture of pictures) {
      expect(picture).to.match(/^"chart" role="img" aria-labelledby="([a-z]+)-title \1-desc"/);
      expect(picture).to.match(/<title id="[a-z]+-title">[^<]+<\/title><desc id="[a-z]+-desc">[^<]+<\/desc>/);
      expect(picture).to.match(/<table><caption>/);
    }
  });

  it("keeps its pictures readable where there are a hundred functions", async () => {
    await w.promote(second);
    const story = await told();
    const many = story.traffic.map((move) => ({
      ...move,
      shares: Array.from({ length: 100 }, (_, n) =>
        move.shares
          .filter(({ functionName }) => functionName === "trial-dashboard")
          .map((share) => ({ ...share, functionName: `f${n}` })),
      ).flat(),
    }));
    const text = renderPromotion({ ...story, traffic: many }, "trial");
    expect(text).to.contain("f0 and 99 more: 0 % → 10 % → 100 %");
    expect(text, "the table has them all").to.contain("<td>f99</td>");
  });

  it("shows what a newer version wrote, as far as it is understood", async () => {
    await w.promote(second);
    const entries = await w.ledger.entries();
    const [first] = entries.filter(({ promotionId }) => promotionId === last());
    const drill = [
      { type: "step-started", step: "drill" },
      { type: "drilled", sha: second, there: 3, back: 4 },
      { type: "step-finished", step: "drill", outcome: "weakly passed", ms: 7_000, reason: null },
    ].map((event) => ({ ...first, event }) as unknown as Entry);
    const text = renderPromotion(storyOf([...entries, ...drill], last()) as Told, "trial");
    expect(read(text)).to.contain("drill: weakly passed, 7.0 s");
    expect(text).to.contain("<td>drilled</td>");
  });

  it("is a page of every promotion that a ledger of old tells, without a gap in it", () => {
    const ledgers = join(import.meta.dirname, "../promotion/ledgers");
    for (const file of globSync("*.json", { cwd: ledgers })) {
      const entries = JSON.parse(readFileSync(join(ledgers, file), "utf8")) as Entry[];
      const ids = new Set(entries.map(({ promotionId }) => promotionId));
      const stories = [...ids].flatMap((id) => storyOf(entries, id) ?? []);
      expect(stories, file).not.to.deep.equal([]);
      for (const story of stories)
        expect(renderPromotion(story, "trial"), story.promotionId).not.to.match(/undefined|NaN|\[object/);
    }
  });

  it("folds the whole record away, which is there to the last entry", async () => {
    await w.promote(second);
    const text = await rendered();
    const { entries } = await told();
    expect(text).to.contain(`<summary>${entries.length} entries of the ledger`);
    for (const { sequence } of entries) expect(text).to.contain(`<td>${sequence}</td>`);
  });
});
