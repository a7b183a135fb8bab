import { expect } from "chai";
import type { Change } from "../../../orchestrator/ports/engine.ts";
import type { LedgerEvent } from "../../../orchestrator/promotion/events.ts";
import { FREEZE } from "../../../orchestrator/promotion/freezes.ts";
import { shaNamed } from "../../fakes/release.ts";
import { world } from "../../fakes/world.ts";
import { change, previewed, runs, same, TABLE } from "./plans.ts";

const SHA = shaNamed("the change");
const OLD = shaNamed("the one before");
const held: LedgerEvent = { type: "held", sha: null, because: "the audit", who: "ada", until: null };
const always = FREEZE.parse({
  name: "for ever",
  from: "2000-01-01 00:00",
  to: "2100-01-01 00:00",
  zone: "UTC",
});

describe("a preview", () => {
  const gatesOf = async (changes: Change[], given: Parameters<typeof previewed>[1] = {}) =>
    (await previewed(changes, given)).gates.map(({ code }) => code);

  it("meets no gate where nothing is in the way", async () => {
    expect(await gatesOf(same(3), { events: runs(OLD) })).to.deep.equal([]);
  });

  it("names every gate at once, where a promotion would stop at the first", async () => {
    const w = world();
    const lost = change("delete", TABLE, "items");
    const breach = change("create", "aws:cloudwatch/logGroup:LogGroup", "logs", { inputs: { name: "logs" } });
    const quarantined: LedgerEvent = { type: "quarantined", sha: SHA, because: "it was bad" } as LedgerEvent;
    expect(
      await gatesOf([lost, breach, ...same(1)], {
        w,
        events: [...runs(OLD), held, quarantined],
        promotion: { freezes: [always] },
      }),
    ).to.deep.equal(["destructive-change", "policy-violated", "quarantined", "held", "frozen"]);
  });

  it("sees a state that is lost: everything anew, where something runs", async () => {
    const anew = [change("create", "aws:sns/topic:Topic", "alerts")];
    expect(await gatesOf(anew, { events: runs(OLD) })).to.deep.equal(["state-lost"]);
    expect(await gatesOf(anew)).to.deep.equal([]);
  });

  it("says what runs, what stays as it is and what a promotion will need besides", async () => {
    const preview = await previewed([...same(4), change("create", "aws:sns/topic:Topic", "more")], {
      events: runs(OLD),
      promotion: { requires: [{ attestation: "preprod-validated", publicKey: "" }] },
    });
    expect(preview).to.deep.include({
      runs: OLD,
      unchanged: 4,
      needs: ["preprod-validated"],
      failure: null,
      inFlight: null,
    });
    expect(preview.changes.map(({ name, operation }) => ({ name, operation }))).to.deep.equal([
      { name: "more", operation: "create" },
    ]);
  });

  it("says who changes the environment meanwhile", async () => {
    const w = world();
    const first = await previewed(same(1), { w });
    expect(first.inFlight).to.equal(null);
    const { acquired } = await w.ledger.acquire(
      { who: "grace", host: "h", run: "run 7", promotionId: "p" },
      60_000,
    );
    expect(acquired).to.equal(true);
    const { previewOf } = await import("../../../orchestrator/preview/previewed.ts");
    const { makeRelease } = await import("../../fakes/release.ts");
    const preview = await previewOf(w.promoting("").p.environment, makeRelease("the change"), {
      ports: { engine: w.engine, ledger: w.ledger, clock: w.clock },
      uncommitted: false,
      signal: new AbortController().signal,
    });
    expect(preview.inFlight).to.equal("grace (run 7)");
  });

  it("writes nothing and takes no lease", async () => {
    const w = world();
    await previewed(same(1), { w });
    const before = w.ledger.written.length;
    await previewed([change("delete", TABLE, "items")], { w });
    expect(w.ledger.written).to.have.length(before);
    expect(await w.ledger.held()).to.equal(undefined);
  });

  it("throws what the engine says as preview-failed", async () => {
    const failed = await previewed([], { failing: "no such thing" }).catch((error) => error);
    expect(failed).to.include({ code: "preview-failed" });
    expect(failed.message).to.contain("no such thing");
  });
});

describe("the properties of a change", () => {
  const of = async (given: Parameters<typeof change>[3], operation: Change["operation"] = "update") =>
    (await previewed([change(operation, "aws:lambda/function:Function", "f", given)])).changes[0]?.properties;

  it("have what was and what will be, at the place itself", async () => {
    expect(
      await of({
        before: { environment: { variables: { A: "1", B: "2" } }, gone: true },
        inputs: { environment: { variables: { A: "1", B: "3" } }, policy: '{"a":[1,2]}' },
      }),
    ).to.deep.equal([
      { path: "environment.variables.B", before: '"2"', after: '"3"', replaces: false },
      { path: "gone", before: "true", replaces: false },
      { path: "policy.a[0]", after: "1", replaces: false },
      { path: "policy.a[1]", after: "2", replaces: false },
    ]);
  });

  it("are named where values do not show it, and where they need another resource", async () => {
    expect(
      await of({
        properties: ["token"],
        before: { token: "[secret]" },
        inputs: { token: "[secret]" },
        replacedFor: ["token"],
      }),
    ).to.deep.equal([{ path: "token", replaces: true }]);
  });

  it("are cut where they are long, at a whole character", async () => {
    const [property] = (await of({ before: {}, inputs: { text: "😀".repeat(300) } })) ?? [];
    expect(property?.after).to.match(/^"(😀){199}… \(302 characters\)$/u);
  });
});
