import { generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import { attest, type Claim, faultOf } from "../../../orchestrator/release/attestation.ts";
import { fakeSigner } from "../../fakes/signer.ts";

const signer = fakeSigner();
const manifestSha256 = "ab".repeat(32);
const claim: Claim = {
  attestation: "trial-validated",
  manifestKey: "releases/0123/manifest.json",
  manifestSha256,
  predicate: { promotionId: "one" },
};
const wanted = { attestation: "trial-validated", manifestSha256, publicKey: signer.publicKey };

type Envelope = { payloadType: string; payload: string; signatures: { keyid: string; sig: string }[] };

/** The envelope of a claim, changed by somebody on its way. */
async function changed(change: (envelope: Envelope) => unknown): Promise<Uint8Array> {
  const envelope = JSON.parse(Buffer.from(await attest(claim, signer)).toString()) as Envelope;
  return Buffer.from(JSON.stringify(change(envelope)));
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Why an envelope does not hold; undefined when it does. */
const objection = (...given: Parameters<typeof faultOf>) => faultOf(...given)?.because;

describe("an attestation", () => {
  it("holds for the manifest and the name it was made for, by the key that made it", async () => {
    expect(objection(await attest(claim, signer), wanted)).to.equal(undefined);
  });

  it("is an in-toto statement in a DSSE envelope", async () => {
    const envelope = JSON.parse(Buffer.from(await attest(claim, signer)).toString()) as Envelope;
    expect(envelope.payloadType).to.equal("application/vnd.in-toto+json");
    expect(envelope.signatures[0]?.keyid).to.equal(signer.keyId);
    expect(JSON.parse(Buffer.from(envelope.payload, "base64").toString())).to.deep.equal({
      _type: "https://in-toto.io/Statement/v1",
      subject: [{ name: claim.manifestKey, digest: { sha256: manifestSha256 } }],
      predicateType: "urn:promotion:attestation:trial-validated:v1",
      predicate: { promotionId: "one" },
    });
  });

  it("must be of the environment that was asked for, where one was", async () => {
    const given = { ...claim, predicate: { environment: "trial" } };
    const envelope = await attest(given, signer);
    expect(faultOf(envelope, { ...wanted, environment: "trial" })).to.equal(undefined);
    expect(faultOf(envelope, { ...wanted, environment: "other" })).to.include({
      kind: "another-environment",
    });
    expect(faultOf(await attest(claim, signer), { ...wanted, environment: "trial" })).to.not.equal(undefined);
  });

  it("tells another manifest of this release from another release", async () => {
    const envelope = await attest(claim, signer);
    const changed = { ...wanted, manifestSha256: "0".repeat(64) };
    expect(faultOf(envelope, { ...changed, manifestKey: claim.manifestKey })).to.include({
      kind: "another-manifest",
    });
    expect(faultOf(envelope, { ...changed, manifestKey: "releases/4567/manifest.json" })).to.include({
      kind: "another-release",
    });
  });

  it("holds when one of several signatures is the key's", async () => {
    const stranger = { keyid: "other", sig: base64("no signature") };
    const more = await changed((envelope) => ({
      ...envelope,
      signatures: [stranger, ...envelope.signatures],
    }));
    expect(objection(more, wanted)).to.equal(undefined);
  });

  const others: [what: string, changes: Partial<typeof wanted>, because: string][] = [
    ["another key", { publicKey: fakeSigner().publicKey }, "it is not signed by the configured key"],
    ["another manifest", { manifestSha256: "0".repeat(64) }, "it is about another manifest"],
    [
      "another name",
      { attestation: "trial-deployed" },
      "it attests urn:promotion:attestation:trial-validated:v1",
    ],
    ["no key", { publicKey: "" }, "no public key is configured to check it with"],
    ["a key that is none", { publicKey: "a key" }, "the configured public key is not a PEM key"],
  ];
  for (const [what, changes, because] of others)
    it(`does not hold for ${what}`, async () => {
      expect(objection(await attest(claim, signer), { ...wanted, ...changes })).to.equal(because);
    });

  it("does not hold for a key of another kind", async () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
    expect(objection(await attest(claim, signer), { ...wanted, publicKey: pem })).to.contain(
      "of another kind (rsa)",
    );
  });

  const forged = JSON.stringify({ _type: "https://in-toto.io/Statement/v1", subject: [] });
  const tamperings: [what: string, change: (envelope: Envelope) => unknown, because: string][] = [
    ["another payload", (e) => ({ ...e, payload: base64(forged) }), "it is not signed by the configured key"],
    ["another type", (e) => ({ ...e, payloadType: "text/plain" }), "it is not a DSSE envelope"],
    ["no signature", (e) => ({ ...e, signatures: [] }), "it is not a DSSE envelope"],
    [
      "an empty signature",
      (e) => ({ ...e, signatures: [{ keyid: "k", sig: "" }] }),
      "it is not signed by the configured key",
    ],
    ["nothing of it left", () => ({}), "it is not a DSSE envelope"],
  ];
  for (const [what, change, because] of tamperings)
    it(`does not hold with ${what}`, async () => {
      expect(objection(await changed(change), wanted)).to.equal(because);
    });

  for (const bytes of ["", "{", "null", "\u0000"])
    it(`does not hold when it is no JSON object: ${JSON.stringify(bytes)}`, () => {
      expect(objection(Buffer.from(bytes), wanted)).to.equal("it is not a DSSE envelope");
    });

  it("does not hold when what was signed is no statement", async () => {
    const sign = signer.sign;
    const payload = Buffer.from("no statement");
    const type = "application/vnd.in-toto+json";
    const signed = Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} ${payload}`);
    const sig = Buffer.from(await sign(signed)).toString("base64");
    const envelope = {
      payloadType: type,
      payload: base64("no statement"),
      signatures: [{ keyid: "k", sig }],
    };
    expect(objection(Buffer.from(JSON.stringify(envelope)), wanted)).to.equal(
      "it is not an in-toto statement",
    );
  });
});
