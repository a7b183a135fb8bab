import { expect } from "chai";
import { loadRelease, programOf, readManifest } from "../../../orchestrator/release/load.ts";
import { infraKey, lambdaKey, manifestKey } from "../../../orchestrator/release/manifest.ts";
import { refused } from "../../contracts/refused.ts";
import { type MemoryArtifacts, memoryArtifacts } from "../../fakes/artifacts.ts";
import { makeRelease, putRelease } from "../../fakes/release.ts";

const release = makeRelease("one");
const { sha } = release.manifest;

describe("a release that is loaded", () => {
  let near: MemoryArtifacts;
  let far: MemoryArtifacts;

  beforeEach(() => {
    near = memoryArtifacts("near");
    far = memoryArtifacts("far");
  });

  const load = () => loadRelease([near, far], sha);
  const spoil = (manifest: unknown) =>
    near.objects.set(
      manifestKey(sha),
      Buffer.from(typeof manifest === "string" ? manifest : JSON.stringify(manifest)),
    );

  it("is all of it, as it was made", async () => {
    await putRelease(near, release);
    const loaded = await load();
    expect(loaded.manifest).to.deep.equal(release.manifest);
    expect(Buffer.from(loaded.manifestBytes)).to.deep.equal(Buffer.from(release.manifestBytes));
    expect(Buffer.from(loaded.parts.dashboard ?? "").toString()).to.equal(`dashboard of ${sha}`);
    expect(programOf(loaded).manifest.sha).to.equal(sha);
    expect(Buffer.from(programOf(loaded).program).toString()).to.contain(sha);
  });

  it("gives the engine nothing when it has no infra program", async () => {
    await putRelease(near, release);
    const { infra: _, ...parts } = (await load()).parts;
    expect(() => programOf({ ...release, parts }))
      .to.throw()
      .with.property("code", "release-incomplete");
  });

  it("comes from the first place that has it", async () => {
    await putRelease(far, release);
    expect((await load()).manifest.sha).to.equal(sha);
  });

  it("is not mixed from two places: what the first lacks is missing", async () => {
    await putRelease(near, release);
    await putRelease(far, release);
    near.objects.delete(lambdaKey("ingestion", sha));
    const error = await refused("release-incomplete", load());
    expect(error.message).to.contain(lambdaKey("ingestion", sha)).and.to.contain("near");
  });

  it("is refused when no place has it, naming them", async () => {
    const error = await refused("release-not-found", load());
    expect(error.message).to.contain("near or far");
    expect(error).to.have.property("remedy", `npm run package -- --sha ${sha}`);
  });

  for (const [part, key, code] of [
    ["a function", lambdaKey("dashboard", sha), "digest-mismatch"],
    ["the infra program", infraKey(sha), "program-mismatch"],
  ] as const)
    it(`is refused when ${part} has other bytes, of the same length too`, async () => {
      await putRelease(near, release);
      const bytes = near.objects.get(key) ?? Buffer.of();
      near.objects.set(key, bytes.with(0, (bytes[0] ?? 0) ^ 1));
      const error = await refused(code, load());
      expect(error.message).to.contain(key);
    });

  it("is refused when a part is shorter or longer than it was", async () => {
    await putRelease(near, release);
    const key = lambdaKey("dashboard", sha);
    const bytes = near.objects.get(key) ?? Buffer.of();
    for (const changed of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)])]) {
      near.objects.set(key, changed);
      const error = await refused("size-mismatch", load());
      expect(error.message).to.contain(`${changed.length} bytes`);
    }
  });

  describe("its manifest", () => {
    it("is undefined where the release is not", async () => {
      expect(await readManifest(near, sha)).to.equal(undefined);
    });

    const { manifest } = release;
    const { infra, ...functions } = manifest.parts;
    const elsewhere = { ...infra, key: "../../elsewhere" };
    const bad: [what: string, document: unknown][] = [
      ["is no JSON", "{"],
      ["is no object", "[]"],
      ["has another version", { ...manifest, schemaVersion: 2 }],
      ["says what is not asked", { ...manifest, extra: 1 }],
      ["leads elsewhere", { ...manifest, parts: { ...manifest.parts, infra: elsewhere } }],
      ["has a short digest", { ...manifest, lockfile: "abc" }],
      ["has no infra program", { ...manifest, parts: functions }],
    ];
    for (const [what, document] of bad)
      it(`is refused when it ${what}`, async () => {
        spoil(document);
        const error = await refused("manifest-invalid", readManifest(near, sha));
        expect(error.message).to.contain("near");
      });

    it("is refused when it is another release's", async () => {
      spoil({ ...manifest, sha: "0".repeat(40) });
      const error = await refused("manifest-of-another-release", readManifest(near, sha));
      expect(error.message).to.contain("0".repeat(40));
    });
  });
});
