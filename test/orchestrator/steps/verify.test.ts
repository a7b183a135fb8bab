import { expect } from "chai";
import { attest } from "../../../orchestrator/release/attestation.ts";
import {
  attestationKey,
  lambdaKey,
  manifestBytes,
  manifestKey,
  sha256,
} from "../../../orchestrator/release/manifest.ts";
import { refused } from "../../contracts/refused.ts";
import { codeOf, reached } from "../../fakes/reached.ts";
import { makeRelease, shaNamed } from "../../fakes/release.ts";
import { fakeSigner } from "../../fakes/signer.ts";
import { type World, world } from "../../fakes/world.ts";

const MINUTE = 60_000;

describe("the step verify", () => {
  let w: World;
  let first: string;
  const second = shaNamed("second");

  beforeEach(async () => {
    w = world();
    first = await w.settled();
  });

  it("passes a release that is as its manifest says, and keeps it", async () => {
    const { p, sha, run } = await reached(w, "verify");
    expect(codeOf(await run())).to.equal("passed");
    expect(p.found.release?.manifest.sha).to.equal(sha);
    expect(Object.keys(p.found.release?.parts ?? {})).to.have.members(["dashboard", "ingestion", "infra"]);
  });

  it("takes the release from the environment's bucket when the source has it no more", async () => {
    const { p, run } = await reached(w, "verify");
    for (const [key, bytes] of w.source.objects) await p.ports.store.put(key, bytes);
    w.source.objects.clear();
    expect(codeOf(await run())).to.equal("passed");
  });

  it("refuses a release that is nowhere, and names the places", async () => {
    const { run } = await reached(w, "verify");
    w.source.objects.clear();
    const error = await refused("release-not-found", run());
    expect(error.message).to.contain("the source or the store");
  });

  it("refuses a release with other bytes than its manifest says", async () => {
    const { run } = await reached(w, "verify");
    w.source.objects.set(lambdaKey("dashboard", second), Buffer.from("other bytes"));
    await refused("size-mismatch", run());
  });

  it("refuses a quarantined release", async () => {
    const { p, sha, run } = await reached(w, "verify");
    if (p.lease)
      p.found.entries.push(await w.ledger.append(p.lease, { type: "quarantined", sha, because: "errors" }));
    expect(codeOf(await run())).to.equal("quarantined");
  });

  for (const name of ["trial-dashboard-errors", "trial-another"])
    it(`refuses to touch an environment where ${name} fires already`, async () => {
      w.alarms.set(name, { state: "ALARM" });
      const result = await (await reached(w, "verify")).run();
      expect(codeOf(result)).to.equal("alarms-firing");
      if (result.outcome === "failed") expect(result.reason.message).to.contain(name);
    });

  it("does not mind an alarm without data: nothing may have happened yet", async () => {
    w.alarms.set("trial-dashboard-errors", { state: "INSUFFICIENT_DATA" });
    expect(codeOf(await (await reached(w, "verify")).run())).to.equal("passed");
  });

  it("refuses credentials that end before the promotion can, with its stages and its bake, both prolonged", async () => {
    const { run } = await reached(w, "verify");
    const needed = 10 * MINUTE + (30_000 + 20_000) + (MINUTE + 20_000);
    w.credentials.end = new Date(w.clock.now().getTime() + needed - 1);
    const result = await run();
    expect(codeOf(result)).to.equal("credentials-expiring");
    const by = new Date(w.clock.now().getTime() + needed);
    if (result.outcome === "failed")
      expect(result.reason.message)
        .to.contain(w.credentials.end.toISOString())
        .and.to.contain(by.toISOString());
    w.credentials.end = new Date(w.clock.now().getTime() + needed);
    expect(codeOf(await run())).to.equal("passed");
  });

  it("refuses a release whose infra program was made for other packages than are installed", async () => {
    const made = makeRelease("second");
    const { p, run } = await reached(w, "verify");
    const needs = { "@pulumi/aws": "7.48.0" };
    w.source.objects.set(manifestKey(second), manifestBytes({ ...made.manifest, needs }));
    w.engine.packages["@pulumi/aws"] = "6.83.0";
    const result = await run();
    expect(codeOf(result)).to.equal("dependency-misfit");
    if (result.outcome === "failed") expect(result.reason.remedy).to.contain("npm ci");
    w.engine.packages["@pulumi/aws"] = "7.49.1";
    expect(codeOf(await run())).to.equal("passed");
    expect(p.found.release?.manifest.needs).to.deep.equal(needs);
  });

  it("refuses a release that could not be staged: its key holds other bytes", async () => {
    const { run } = await reached(w, "verify");
    w.store.objects.set(lambdaKey("ingestion", second), Buffer.from("other bytes"));
    const result = await run();
    expect(codeOf(result)).to.equal("key-taken");
    if (result.outcome === "failed")
      expect(result.reason.message).to.contain("ingestion").and.to.contain("the store");
  });

  it("refuses when the bytes to go back to are gone", async () => {
    w.store.objects.delete(manifestKey(first));
    const result = await (await reached(w, "verify")).run();
    expect(codeOf(result)).to.equal("no-rollback-target");
    if (result.outcome === "failed")
      expect(result.reason.remedy).to.contain(`npm run package -- --sha ${first}`);
  });

  describe("where an attestation is required", () => {
    const signer = fakeSigner();
    const requires = [{ attestation: "earlier-validated", publicKey: signer.publicKey }];
    const made = makeRelease("second");
    const key = attestationKey(second, "earlier-validated");
    const claim = {
      attestation: "earlier-validated",
      manifestKey: manifestKey(second),
      manifestSha256: sha256(made.manifestBytes),
      predicate: {},
    };

    let said: string;

    async function verify(): Promise<string> {
      const { p, run } = await reached(w, "verify", { config: { requires } });
      const result = await run();
      if (p.lease) await w.ledger.release(p.lease);
      said = result.outcome === "failed" ? result.reason.message : "";
      return codeOf(result);
    }

    it("refuses a release without it", async () => {
      expect(await verify()).to.equal("attestation-missing");
      expect(said).to.equal(`trial takes only what is attested as earlier-validated, and ${second} is not`);
    });

    it("takes it from the source or from the environment's own bucket", async () => {
      await w.store.put(key, await attest(claim, signer));
      expect(await verify()).to.equal("passed");
      w.store.objects.delete(key);
      await w.source.put(key, await attest(claim, signer));
      expect(await verify()).to.equal("passed");
    });

    const says: [what: string, predicate: Record<string, unknown>, warns: string][] = [
      ["was rehearsed", { rollback: { rehearsed: true, backMs: 300, forwardMs: 400 } }, ""],
      ["was skipped", { rollback: { rehearsed: false, because: "a hurry" } }, "never rehearsed (a hurry)"],
      ["is not spoken of, as in the first attestations", {}, "never rehearsed (nothing is said of it)"],
      [
        "is spoken of in words of a later version",
        { rollback: "yes" },
        "never rehearsed (nothing is said of it)",
      ],
    ];
    for (const [what, predicate, warns] of says)
      it(`takes one of which the way back ${what}, and says what people should know`, async () => {
        await w.source.put(key, await attest({ ...claim, predicate }, signer));
        const result = await (await reached(w, "verify", { config: { requires } })).run();
        expect(codeOf(result)).to.equal("passed");
        const note = result.outcome === "passed" ? (result.note ?? "") : "";
        if (warns) expect(note).to.contain(warns);
        else expect(note).not.to.contain("rehearsed");
      });

    it("refuses one that somebody else signed", async () => {
      await w.source.put(key, await attest(claim, fakeSigner()));
      expect(await verify()).to.equal("attestation-untrusted");
      expect(said).to.contain(second).and.to.contain("earlier-validated");
    });

    it("refuses one of another release", async () => {
      const another = { ...claim, manifestKey: manifestKey(first), manifestSha256: "0".repeat(64) };
      await w.source.put(key, await attest(another, signer));
      expect(await verify()).to.equal("attestation-of-another-release");
    });

    it("refuses the manifest that it was not given for", async () => {
      await w.source.put(key, await attest({ ...claim, manifestSha256: "0".repeat(64) }, signer));
      expect(await verify()).to.equal("manifest-mismatch");
    });

    it("refuses one that says something else", async () => {
      await w.source.put(key, await attest({ ...claim, attestation: "earlier-seen" }, signer));
      expect(await verify()).to.equal("attestation-invalid");
    });
  });
});
