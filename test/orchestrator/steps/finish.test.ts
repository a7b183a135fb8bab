import { expect } from "chai";
import { readOnly } from "../../../orchestrator/adapters/read-only-artifacts.ts";
import { faultOf } from "../../../orchestrator/release/attestation.ts";
import { attestationKey, manifestKey, sha256 } from "../../../orchestrator/release/manifest.ts";
import { codeOf, type Reached, reached } from "../../fakes/reached.ts";
import { type World, world } from "../../fakes/world.ts";

describe("the step finish", () => {
  let w: World;
  let at: Reached;
  let key: string;

  beforeEach(async () => {
    w = world();
    at = await reached(w, "finish");
    key = attestationKey(at.sha, "trial-validated");
  });

  it("leaves an attestation that holds, beside the release and where it came from", async () => {
    expect(codeOf(await at.run())).to.equal("passed");
    const envelope = w.store.objects.get(key);
    if (!envelope) throw new Error("there is no attestation");
    const manifestSha256 = sha256(w.store.objects.get(manifestKey(at.sha)) ?? Buffer.of());
    const wanted = { attestation: "trial-validated", manifestSha256, publicKey: w.signer.publicKey };
    expect(faultOf(envelope, wanted)).to.equal(undefined);
    expect(w.source.objects.get(key)).to.deep.equal(envelope);
  });

  it("says in it which promotion earned it, when, and with what", async () => {
    await at.run();
    const { payload } = JSON.parse(Buffer.from(w.store.objects.get(key) ?? "").toString());
    const { predicate } = JSON.parse(Buffer.from(payload, "base64").toString());
    expect(predicate).to.deep.include({
      environment: "trial",
      promotionId: at.p.id,
      sha: at.sha,
      programSha256: at.p.found.release?.manifest.parts.infra?.sha256,
      validation: { passed: 7, resultsSha256: "7e57".repeat(16) },
    });
    expect(Date.parse(predicate.at)).to.equal(w.clock.now().getTime());
    expect(predicate.functions.dashboard.version).to.equal("1");
  });

  it("does not write where the release may only be read", async () => {
    Object.assign(at.p.ports, { source: readOnly(w.source) });
    expect(codeOf(await at.run())).to.equal("passed");
    expect(w.store.objects.has(key)).to.equal(true);
    expect(w.source.objects.has(key)).to.equal(false);
  });

  it("tags every object of the release with what it has earned, for people", async () => {
    const requires = [{ attestation: "earlier-validated", publicKey: "" }];
    Object.assign(at.p.environment.promotion, { requires });
    await at.run();
    const keys = [...w.store.objects.keys()].filter((each) => each.includes(at.sha));
    expect(keys).to.have.length(5);
    for (const each of keys)
      expect(w.store.tags.get(each), each).to.deep.equal({
        release: at.sha,
        "earlier-validated": "true",
        "trial-validated": "true",
      });
  });

  it("tells people", async () => {
    await at.run();
    expect(w.notifier.sent).to.have.length(1);
    expect(w.notifier.sent[0]).to.include({ topicArn: at.p.found.published?.alertsTopicArn });
    expect(w.notifier.sent[0]?.body).to.contain(at.sha).and.to.contain("npm run history -- --env trial");
  });

  it("may be done twice: the first attestation stays", async () => {
    await at.run();
    const before = w.store.objects.get(key);
    await w.clock.sleep(1_000);
    expect(codeOf(await at.run())).to.equal("passed");
    expect(w.store.objects.get(key)).to.deep.equal(before);
  });

  it("leaves an attestation alone that is at the source already, whatever it is", async () => {
    await w.source.put(key, Buffer.from("an earlier one"));
    expect(codeOf(await at.run())).to.equal("passed");
    expect(Buffer.from(w.source.objects.get(key) ?? "").toString()).to.equal("an earlier one");
  });

  it("tries again after a pause", async () => {
    w.signer.failNext("KMS is throttled");
    w.notifier.fail(1);
    const began = w.clock.monotonic();
    expect(codeOf(await at.run())).to.equal("passed");
    expect(w.clock.monotonic() - began).to.equal(2_000);
  });

  it("gives up after the third time", async () => {
    w.notifier.fail(3, "no such topic");
    const result = await at.run();
    expect(codeOf(result)).to.equal("finish-failed");
    if (result.outcome === "failed") expect(result.reason.message).to.contain("no such topic");
  });
});
