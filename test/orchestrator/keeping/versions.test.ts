import { expect } from "chai";
import { oldVersions, ownersBy, servingReleases } from "../../../orchestrator/keeping/versions.ts";
import type { PublishedVersion } from "../../../orchestrator/ports/versions.ts";
import { type Entry, GENESIS, type RunningRelease } from "../../../orchestrator/promotion/events.ts";

const NAME = "trial-dashboard";

/** Entries that say that releases were published, each with its version and its code. */
function ledger(...published: [sha: string, version: string, code: string][]): Entry[] {
  return published.map(([sha, version, codeSha256], index) => {
    const functions = { dashboard: { functionName: NAME, version, codeSha256 } };
    const release: RunningRelease = { sha, functions, url: "", alarms: [], alertsTopicArn: "" };
    const event = { type: "release-published" as const, release };
    return { sequence: index + 1, promotionId: "1", at: "", event, previous: GENESIS, hash: GENESIS };
  });
}

const published = (version: string, code: string, ...aliases: string[]): PublishedVersion => ({
  version,
  codeSha256: code,
  aliases,
});
const NEWEST = published("9", "newest");

function gone(
  versions: PublishedVersion[],
  entries: Entry[],
  removed: string[],
  codes: [string, string[]][] = [],
) {
  const functions = [{ functionName: NAME, versions: [...versions, NEWEST] }];
  return oldVersions(functions, ownersBy(entries, new Map(codes)), new Set(removed));
}

const names = (found: { version: string }[]) => found.map(({ version }) => version);

describe("the versions that go", () => {
  it("are those that releases published which go", () => {
    const entries = ledger(["a", "1", "code a"], ["b", "2", "code b"]);
    const versions = [published("1", "code a"), published("2", "code b")];
    expect(gone(versions, entries, ["a"])).to.deep.equal([{ functionName: NAME, version: "1", shas: ["a"] }]);
    expect(gone(versions, entries, [])).to.deep.equal([]);
  });

  it("are none that a release shares which stays, by number or by code", () => {
    const entries = ledger(
      ["a", "1", "code"],
      ["b", "1", "code"],
      ["c", "3", "code c"],
      ["d", "4", "code c"],
    );
    const versions = [published("1", "code"), published("3", "code c"), published("4", "code c")];
    expect(gone(versions, entries, ["a", "c"])).to.deep.equal([]);
    expect(names(gone(versions, entries, ["a", "b", "c", "d"]))).to.deep.equal(["1", "3", "4"]);
  });

  it("are those of an update that recorded nothing, by the code in the bucket", () => {
    const versions = [published("5", "code x")];
    expect(names(gone(versions, [], ["x"], [["code x", ["x"]]]))).to.deep.equal(["5"]);
    expect(gone(versions, [], ["x"], [["code x", ["x", "y"]]]), "y stays").to.deep.equal([]);
  });

  it("are none that belong to nobody who is known", () => {
    expect(gone([published("5", "by hand")], [], ["x"])).to.deep.equal([]);
  });

  it("are none that an alias names, nor a function's newest", () => {
    const entries = ledger(["a", "1", "code a"], ["a", "9", "newest"]);
    expect(gone([published("1", "code a", "live")], entries, ["a"])).to.deep.equal([]);
    expect(names(gone([published("1", "code a")], entries, ["a"]))).to.deep.equal(["1"]);
  });

  it("are compared by number: ten is newer than nine", () => {
    const entries = ledger(["a", "9", "newest"], ["b", "10", "code b"]);
    expect(names(gone([published("10", "code b")], entries, ["a", "b"]))).to.deep.equal(["9"]);
  });

  it("are of the same function: another's version of the same number is another's", () => {
    const entries = ledger(["a", "1", "code a"]);
    const functions = [{ functionName: "trial-other", versions: [published("1", "other"), NEWEST] }];
    expect(oldVersions(functions, ownersBy(entries, new Map()), new Set(["a"]))).to.deep.equal([]);
  });

  it("cannot be of a release that an alias sends requests to", () => {
    const entries = ledger(["a", "1", "code a"]);
    const versions = [published("1", "code a", "live"), published("2", "code b", "canary"), NEWEST];
    const owners = ownersBy(entries, new Map([["code b", ["b"]]]));
    expect([...servingReleases([{ functionName: NAME, versions }], owners)]).to.deep.equal(["a", "b"]);
  });
});
