import type { Problem } from "../problem.ts";
import { type Fault, faultOf } from "./attestation.ts";
import type { FoundManifest } from "./load.ts";
import { manifestKey, sha256 } from "./manifest.ts";
import { releaseProblem } from "./problems.ts";

/** An attestation that an environment asks for: its name, the key that must have signed it, and who must have given it. */
export type Requirement = { attestation: string; publicKey: string; environment?: string | undefined };

const CODES = {
  invalid: "attestation-invalid",
  untrusted: "attestation-untrusted",
  "another-release": "attestation-of-another-release",
  "another-manifest": "manifest-mismatch",
  "another-environment": "attestation-of-another-environment",
} as const satisfies Record<Fault["kind"], string>;

/** What is wrong with the envelope that shall attest this manifest; undefined when it holds. */
export function attestationProblem(
  { manifest: { sha }, bytes }: Pick<FoundManifest, "manifest" | "bytes">,
  requirement: Requirement,
  envelope: Uint8Array,
): Problem | undefined {
  const wanted = { ...requirement, manifestSha256: sha256(bytes), manifestKey: manifestKey(sha) };
  const fault = faultOf(envelope, wanted);
  if (!fault) return undefined;
  return releaseProblem(CODES[fault.kind], {
    sha,
    attestation: requirement.attestation,
    because: fault.because,
  });
}
