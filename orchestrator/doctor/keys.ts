import { createPublicKey, verify } from "node:crypto";
import { bootstrap, type Finding, findingsOf } from "./finding.ts";
import { checkOf } from "./ground.ts";
import type { KeyLook } from "./place.ts";

/** Signed to see that the key signs. It is no statement about any release, and nobody takes it for one. */
export const TRIAL_TEXT = "The doctor tries the signing key. This says nothing about any release.";
const SPEC = "ECC_NIST_P256 SIGN_VERIFY";

type Named = { key: string; environment: string };
const enable = (p: Named) =>
  `aws kms enable-key --key-id <its id>; if it waits to be deleted, first aws kms cancel-key-deletion (aws kms describe-key --key-id ${p.key} says its id)`;

const find = findingsOf("signing-key", {
  "signing-key-fine": { severity: "fine", seen: (p: Named) => `${p.key} signs, and its signature holds` },
  "signing-key-missing": {
    severity: "problem",
    seen: (p: Named) => `there is no key ${p.key}`,
    remedy: bootstrap,
  },
  "signing-key-off": {
    severity: "problem",
    seen: (p: Named & { state: string }) => `${p.key} is ${p.state}`,
    remedy: enable,
  },
  "signing-key-kind": {
    severity: "problem",
    seen: (p: Named & { kind: string }) => `${p.key} is of the kind ${p.kind}, not ${SPEC}`,
    remedy: (p) => `let the alias point to a key of that kind: ${bootstrap(p)}`,
  },
  "signing-key-lies": {
    severity: "problem",
    seen: (p: Named) => `what ${p.key} signs does not hold against its own public key`,
    remedy: (p) => `see what answers for KMS (AWS_ENDPOINT_URL), and aws kms describe-key --key-id ${p.key}`,
  },
  "signing-key-not-trusted": {
    severity: "problem",
    seen: (p: Named & { by: string }) =>
      `${p.by} trusts another public key than that of ${p.key}: it would refuse every release from here`,
    remedy: (p) =>
      `put it into Pulumi.${p.by}.yaml (requires, publicKey): aws kms get-public-key --key-id ${p.key} --query PublicKey --output text`,
  },
  "signing-key-unknown": {
    severity: "warning",
    seen: (p: Named & { by: string }) =>
      `${p.by} knows no public key for this environment's attestations yet`,
    remedy: (p) =>
      `put it into Pulumi.${p.by}.yaml (requires, publicKey): aws kms get-public-key --key-id ${p.key} --query PublicKey --output text`,
  },
});

export const signingKey = checkOf(find, async ({ environment, place, trustedBy }) => {
  const key = environment.promotion.signingKey;
  const named = { key, environment: environment.name };
  const look = await place.key(key);
  if (!look) return [find("signing-key-missing", named)];
  if (!look.enabled) return [find("signing-key-off", { ...named, state: look.state })];
  const kind = `${look.spec} ${look.usage}`;
  if (kind !== SPEC) return [find("signing-key-kind", { ...named, kind })];
  const [publicKey, signature] = await Promise.all([place.publicKey(key), place.sign(key, TRIAL_TEXT)]);
  if (!verify("sha256", Buffer.from(TRIAL_TEXT), publicKey, signature))
    return [find("signing-key-lies", named)];
  const found = trustedBy.flatMap(({ environment: by, publicKey: trusted }): Finding[] => {
    if (trusted.trim() === "") return [find("signing-key-unknown", { ...named, by })];
    return sameKey(trusted, publicKey) ? [] : [find("signing-key-not-trusted", { ...named, by })];
  });
  return found.length > 0 ? found : [find("signing-key-fine", named)];
});

/** Whether two texts are the same key, however each is wrapped. */
function sameKey(one: string, other: string): boolean {
  try {
    return createPublicKey(one).equals(createPublicKey(other));
  } catch {
    return false;
  }
}

const findSecrets = findingsOf("secrets-key", {
  "secrets-key-fine": {
    severity: "fine",
    seen: (p: Named) => `${p.key} is there to encrypt the stack's secrets`,
  },
  "secrets-key-unnamed": {
    severity: "problem",
    seen: () => "the environment's file names no key for the stack's secrets",
    remedy: (p: { environment: string }) =>
      `in Pulumi.${p.environment}.yaml: secretsprovider: awskms://alias/<key>?region=<region>&awssdk=v2`,
  },
  "secrets-key-missing": {
    severity: "problem",
    seen: (p: Named) => `there is no key ${p.key}`,
    remedy: bootstrap,
  },
  "secrets-key-off": {
    severity: "problem",
    seen: (p: Named & { state: string }) => `${p.key} is ${p.state}: the stack's state cannot be read`,
    remedy: enable,
  },
  "secrets-key-kind": {
    severity: "problem",
    seen: (p: Named & { kind: string }) => `${p.key} is of the kind ${p.kind}, which encrypts nothing`,
    remedy: (p) => `let the alias point to a symmetric key: ${bootstrap(p)}`,
  },
});

export const secretsKey = checkOf(findSecrets, async ({ environment, place, secretsKey: key }) => {
  if (!key) return [findSecrets("secrets-key-unnamed", { environment: environment.name })];
  const named = { key, environment: environment.name };
  const look: KeyLook | undefined = await place.key(key);
  if (!look) return [findSecrets("secrets-key-missing", named)];
  if (!look.enabled) return [findSecrets("secrets-key-off", { ...named, state: look.state })];
  if (look.usage !== "ENCRYPT_DECRYPT")
    return [findSecrets("secrets-key-kind", { ...named, kind: `${look.spec} ${look.usage}` })];
  return [findSecrets("secrets-key-fine", named)];
});
