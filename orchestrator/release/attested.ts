import { z } from "zod";
import type { Artifacts } from "../ports/artifacts.ts";
import type { Problem } from "../problem.ts";
import { type Fault, faultOf, predicateOf } from "./attestation.ts";
import type { FoundManifest } from "./load.ts";
import { attestationKey, manifestKey, sha256 } from "./manifest.ts";
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

/** A manifest as it was read, which an attestation must speak of. */
type Attested = Pick<FoundManifest, "manifest" | "bytes">;

/** The envelope of an attestation in the first of the places that has one. */
export async function findAttestation(
  places: Artifacts[],
  sha: string,
  attestation: string,
): Promise<Uint8Array | undefined> {
  for (const place of places) {
    const envelope = await place.get(attestationKey(sha, attestation));
    if (envelope) return envelope;
  }
  return undefined;
}

/** Why an envelope does not attest this manifest; undefined when it does. */
export function attestationFault(
  { manifest: { sha }, bytes }: Attested,
  requirement: Requirement,
  envelope: Uint8Array,
): Fault | undefined {
  return faultOf(envelope, {
    ...requirement,
    manifestSha256: sha256(bytes),
    manifestKey: manifestKey(sha),
  });
}

/** What a person is told of an envelope that does not attest this manifest; undefined when it does. */
export function attestationProblem(
  release: Attested,
  requirement: Requirement,
  envelope: Uint8Array,
): Problem | undefined {
  const fault = attestationFault(release, requirement, envelope);
  if (!fault) return undefined;
  const { sha } = release.manifest;
  return releaseProblem(CODES[fault.kind], {
    sha,
    attestation: requirement.attestation,
    because: fault.because,
  });
}

/** What an attestation says of the way back. The first ones say nothing of it. */
const ROLLBACK = z.discriminatedUnion("rehearsed", [
  z.object({ rehearsed: z.literal(true) }),
  z.object({ rehearsed: z.literal(false), because: z.string() }),
]);

/** Why the way back of a release was not rehearsed, by an envelope in which no fault was found; undefined where it was. */
export function unrehearsed(envelope: Uint8Array): string | undefined {
  const said = ROLLBACK.safeParse(predicateOf(envelope).rollback);
  if (!said.success) return "nothing is said of it";
  return said.data.rehearsed ? undefined : said.data.because;
}
