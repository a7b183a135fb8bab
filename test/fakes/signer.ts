import { generateKeyPairSync, sign } from "node:crypto";
import type { Signer } from "../../orchestrator/ports/signer.ts";

export type FakeSigner = Signer & {
  /** SPKI, PEM: what an environment's configuration holds. */
  readonly publicKey: string;
  failNext(message: string): void;
};

/** Signs with a P-256 key pair of its own. */
export function fakeSigner(keyId = "alias/signing"): FakeSigner {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const failures: string[] = [];
  return {
    keyId,
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    failNext: (message) => void failures.push(message),
    async sign(bytes) {
      const failure = failures.shift();
      if (failure) throw new Error(failure);
      return sign("sha256", bytes, privateKey);
    },
  };
}
