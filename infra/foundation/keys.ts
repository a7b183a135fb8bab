import aws from "@pulumi/aws";
import type { FoundationSettings } from "./settings.ts";

/** A key has no name of its own: by this a run finds the one that an interrupted run made and could not name. */
export const keyDescription = {
  secrets: (environment: string) => `Encrypts the secrets in the state of ${environment}.`,
  signing: (environment: string) => `Signs the attestations of ${environment}.`,
};

/** The key that encrypts the secrets in the stack's state, and the one that signs what is said of a release. */
export function keys({ environment, secretsKey, signingKey }: FoundationSettings) {
  // A key has no name that a policy could go by: another environment's principals are denied it by this tag.
  const tags = { environment };
  const secrets = new aws.kms.Key(
    "secrets",
    { description: keyDescription.secrets(environment), enableKeyRotation: true, tags },
    { protect: true },
  );
  const signing = new aws.kms.Key(
    "signing",
    {
      description: keyDescription.signing(environment),
      keyUsage: "SIGN_VERIFY",
      customerMasterKeySpec: "ECC_NIST_P256",
      tags,
    },
    { protect: true },
  );
  new aws.kms.Alias("secrets", { name: secretsKey, targetKeyId: secrets.id });
  new aws.kms.Alias("signing", { name: signingKey, targetKeyId: signing.id });
  return { secrets, signing };
}
