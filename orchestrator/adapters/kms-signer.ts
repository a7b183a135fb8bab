import { createHash } from "node:crypto";
import { KMSClient, SignCommand } from "@aws-sdk/client-kms";
import type { Signer } from "../ports/signer.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

/** Signs with an ECC P-256 key that never leaves KMS. Only a digest is sent, so any length may be signed. */
export function kmsSigner(keyId: string, access: AwsAccess): Signer {
  const kms = new KMSClient(clientSettings(access));
  return {
    keyId,
    async sign(bytes) {
      const Message = createHash("sha256").update(bytes).digest();
      const { Signature } = await kms.send(
        new SignCommand({ KeyId: keyId, Message, MessageType: "DIGEST", SigningAlgorithm: "ECDSA_SHA_256" }),
      );
      if (!Signature) throw new Error(`KMS gave no signature with ${keyId}`);
      return Signature;
    },
  };
}
