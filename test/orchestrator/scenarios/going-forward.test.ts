import { expect } from "chai";
import { expectInOrder } from "../../fakes/invariants.ts";
import { shaNamed } from "../../fakes/release.ts";
import { world } from "../../fakes/world.ts";

const ALL_STEPS = [
  "lease",
  "recover",
  "verify",
  "stage",
  "preview",
  "gate",
  "up",
  "canary",
  "shift",
  "watch",
  "drill",
  "validate",
  "finish",
];

describe("a promotion, from beginning to end", () => {
  it("gives an empty environment its first release", async () => {
    const w = world();
    const sha = await w.release("first");
    const conclusion = await w.promote(sha);
    expect(conclusion).to.include({ outcome: "promoted", reason: null });
    expect(conclusion.steps.map(({ name }) => name)).to.deep.equal(ALL_STEPS);
    expect(w.share(sha)).to.equal(1);
    await expectInOrder(w, conclusion);
  });

  it("moves the second release in stages, all functions together", async () => {
    const w = world();
    await w.settled();
    const sha = await w.release("second");
    const conclusion = await w.promote(sha);
    expect(conclusion.outcome).to.equal("promoted");
    const ofDashboard = w.traffic.written.filter(({ functionName }) => functionName.endsWith("dashboard"));
    expect(ofDashboard.map(({ route }) => route)).to.deep.equal([
      { version: "1", canary: { version: "2", weight: 0.1 } },
      { version: "2" },
      { version: "1" },
      { version: "2" },
    ]);
    expect(w.traffic.written).to.have.length(8);
    expect(w.share(sha)).to.equal(1);
    await expectInOrder(w, conclusion);
  });

  it("changes nothing when the release runs already", async () => {
    const w = world();
    const sha = await w.settled();
    const before = w.engine.did.length;
    const conclusion = await w.promote(sha);
    expect(conclusion).to.include({ outcome: "unchanged", reason: null });
    expect(conclusion.steps.at(-1)).to.include({ name: "gate", outcome: "passed" });
    expect(w.engine.did.slice(before)).to.deep.equal([`preview ${sha}`]);
    expect(w.traffic.written).to.deep.equal([]);
    await expectInOrder(w, conclusion);
  });

  it("leaves the bytes, a sealed attestation and a tag in the environment's bucket, and a notice", async () => {
    const w = world();
    const sha = await w.settled();
    expect([...w.store.objects.keys()].sort()).to.deep.equal([
      `dashboard/${sha}/lambda.zip`,
      `ingestion/${sha}/lambda.zip`,
      `releases/${sha}/attestations/trial-validated.json`,
      `releases/${sha}/infra.mjs`,
      `releases/${sha}/manifest.json`,
    ]);
    expect(w.store.tags.get(`releases/${sha}/manifest.json`)).to.include({ "trial-validated": "true" });
    expect(w.notifier.sent.map(({ subject }) => subject)).to.deep.equal([
      `trial: ${sha.slice(0, 7)} promoted`,
    ]);
  });

  it("skips the integration tests where the environment does not want them", async () => {
    const w = world({ validate: false });
    await w.settled();
    expect(w.validation.ran).to.deep.equal([]);
  });

  it("takes a release to the next environment by the attestation of the one before", async () => {
    const before = world();
    const sha = await before.settled();
    const after = world({
      requires: [{ attestation: "trial-validated", publicKey: before.signer.publicKey }],
      attests: "trial-deployed",
    });
    for (const [key, bytes] of before.source.objects) await after.source.put(key, bytes);
    const conclusion = await after.promote(sha);
    expect(conclusion.outcome).to.equal("promoted");
    await expectInOrder(after, conclusion);
  });
});

describe("a promotion that is refused", () => {
  type Case = { what: string; code: string; arrange(w: ReturnType<typeof world>): Promise<string> };
  const cases: Case[] = [
    {
      what: "a release that does not exist",
      code: "release-not-found",
      arrange: async () => shaNamed("never built"),
    },
    {
      what: "a release that nobody attested",
      code: "attestation-missing",
      arrange: async (w) => w.release("second"),
    },
    {
      what: "a plan that would lose data",
      code: "destructive-change",
      async arrange(w) {
        w.engine.alsoPlan({
          urn: "urn:items",
          type: "aws:dynamodb/table:Table",
          operation: "replace",
          properties: ["hashKey"],
        });
        return w.release("second");
      },
    },
    {
      what: "an environment that is not well",
      code: "alarms-firing",
      async arrange(w) {
        w.alarms.fire("trial-dashboard-errors");
        return w.release("second");
      },
    },
    {
      what: "a preview that fails",
      code: "preview-failed",
      async arrange(w) {
        w.engine.failNextPreview("no such role");
        return w.release("second");
      },
    },
  ];
  for (const { what, code, arrange } of cases)
    it(`changes nothing: ${what}`, async () => {
      const w = world();
      const first = await w.settled();
      const sha = await arrange(w);
      const ups = w.engine.did.filter((did) => did.startsWith("up")).length;
      const requires =
        code === "attestation-missing"
          ? [{ attestation: "earlier-validated", publicKey: w.signer.publicKey }]
          : [];
      const conclusion = await w.promote(sha, { config: { requires } });
      expect(conclusion.outcome).to.equal("refused");
      expect(conclusion.reason?.code).to.equal(code);
      expect(w.traffic.written).to.deep.equal([]);
      expect(w.engine.did.filter((did) => did.startsWith("up"))).to.have.length(ups);
      expect(w.share(first)).to.equal(1);
      await expectInOrder(w, conclusion);
    });

  it("names the holder when somebody else has the lease, and leaves that lease alone", async () => {
    const w = world();
    const first = await w.settled();
    const holder = { who: "a colleague", host: "a laptop", run: "process 7", promotionId: "another" };
    await w.ledger.acquire(holder, 60_000);
    const conclusion = await w.promote(first);
    expect(conclusion.outcome).to.equal("refused");
    expect(conclusion.reason?.code).to.equal("lease-taken");
    expect(conclusion.reason?.message).to.contain("a colleague on a laptop").and.to.contain("process 7");
    expect((await w.ledger.held())?.holder).to.deep.equal(holder);
  });

  it("refuses a quarantined SHA, and says why it is", async () => {
    const w = world();
    await w.settled();
    const sha = await w.release("bad");
    w.alarms.fire("trial-dashboard-errors", () => (w.share(sha) ?? 0) > 0);
    expect((await w.promote(sha)).outcome).to.equal("rolled-back");
    const conclusion = await w.promote(sha);
    expect(conclusion.outcome).to.equal("refused");
    expect(conclusion.reason).to.include({ code: "quarantined" });
    expect(conclusion.reason?.message).to.contain("trial-dashboard-errors is in ALARM");
    await expectInOrder(w, conclusion);
  });
});
