import { readFileSync } from "node:fs";
import { expect } from "chai";
import { environmentNames, loadEnvironment } from "../../orchestrator/environment.ts";
import { ACTS } from "../../rehearsal/story/acts.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { documentOf, type Ended, run } from "./command.ts";
import { endMarked, leftAfter } from "./processes.ts";
import { temporaryFiles } from "./temporary-files.ts";

/** The most that each part may take, in megabytes. */
const MOST = {
  orchestrator: 600,
  "provider and bridge": 1_200,
  "emulator at the end": 600,
  // Each version that is asked is a process of its own; while the way back is rehearsed there are two of each function.
  "emulator at most": 1_300,
};
const ROLLBACK_MS = 5_000;

type Story = {
  story: { env: string; release: string; sha: string; outcome: string; ms: number }[];
  rollbackMs: number;
  report: string;
};

describe("a whole rehearsal", function () {
  this.timeout(1_200_000); // a fresh machine builds the engine first
  let checkout: Checkout;
  let untouched: string;
  let ended: Ended;
  let told: Story;
  let report: string;

  const repository = () =>
    ["rev-parse HEAD", "for-each-ref", "status --porcelain --branch", "worktree list", "stash list"]
      .map((command) => checkout.git(...command.split(" ")))
      .join("\n");

  before(async () => {
    checkout = checkOutNow();
    untouched = repository();
    ended = await run(checkout, ["rehearse", "--json"]);
    told = documentOf(ended) as Story;
    report = readFileSync(told.report, "utf8");
  });
  after(async () => {
    await endMarked(checkout.mark);
    checkout.remove();
  });

  it("plays every act, and each ends as it must", () => {
    const names = environmentNames(checkout.root);
    const isFirst = (name: string) => loadEnvironment(checkout.root, name).promotion.requires.length === 0;
    const environments = { first: names.find(isFirst), last: names.find((name) => !isFirst(name)) };
    expect(told.story.map(({ env, release, outcome }) => ({ env, release, outcome }))).to.deep.equal(
      ACTS.map(({ environment, release, expected }) => ({
        env: environments[environment],
        release,
        outcome: expected,
      })),
    );
    expect(ended.code, ended.err).to.equal(0);
  });

  it("tells one document of exactly the fields that scripts read", () => {
    expect(Object.keys(told)).to.deep.equal(["story", "rollbackMs", "report"]);
    for (const scene of told.story) {
      expect(Object.keys(scene)).to.deep.equal(["env", "release", "sha", "outcome", "ms"]);
      expect(scene.sha).to.match(/^[0-9a-f]{40}$/);
      expect(scene.ms).to.be.greaterThan(0);
    }
    expect(told.story[0]?.sha).to.equal(checkout.git("rev-parse", "HEAD"));
  });

  it("takes a bad release back in seconds", () => {
    expect(told.rollbackMs).to.be.within(1, ROLLBACK_MS);
    process.stdout.write(`      (in ${told.rollbackMs} ms)\n`);
  });

  it("leaves a report that needs nothing beside it", () => {
    expect(told.report.startsWith(checkout.rehearsal)).to.equal(true);
    expect(report).to.match(/^<!doctype html>/);
    expect(report).not.to.match(/(src|href)\s*=|@import|url\(|<(script|link|iframe|img)\b/i);
    for (const { sha } of told.story) expect(report).to.contain(sha.slice(0, 7));
  });

  it("takes no more memory than it may, and says how much", () => {
    for (const [part, most] of Object.entries(MOST)) {
      const figure = new RegExp(`memory: ${part}</dt><dd>(\\d+) MB`).exec(report)?.[1];
      expect(Number(figure), part).to.be.within(1, most);
      process.stdout.write(`      (${part}: ${figure} MB)\n`);
    }
  });

  it("leaves no process and no temporary file", async () => {
    expect(await leftAfter(checkout.mark, 1_000)).to.deep.equal([]);
    expect(temporaryFiles(checkout)).to.deep.equal([]);
  });

  it("leaves the repository as it was", () => {
    expect(repository()).to.equal(untouched);
  });
});
