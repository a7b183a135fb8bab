import { createHash } from "node:crypto";
import { GetPublicKeyCommand, KMSClient, SignCommand } from "@aws-sdk/client-kms";
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

/** The public half of a signing key, as an environment's configuration has it: SPKI, PEM. */
export async function publicKeyOf(KeyId: string, access: AwsAccess): Promise<string> {
  const { PublicKey } = await new KMSClient(clientSettings(access)).send(new GetPublicKeyCommand({ KeyId }));
  const base64 = Buffer.from(PublicKey ?? []).toString("base64");
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN PUBLIC KEY-----\n${lines.join("\n")}\n-----END PUBLIC KEY-----\n`;
}
