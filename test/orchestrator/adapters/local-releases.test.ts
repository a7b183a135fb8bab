import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { directoryArtifacts } from "../../../orchestrator/adapters/directory-artifacts.ts";
import { localReleases } from "../../../orchestrator/adapters/local-releases.ts";
import { knownReleases } from "../../../orchestrator/release/known.ts";
import { manifestKey } from "../../../orchestrator/release/manifest.ts";
import { makeRelease, putRelease, shaNamed } from "../../fakes/release.ts";

describe("the releases that package made", () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "releases-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("are each in a directory of its own, and seen as one place", async () => {
    for (const name of ["one", "two"])
      await putRelease(directoryArtifacts(join(directory, shaNamed(name))), makeRelease(name));
    const { releases } = await knownReleases([localReleases(directory)]);
    expect(releases.map(({ manifest }) => manifest.sha)).to.have.members(["one", "two"].map(shaNamed));
  });

  it("are put into the directory of their SHA", async () => {
    const sha = shaNamed("one");
    await localReleases(directory).put(manifestKey(sha), Buffer.from("bytes"));
    expect(readFileSync(join(directory, sha, manifestKey(sha)), "utf8")).to.equal("bytes");
  });

  it("are none where nothing was packaged, or where something else lies", async () => {
    expect(await localReleases(join(directory, "nowhere")).list("")).to.deep.equal([]);
    mkdirSync(join(directory, "notes"));
    writeFileSync(join(directory, "notes", "manifest.json"), "{}");
    expect(await localReleases(directory).list("")).to.deep.equal([]);
  });

  it("have no key that belongs to no release", async () => {
    const error = await localReleases(directory)
      .get("../../etc/passwd")
      .catch((reason) => reason);
    expect(error.message).to.contain("belongs to no release");
  });
});
