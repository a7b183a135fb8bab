import { CreateAliasCommand, CreateKeyCommand, GetPublicKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { kmsSigner } from "../../orchestrator/adapters/kms-signer.ts";
import { signerContract } from "../contracts/signer.ts";
import { emulatorAccess, unused } from "./access.ts";

describe("orchestrator: signatures by KMS", () => {
  signerContract(async () => {
    const access = await emulatorAccess();
    const kms = new KMSClient(access);
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({ KeyUsage: "SIGN_VERIFY", KeySpec: "ECC_NIST_P256" }),
    );
    const TargetKeyId = KeyMetadata?.KeyId;
    const AliasName = `alias/${unused("signing")}`;
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
    const { PublicKey = Buffer.of() } = await kms.send(new GetPublicKeyCommand({ KeyId: AliasName }));
    const base64 = Buffer.from(PublicKey).toString("base64");
    const publicKey = `-----BEGIN PUBLIC KEY-----\n${base64}\n-----END PUBLIC KEY-----\n`;
    return { signer: kmsSigner(AliasName, access), publicKey };
  });
});
