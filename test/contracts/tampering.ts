import { expect } from "chai";
import type { Artifacts } from "../../orchestrator/ports/artifacts.ts";
import { promotion } from "../../orchestrator/promotion/course.ts";
import { EXIT_CODES } from "../../orchestrator/promotion/outcome.ts";
import { type Conclusion, run } from "../../orchestrator/promotion/run.ts";
import { attest } from "../../orchestrator/release/attestation.ts";
import {
  attestationKey,
  infraKey,
  lambdaKey,
  MANIFEST,
  type Manifest,
  manifestBytes,
  manifestKey,
  partKey,
  sha256,
} from "../../orchestrator/release/manifest.ts";
import { type MadeRelease, makeRelease, putRelease } from "../fakes/release.ts";
import { fakeSigner } from "../fakes/signer.ts";
import { type World, world } from "../fakes/world.ts";

/** A place in which somebody can do what nobody may: change what was written once, and take it away. */
export type Tamperable = Artifacts & {
  overwrite(key: string, bytes: Uint8Array): Promise<void>;
  remove(key: string): Promise<void>;
};

export type Places = { source: Tamperable; store: Tamperable };

const ATTESTATION = "earlier-validated";
const GIVER = "earlier";
const signer = fakeSigner();
const requires = [{ attestation: ATTESTATION, environment: GIVER, publicKey: signer.publicKey }];

const release = makeRelease("second");
const older = makeRelease("older");
const { sha } = release.manifest;
const zip = lambdaKey("dashboard", sha);
const attestation = attestationKey(sha, ATTESTATION);
const other = Buffer.from("other bytes");

/** The envelope that a release earns when it is validated. */
const envelopeOf = (made: MadeRelease, by = signer, environment = GIVER) =>
  attest(
    {
      attestation: ATTESTATION,
      manifestKey: manifestKey(made.manifest.sha),
      manifestSha256: sha256(made.manifestBytes),
      predicate: { environment },
    },
    by,
  );

const flipped = (bytes: Uint8Array) => Uint8Array.from(bytes).with(0, (bytes[0] ?? 0) ^ 1);
const partOf = (name: string) => release.parts[name] ?? Buffer.of();

/** The older release's bytes under the new SHA's keys, with whatever manifest the forger thinks best. */
async function replay({ source }: Places, manifest: Uint8Array): Promise<void> {
  for (const [name, bytes] of Object.entries(older.parts)) await source.overwrite(partKey(name, sha), bytes);
  await source.overwrite(manifestKey(sha), manifest);
  await source.overwrite(attestation, await envelopeOf(older));
}

/** The older release's manifest, written anew as if it were the new SHA's. */
function rewritten(): Uint8Array {
  const parts = Object.entries(older.manifest.parts).map(([name, part]) => [
    name,
    { ...part, key: partKey(name, sha) },
  ]);
  return manifestBytes({ ...older.manifest, sha, parts: Object.fromEntries(parts) });
}

function withWrongDigest(): Uint8Array {
  const manifest: Manifest = MANIFEST.parse(structuredClone(release.manifest));
  Object.assign(manifest.parts.dashboard ?? {}, { sha256: sha256(other) });
  return manifestBytes(manifest);
}

const CASES: [what: string, code: string, tamper: (places: Places) => Promise<unknown>][] = [
  [
    "an object was changed after its upload",
    "digest-mismatch",
    ({ source }) => source.overwrite(zip, flipped(partOf("dashboard"))),
  ],
  [
    "the infra program was changed",
    "program-mismatch",
    ({ source }) => source.overwrite(infraKey(sha), flipped(partOf("infra"))),
  ],
  [
    "a package was cut off",
    "size-mismatch",
    ({ source }) => source.overwrite(zip, partOf("dashboard").subarray(0, -1)),
  ],
  ["an object is missing", "release-incomplete", ({ source }) => source.remove(zip)],
  [
    "a digest in the manifest is wrong",
    "manifest-mismatch",
    ({ source }) => source.overwrite(manifestKey(sha), withWrongDigest()),
  ],
  ["the manifest is missing", "release-not-found", ({ source }) => source.remove(manifestKey(sha))],
  [
    "there is a tag, but no attestation",
    "attestation-missing",
    async ({ source }) => {
      await source.remove(attestation);
      await source.tag(manifestKey(sha), { release: sha, [ATTESTATION]: "true" });
    },
  ],
  [
    "the attestation is another SHA's",
    "attestation-of-another-release",
    async ({ source }) => source.overwrite(attestation, await envelopeOf(older)),
  ],
  [
    "the attestation was signed with another key",
    "attestation-untrusted",
    async ({ source }) => source.overwrite(attestation, await envelopeOf(release, fakeSigner())),
  ],
  // The bytes of a release are for every environment: what is an environment's own is the attestation.
  [
    "the attestation is of another environment",
    "attestation-of-another-environment",
    async ({ source }) => source.overwrite(attestation, await envelopeOf(release, signer, "elsewhere")),
  ],
  [
    "a key in the environment's own bucket holds other bytes",
    "key-taken",
    ({ store }) => store.overwrite(zip, other),
  ],
  [
    "an older validated build was put under a new SHA",
    "manifest-of-another-release",
    (places) => replay(places, older.manifestBytes),
  ],
  [
    "an older validated build was put under a new SHA, with a manifest that says so",
    "attestation-of-another-release",
    (places) => replay(places, rewritten()),
  ],
];

/** What must become of a release that somebody tampered with, wherever it comes from. `make` gives new, empty places. */
export function tamperingContract(make: () => Promise<Places>): void {
  let w: World;
  let places: Places;
  let first: string;

  beforeEach(async () => {
    w = world();
    first = await w.settled();
    places = await make();
    await putRelease(places.store, makeRelease("first"));
    await putRelease(places.source, release);
    await places.source.put(attestation, await envelopeOf(release));
  });

  async function promote(): Promise<Conclusion> {
    const { p } = w.promoting(sha, { config: { requires } });
    Object.assign(p.ports, { source: places.source, store: places.store });
    w.engine.takeCodeFrom(places.store);
    return await run(p, promotion);
  }

  const staged = () => {
    const keys = [...Object.keys(release.parts).map((name) => partKey(name, sha)), manifestKey(sha)];
    return Promise.all(keys.map(async (key) => Buffer.from((await places.store.get(key)) ?? "").toString()));
  };

  it("is promoted when nobody did", async () => {
    expect(await promote()).to.include({ outcome: "promoted", reason: null });
    expect((await staged()).every((bytes) => bytes !== "")).to.equal(true);
  });

  it("has a code of its own for every way to tamper with it", () => {
    const codes = CASES.slice(0, -1).map(([, code]) => code);
    expect(new Set(codes).size).to.equal(12);
  });

  for (const [what, code, tamper] of CASES)
    it(`is refused before anything is changed: ${what}`, async () => {
      await tamper(places);
      const before = await staged();
      const operations = [...w.engine.did];
      const { outcome, reason } = await promote();
      expect({ outcome, code: reason?.code, exit: EXIT_CODES[outcome] }).to.deep.equal({
        outcome: "refused",
        code,
        exit: 3,
      });
      expect(await staged(), "what is in the environment's bucket").to.deep.equal(before);
      expect(w.engine.did, "what the engine was asked").to.deep.equal(operations);
      expect(w.share(first), "the traffic on what ran").to.equal(1);
      const entries = await w.ledger.entries();
      const since = entries.findLastIndex(({ event }) => event.type === "promotion-started");
      expect(entries.slice(since).map(({ event }) => event.type)).not.to.include.members(["stack-intended"]);
      expect(entries.slice(since).map(({ event }) => event.type)).not.to.include.members([
        "traffic-intended",
      ]);
    });
}
