import { createHash } from "node:crypto";
import canonicalize from "canonicalize";
import { z } from "zod";

const SHA256 = z.string().regex(/^[0-9a-f]{64}$/);

const PART = z.strictObject({
  /** Below the release's own folders, and never above them. */
  key: z.string().regex(/^(?!.*(?:^|\/)\.\.?(?:\/|$))[\w.-]+(?:\/[\w.-]+)*$/, "it is not a key of a release"),
  /** In hex. */
  sha256: SHA256,
  /** In bytes. */
  size: z.int().nonnegative(),
});

/** The part that is the infra program; every other part is a function. */
export const INFRA = "infra";

/** What a release says of itself. */
export const MANIFEST = z.strictObject({
  schemaVersion: z.literal(1),
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  /** When the commit was made, ISO 8601 in UTC. */
  timestamp: z.iso.datetime(),
  /** The commit's author, by name. */
  author: z.string(),
  /** As the commit's package.json has it, or else its name: where the clone came from is no part of the commit. */
  repository: z.string().optional(),
  /** SHA-256 of the commit's package-lock.json, in hex. */
  lockfile: SHA256,
  /** The tools that made the bytes; the lock file names the same. */
  tools: z.strictObject({ node: z.string(), esbuild: z.string() }),
  /** The locked version of each package that the infra program imports where it runs. */
  needs: z.record(z.string(), z.string()).optional(),
  /** The functions by name, and the infra program. */
  parts: z
    .record(z.string().regex(/^[A-Za-z][\w-]*$/), PART)
    .refine((parts) => INFRA in parts, `the part ${INFRA} is missing`),
});

export type Part = z.infer<typeof PART>;
export type Manifest = z.infer<typeof MANIFEST>;

/** Where a release's objects are, the same in every packages bucket and in a local directory. */
export const manifestKey = (sha: string) => `releases/${sha}/manifest.json`;
export const infraKey = (sha: string) => `releases/${sha}/infra.mjs`;
export const lambdaKey = (name: string, sha: string) => `${name}/${sha}/lambda.zip`;
export const partKey = (name: string, sha: string) => (name === INFRA ? infraKey(sha) : lambdaKey(name, sha));
export const attestationKey = (sha: string, attestation: string) =>
  `releases/${sha}/attestations/${attestation}.json`;

/** The release that a key belongs to, and whether it is an attestation of it; undefined for a key of no release. */
export function releaseOfKey(key: string): { sha: string; attestation: boolean } | undefined {
  const [, sha, rest] = /^[^/]+\/([0-9a-f]{40})\/(.+)$/.exec(key) ?? [];
  return sha && rest ? { sha, attestation: rest.startsWith("attestations/") } : undefined;
}

/** The bytes of a manifest: canonical JSON (RFC 8785), so that equal manifests have equal digests. */
export function manifestBytes(manifest: Manifest): Buffer {
  return Buffer.from(`${canonicalize(MANIFEST.parse(manifest))}\n`);
}

/** The functions of a release, by name. */
export function functionParts({ parts }: Manifest): Record<string, Part> {
  return Object.fromEntries(Object.entries(parts).filter(([name]) => name !== INFRA));
}

/** A part's digest in the form in which Lambda reports it as CodeSha256: base64. */
export function codeSha256({ sha256 }: Part): string {
  return Buffer.from(sha256, "hex").toString("base64");
}

/** What the manifest says of a part with these bytes. */
export function describePart(key: string, bytes: Uint8Array): Part {
  return { key, sha256: sha256(bytes), size: bytes.byteLength };
}

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
