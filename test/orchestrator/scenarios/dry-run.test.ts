import { expect } from "chai";
import { documentOf } from "../../../orchestrator/cli/dry-run.ts";
import { dryRun } from "../../../orchestrator/promotion/course.ts";
import { FREEZE } from "../../../orchestrator/promotion/freezes.ts";
import { run } from "../../../orchestrator/promotion/run.ts";
import { type Doing, type World, world } from "../../fakes/world.ts";

const COLLEAGUE = { who: "a colleague", host: "a laptop", run: "process 7", promotionId: "another" };

/** Every call of a port that may change something outside. */
const CHANGES = new Set([
  "source.put",
  "source.tag",
  "store.put",
  "store.tag",
  "ledger.acquire",
  "ledger.append",
  "ledger.beat",
  "ledger.release",
  "engine.up",
  "engine.clearLock",
  "traffic.route",
  "notifier.send",
  "signer.sign",
  "validation.run",
]);

describe("a dry run", () => {
  let w: World;
  let first: string;
  let second: string;

  beforeEach(async () => {
    w = world();
    first = await w.settled();
    second = await w.release("second");
  });

  async function tried(sha: string, doing?: Doing) {
    const { p, process } = w.promoting(sha, doing);
    const document = documentOf(p, await run(p, dryRun));
    const changing = process.calls
      .map(({ port, method }) => `${port}.${method}`)
      .filter((call) => CHANGES.has(call));
    expect(changing, "calls that change something").to.deep.equal([]);
    return document;
  }

  const everything = () =>
    JSON.stringify([
      w.ledger.written,
      [...w.store.objects.keys()],
      w.engine.did.filter((did) => /^up/.test(did)),
    ]);

  it("says that the release would be promoted, with the plan, the way back, and no change at all", async () => {
    const before = everything();
    const document = await tried(second);
    expect(document).to.deep.include({
      dryRun: true,
      env: "trial",
      sha: second,
      previousSha: first,
      wouldBe: "promoted",
      reason: null,
      rollbackTarget: first,
      lease: null,
      permissions: "granted",
      overrides: [],
    });
    expect(document.plan.map(({ operation }) => operation)).to.deep.equal(["update", "update", "update"]);
    expect(document.plan[0]).to.have.all.keys("operation", "type", "urn", "properties");
    expect(document.steps.map(({ name }) => name)).to.deep.equal([
      "look",
      "verify",
      "preview",
      "permissions",
      "gate",
    ]);
    expect(everything()).to.equal(before);
    expect(w.share(first)).to.equal(1);
  });

  it("says that nothing would change where the release runs already", async () => {
    expect(await tried(first)).to.deep.include({ wouldBe: "unchanged", reason: null, plan: [] });
  });

  const refusals: [code: string, arrange: () => Doing | undefined][] = [
    [
      "frozen",
      () => ({ config: { freezes: [FREEZE.parse({ name: "f", from: "00:00", to: "23:59", zone: "UTC" })] } }),
    ],
    [
      "alarms-firing",
      () => {
        w.alarms.fire("trial-dashboard-errors");
        return undefined;
      },
    ],
    [
      "preview-failed",
      () => {
        w.engine.failNextPreview("no such role");
        return undefined;
      },
    ],
    [
      "permissions-missing",
      () => {
        w.permissions.find({ checked: true, deeds: 1, denied: ["kms:Sign"] });
        return undefined;
      },
    ],
    [
      "destructive-change",
      () => {
        const type = "aws:dynamodb/table:Table";
        w.engine.alsoPlan({ urn: "urn:items", type, operation: "replace", properties: ["hashKey"] });
        return undefined;
      },
    ],
  ];
  for (const [code, arrange] of refusals)
    it(`says that the release would be refused, and why, and records nothing: ${code}`, async () => {
      const doing = arrange();
      const before = everything();
      const document = await tried(second, doing);
      expect(document.wouldBe).to.equal("refused");
      expect(document.reason?.code).to.equal(code);
      expect(everything()).to.equal(before);
    });

  it("says what would be overruled, and records that neither", async () => {
    w.alarms.fire("trial-dashboard-errors");
    const before = everything();
    const document = await tried(second, { order: { overrides: ["alarms"], why: "the cure" } });
    expect(document.wouldBe).to.equal("promoted");
    expect(document.overrides.map(({ guard }) => guard)).to.deep.equal(["alarms"]);
    expect(everything()).to.equal(before);
  });

  it("does not call permissions granted that nobody could look at", async () => {
    w.permissions.find({ checked: false, because: "not authorised" });
    expect(await tried(second)).to.include({ wouldBe: "promoted", permissions: "not checked" });
  });

  it("does not call permissions granted where it did not get so far", async () => {
    w.alarms.fire("trial-dashboard-errors");
    expect(await tried(second)).to.include({ wouldBe: "refused", permissions: "not checked" });
  });

  it("goes on beside a promotion that runs, names who runs it, and leaves it alone", async () => {
    await w.ledger.acquire(COLLEAGUE, 60_000);
    const before = await w.ledger.held();
    const document = await tried(second);
    expect(document).to.deep.include({ wouldBe: "promoted", lease: COLLEAGUE });
    expect(await w.ledger.held()).to.deep.equal(before);
  });

  it("has no way back in an environment that was never promoted to, and says so", async () => {
    w = world();
    const sha = await w.release("first");
    expect(await tried(sha)).to.include({ wouldBe: "promoted", previousSha: null, rollbackTarget: null });
    expect(w.ledger.written).to.deep.equal([]);
  });
});
