import { createPublicKey, verify } from "node:crypto";
import { expect } from "chai";
import type { Signer } from "../../orchestrator/ports/signer.ts";
import { attest, faultOf } from "../../orchestrator/release/attestation.ts";

/** A signer and its key's public part (SPKI, PEM). */
export type Signing = { signer: Signer; publicKey: string };

/** What every signer must do. */
export function signerContract(make: () => Promise<Signing>): void {
  let signer: Signer;
  let publicKey: string;

  beforeEach(async () => {
    ({ signer, publicKey } = await make());
  });

  it("signs so that the key's public part verifies it", async () => {
    const bytes = Buffer.from("what is signed");
    const signature = await signer.sign(bytes);
    const key = createPublicKey(publicKey);
    expect(key.asymmetricKeyDetails?.namedCurve).to.equal("prime256v1");
    expect(verify("sha256", bytes, key, signature)).to.equal(true);
    expect(verify("sha256", Buffer.from("something else"), key, signature)).to.equal(false);
  });

  it("signs more than fits into one request", async () => {
    const bytes = Buffer.alloc(100_000, 7);
    expect(verify("sha256", bytes, createPublicKey(publicKey), await signer.sign(bytes))).to.equal(true);
  });

  it("names its key, and its attestations hold", async () => {
    expect(signer.keyId).to.be.a("string").that.is.not.empty;
    const manifestSha256 = "ab".repeat(32);
    const claim = { attestation: "validated", manifestKey: "manifest.json", manifestSha256, predicate: {} };
    const envelope = await attest(claim, signer);
    expect(faultOf(envelope, { attestation: "validated", manifestSha256, publicKey })?.because).to.equal(
      undefined,
    );
  });
}
