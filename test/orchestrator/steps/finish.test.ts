import { expect } from "chai";
import { objection } from "../../../orchestrator/release/attestation.ts";
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
    expect(objection(envelope, wanted)).to.equal(undefined);
    expect(w.source.objects.get(key)).to.deep.equal(envelope);
  });

  it("says in it which promotion earned it, when, and with what", async () => {
    await at.run();
    const { payload } = JSON.parse(Buffer.from(w.store.objects.get(key) ?? "").toString());
    const { predicate } = JSON.parse(Buffer.from(payload, "base64").toString());
    expect(predicate).to.deep.include({
      environment: "trial",
      promotionId: at.p.id,
      validation: { passed: 7 },
    });
    expect(predicate.functions.dashboard.version).to.equal("1");
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

  it("tries again after a pause, and gives up after the third time", async () => {
    w.signer.failNext("KMS is throttled");
    w.notifier.fail(1);
    const began = w.clock.monotonic();
    expect(codeOf(await at.run())).to.equal("passed");
    expect(w.clock.monotonic() - began).to.equal(2_000);
    w.notifier.fail(3, "no such topic");
    const result = await at.run();
    expect(codeOf(result)).to.equal("finish-failed");
    if (result.outcome === "failed") expect(result.reason.message).to.contain("no such topic");
  });
});
