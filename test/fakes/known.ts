import type { Artifacts } from "../../orchestrator/ports/artifacts.ts";
import { attest } from "../../orchestrator/release/attestation.ts";
import { attestationKey, manifestBytes, manifestKey, sha256 } from "../../orchestrator/release/manifest.ts";
import { type MadeRelease, makeRelease, putRelease } from "./release.ts";
import type { FakeSigner } from "./signer.ts";

/** A release whose commit was made at a time of its own. */
export function releaseOf(name: string, timestamp: string): MadeRelease {
  const made = makeRelease(name);
  const manifest = { ...made.manifest, timestamp };
  return { ...made, manifest, manifestBytes: manifestBytes(manifest) };
}

/** Puts a release where releases are kept, attested by the signer under each of the names. */
export async function putAttested(
  place: Artifacts,
  release: MadeRelease,
  signer: FakeSigner,
  ...attestations: string[]
): Promise<string> {
  const { sha } = release.manifest;
  await putRelease(place, release);
  for (const attestation of attestations) {
    const claim = {
      attestation,
      manifestKey: manifestKey(sha),
      manifestSha256: sha256(release.manifestBytes),
      predicate: {},
    };
    await place.put(attestationKey(sha, attestation), await attest(claim, signer));
  }
  return sha;
}
