import { expect } from "chai";
import { requestedRollback } from "../../../orchestrator/promotion/course.ts";
import { hold } from "../../../orchestrator/promotion/holding.ts";
import { run } from "../../../orchestrator/promotion/run.ts";
import { renderPromotion } from "../../../orchestrator/report/promotion.ts";
import { storyOf } from "../../../orchestrator/report/story.ts";
import { type World, world } from "../../fakes/world.ts";

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

  it("folds the whole record away, which is there to the last entry", async () => {
    await w.promote(second);
    const text = await rendered();
    const { entries } = await told();
    expect(text).to.contain(`<summary>${entries.length} entries of the ledger`);
    for (const { sequence } of entries) expect(text).to.contain(`<td>${sequence}</td>`);
  });
});
