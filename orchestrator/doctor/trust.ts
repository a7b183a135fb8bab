import { createPublicKey } from "node:crypto";
import { type Finding, findingsOf } from "./finding.ts";
import { checkOf } from "./ground.ts";

type Named = { environment: string; attestation: string };
const remedy = (p: Named) =>
  `put the public key of whoever gives it into Pulumi.${p.environment}.yaml (requires, publicKey): aws kms get-public-key --key-id <its signing key> --query PublicKey --output text`;

const find = findingsOf("trust", {
  "trust-fine": {
    severity: "fine",
    seen: (p: { attestations: string[] }) => `the public key for ${p.attestations.join(", ")} is known`,
  },
  "trust-not-needed": { severity: "fine", seen: () => "releases need no attestation of another environment" },
  "trust-missing": {
    severity: "problem",
    seen: (p: Named) => `no public key for ${p.attestation} is configured: every release would be refused`,
    remedy,
  },
  "trust-unreadable": {
    severity: "problem",
    seen: (p: Named) => `the public key for ${p.attestation} is not one of ECC P-256 in PEM`,
    remedy,
  },
});

/** Whether the attestations that a release must carry can be checked here. */
export const trust = checkOf(
  find,
  async ({ environment }) => {
    const { requires } = environment.promotion;
    if (requires.length === 0) return [find("trust-not-needed", {})];
    const found = requires.flatMap(({ attestation, publicKey }): Finding[] => {
      const named = { environment: environment.name, attestation };
      if (publicKey.trim() === "") return [find("trust-missing", named)];
      return isOurKind(publicKey) ? [] : [find("trust-unreadable", named)];
    });
    if (found.length > 0) return found;
    return [find("trust-fine", { attestations: requires.map(({ attestation }) => attestation) })];
  },
  { offline: true },
);

function isOurKind(publicKey: string): boolean {
  try {
    return createPublicKey(publicKey).asymmetricKeyDetails?.namedCurve === "prime256v1";
  } catch {
    return false;
  }
}
