import { expect } from "chai";
import { firstEnvironment } from "../../orchestrator/environment.ts";
import type { Entry } from "../../orchestrator/promotion/events.ts";
import { type Change, listsShort, overreaching, pageLost } from "./changes.ts";
import { run } from "./command.ts";
import type { Ground } from "./crash/ground.ts";
import { look } from "./crash/look.ts";
import { listenTo, type Notice } from "./crash/notices.ts";
import { disturbed } from "./crash/shared.ts";
import type { Stage } from "./crash/stories.ts";
import { about, type Document } from "./promotions.ts";
import { follow, untyped } from "./runbook.ts";

/** The numbers are those of the design's failure scenarios; the runbook says what a person does in each. */
describe("the failure scenarios of the design, to their end", function () {
  this.timeout(240_000);
  let ground: Ground;
  let first: Stage;
  let last: Stage;
  const heard: Record<string, () => Promise<Notice[]>> = {};

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    const { ground: raised, stages } = await disturbed();
    ground = raised;
    const name = firstEnvironment(ground.checkout.root);
    first = stages.find(({ env }) => env === name) as Stage;
    last = stages.find(({ env }) => env !== name) as Stage;
    for (const { env } of stages)
      heard[env] = await listenTo(
        `arn:aws:sns:${ground.access.region}:000000000000:${env}-sentiment-alerts`,
        ground.access,
      );
  });

  beforeEach(async () => {
    for (const hear of Object.values(heard)) await hear();
  });

  type Played = { code: number | null; document: Document; notices: Notice[]; entries: Entry[] };

  /** Promotes as a workflow does: with validation and attestations where `validated`. */
  async function promote(
    { env }: Stage,
    sha: string,
    { validated = false, flags = [] as string[] } = {},
  ): Promise<Played> {
    const { checkout, access, validating } = ground;
    const command = ["promote", "--env", env, "--sha", sha, "--local", "--json", ...flags];
    const ended = await run(checkout, command, validated ? { REHEARSAL_DIR: validating } : {});
    const document = about(ended);
    const { entries } = await look(checkout.root, env, access);
    const own = entries.filter(({ promotionId }) => promotionId === document.promotionId);
    return { code: ended.code, document, notices: (await heard[env]?.()) ?? [], entries: own };
  }

  async function runs({ env }: Stage, sha: string): Promise<void> {
    const { answers, functions } = await look(ground.checkout.root, env, ground.access);
    expect(answers).to.equal(sha);
    for (const { weights } of Object.values(functions)) expect(Object.values(weights)).to.include(1);
  }

  /** Taken back for this reason, all traffic on what ran before, and exactly one notice that says so. */
  async function takenBack(played: Played, stage: Stage, sha: string, reason: string): Promise<void> {
    const { code, document, notices } = played;
    expect(document.reason?.code, document.reason?.message).to.equal(reason);
    expect({ code, outcome: document.outcome }).to.deep.equal({ code: 4, outcome: "rolled-back" });
    await runs(stage, stage.running);
    expect(notices).to.have.length(1);
    expect(notices[0]?.subject).to.match(new RegExp(`^${stage.env}: ${sha.slice(0, 7)} taken back`));
    expect(notices[0]?.body).to.contain(document.promotionId).and.to.contain(document.reason?.message);
    expect(notices[0]?.body)
      .to.contain(`Running now: ${stage.running}`)
      .and.to.contain("Next: npm run status");
  }

  /** Does what the runbook says, where the rehearsal validates and asks for attestations. */
  const asTold = (heading: string, fill: Record<string, string>) =>
    follow(ground.checkout, heading, { fill, env: { REHEARSAL_DIR: ground.validating } });

  const published = ({ entries }: Played) =>
    entries.filter(({ event }) => event.type === "stack-intended" || event.type === "quarantined");

  const released = ({ file, change }: Change) => ground.changed(file, change);

  it("1. the tests of a commit fail: it is never packaged, and no environment takes it", async () => {
    const { code, document, notices } = await promote(first, "0123456789".repeat(4), { validated: true });
    expect(document.reason?.code).to.equal("release-not-found");
    expect({ code, outcome: document.outcome }).to.deep.equal({ code: 3, outcome: "refused" });
    expect(notices).to.deep.equal([]);
    const sha = "abcdef0123".repeat(4);
    const [refused] = await asTold("Scenario 1: The tests of a commit fail", { sha });
    expect(refused?.out).to.contain("[release-not-found]");
    await runs(first, first.running);
  });

  it("2. the deployment to the first environment fails: it stays as it was, and people are told why", async () => {
    const sha = await released(overreaching());
    const played = await promote(first, sha);
    await takenBack(played, first, sha, "up-failed");
    expect(played.document.reason?.message).to.match(/AccessDenied|not authorized/i);
    expect(
      published(played).map(({ event }) => event.type),
      "no evidence against it",
    ).not.to.include("quarantined");
    const { promotionId: promotion } = played.document;
    const [status] = await asTold("Scenario 2: The deployment to preprod fails", { promotion });
    expect(status?.out).to.contain(first.running.slice(0, 7));
  });

  it("3. the integration tests fail: taken back, quarantined, and the last environment does not take it", async () => {
    const sha = await released(pageLost);
    const played = await promote(first, sha, { validated: true });
    await takenBack(played, first, sha, "validation-failed");
    expect(played.document.reason?.message).to.contain("page");
    expect((await promote(first, sha, { validated: true })).document.reason?.code).to.equal("quarantined");
    const [listed, blocked] = await asTold("Scenario 3: The integration tests fail in preprod", { sha });
    expect(listed?.out).to.contain(sha.slice(0, 7));
    expect(blocked?.out).to.contain("[attestation-missing]");
    await runs(last, last.running);
  });

  it("4. the deployment to the last environment fails: taken back, told, and never tried again by itself", async () => {
    const sha = await released(overreaching());
    const played = await promote(last, sha);
    await takenBack(played, last, sha, "up-failed");
    const updates = published(played).filter(({ event }) => "sha" in event && event.sha === sha);
    expect(updates).to.have.length(1);
    const { promotionId: promotion } = played.document;
    const [status] = await asTold("Scenario 4: The deployment to prod fails", { promotion });
    expect(status?.out).to.contain(last.running.slice(0, 7));
  });

  it("5. the release goes bad in the last environment: the traffic is back within 5 s, told and quarantined", async () => {
    const sha = await ground.bad();
    const played = await promote(last, sha, { flags: ["--strategy", "all-at-once"] });
    await takenBack(played, last, sha, "unhealthy");
    const end = played.entries.map(({ event }) => event).find(({ type }) => type === "promotion-ended");
    expect(end?.type === "promotion-ended" && end.rollbackMs).to.be.within(1, 5_000);
    const { promotionId: promotion } = played.document;
    const [, , again] = await follow(ground.checkout, "Scenario 5: The release goes bad in prod", {
      fill: { promotion, sha },
    });
    expect(again?.out).to.contain("[quarantined]");
  });

  it("6. a dependency's update fails the integration tests: its revert is promoted like any other commit", async () => {
    const sha = await released(listsShort);
    const played = await promote(first, sha, { validated: true });
    await takenBack(played, first, sha, "validation-failed");
    const revert = await ground.another();
    await heard[first.env]?.();
    const [, promoted] = await asTold("Scenario 6: A dependency's update fails in preprod", { revert });
    expect(promoted?.out).to.contain("promoted");
    expect((await heard[first.env]?.())?.map(({ subject }) => subject)).to.deep.equal([
      `${first.env}: ${revert.slice(0, 7)} promoted`,
    ]);
    first.running = revert;
    await runs(first, revert);
  });

  it("an attestation that got lost is found where it was given", async () => {
    const [promoted] = await asTold("An attestation that got lost", { sha: first.running });
    expect(promoted?.out).to.contain("promoted");
    last.running = first.running;
    await runs(last, last.running);
    const [followed] = await asTold("Which link of a release is broken", { sha: last.running });
    expect(followed?.out).not.to.contain("✗");
  });

  it("are told in the runbook with no command that was not typed here", () => {
    expect(untyped(/^Scenario \d|^An attestation that got lost$|^Which link/)).to.deep.equal([]);
  });
});
