import { expect } from "chai";
import { storedReleases } from "../../../orchestrator/keeping/stored.ts";
import { manifestKey } from "../../../orchestrator/release/manifest.ts";
import { memoryArtifacts } from "../../fakes/artifacts.ts";
import { makeRelease, putRelease, shaNamed } from "../../fakes/release.ts";

describe("what a bucket holds of a release", () => {
  let now: Date;
  const store = () => memoryArtifacts("the store", () => now);

  beforeEach(() => {
    now = new Date("2030-01-01T00:00:00.000Z");
  });

  it("is its manifest and its parts, the manifest first", async () => {
    const place = store();
    await putRelease(place, makeRelease("one"));
    const [one, ...others] = await storedReleases(place);
    expect(others).to.deep.equal([]);
    expect(one?.sha).to.equal(shaNamed("one"));
    expect(one?.keys[0]).to.equal(manifestKey(shaNamed("one")));
    expect(one?.keys).to.have.members([...place.objects.keys()]);
  });

  it("is as young as the last of its objects", async () => {
    const place = store();
    const { manifest, parts } = makeRelease("one");
    for (const [name, { key }] of Object.entries(manifest.parts)) {
      now = new Date(now.getTime() + 1_000);
      await place.put(key, parts[name] ?? Buffer.of());
    }
    const youngest = now;
    // Listed last, and older.
    now = new Date("2029-01-01T00:00:00.000Z");
    await place.put(`zeta/${manifest.sha}/lambda.zip`, Buffer.from("z"));
    expect((await storedReleases(place))[0]?.since).to.deep.equal(youngest);
  });

  it("is what is left of it, where that is not all", async () => {
    const place = store();
    await place.put(`dashboard/${shaNamed("two")}/lambda.zip`, Buffer.from("a copy that was interrupted"));
    expect((await storedReleases(place)).map(({ sha, keys }) => [sha, keys.length])).to.deep.equal([
      [shaNamed("two"), 1],
    ]);
  });

  it("is no attestation, and nothing that belongs to no release", async () => {
    const place = store();
    for (const key of [
      `releases/${shaNamed("one")}/attestations/trial-validated.json`,
      "notes.txt",
      "a/b/c.txt",
    ])
      await place.put(key, Buffer.from("x"));
    expect(await storedReleases(place)).to.deep.equal([]);
  });
});
