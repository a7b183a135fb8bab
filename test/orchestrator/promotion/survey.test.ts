import { expect } from "chai";
import { type Entry, GENESIS, type LedgerEvent } from "../../../orchestrator/promotion/events.ts";
import { survey } from "../../../orchestrator/promotion/survey.ts";
import { manifestKey } from "../../../orchestrator/release/manifest.ts";
import { memoryArtifacts } from "../../fakes/artifacts.ts";
import { putAttested, releaseOf } from "../../fakes/known.ts";
import { shaNamed } from "../../fakes/release.ts";
import { fakeSigner } from "../../fakes/signer.ts";

const NOW = new Date("2030-02-01T00:00:00.000Z");
const [A, B, C] = ["a", "b", "c"].map(shaNamed) as [string, string, string];

const promoted = (sha: string): LedgerEvent => ({
  type: "promotion-ended",
  outcome: "promoted",
  sha,
  reason: null,
  running: { sha, functions: {}, url: "", alarms: [], alertsTopicArn: "" },
  rollbackMs: null,
});
const ledger = (...events: [at: string, event: LedgerEvent][]): Entry[] =>
  events.map(([at, event], index) => ({
    sequence: index + 1,
    promotionId: "1",
    at,
    event,
    previous: GENESIS,
    hash: GENESIS,
  }));

describe("the releases that are known", () => {
  const signer = fakeSigner();
  const required = [{ attestation: "first-validated", publicKey: signer.publicKey }];
  let first: ReturnType<typeof memoryArtifacts>;
  let second: ReturnType<typeof memoryArtifacts>;

  beforeEach(async () => {
    first = memoryArtifacts("first");
    second = memoryArtifacts("second");
    await putAttested(first, releaseOf("a", "2030-01-01T12:00:00Z"), signer, "first-validated");
    await putAttested(first, releaseOf("b", "2030-01-02T12:00:00Z"), fakeSigner(), "first-validated");
    await putAttested(first, releaseOf("c", "2030-01-03T12:00:00Z"), signer);
    await putAttested(second, releaseOf("a", "2030-01-01T12:00:00Z"), signer);
  });

  const surveyed = async (entriesOfFirst: Entry[] = [], entriesOfSecond: Entry[] = []) =>
    await survey(
      [
        { name: "first", store: first, keys: new Set(first.objects.keys()), entries: entriesOfFirst },
        { name: "second", store: second, keys: new Set(second.objects.keys()), entries: entriesOfSecond },
      ],
      required,
      NOW,
    );
  const nothing = { stored: true, running: false, promoted: null, quarantined: null, held: null };

  it("are told newest first, each once, with whether each bucket has them", async () => {
    const { releases } = await surveyed();
    expect(releases.map(({ sha, author }) => [sha, author])).to.deep.equal(
      [C, B, A].map((sha) => [sha, "Committer"]),
    );
    expect(releases.map(({ environments }) => environments.second?.stored)).to.deep.equal([
      false,
      false,
      true,
    ]);
    expect(releases[0]?.environments.first).to.deep.equal(nothing);
  });

  it("are attested only by the configured key: a tag counts for nothing", async () => {
    await first.tag(manifestKey(C), { "first-validated": "true" });
    const { releases } = await surveyed();
    expect(releases.map(({ attestations }) => attestations[0])).to.deep.equal([
      { attestation: "first-validated", holds: false, because: "there is none" },
      { attestation: "first-validated", holds: false, because: "it is not signed by the configured key" },
      { attestation: "first-validated", holds: true, because: null },
    ]);
  });

  it("run, were promoted, are quarantined and are held where the ledger of an environment says so", async () => {
    const held = (sha: string | null, because: string): LedgerEvent => ({
      type: "held",
      sha,
      because,
      who: "somebody",
      until: null,
    });
    const { releases } = await surveyed(
      ledger(
        ["2030-01-04T00:00:00.000Z", promoted(A)],
        ["2030-01-05T00:00:00.000Z", promoted(B)],
        ["2030-01-06T00:00:00.000Z", { type: "quarantined", sha: C, because: "watch: errors" }],
        ["2030-01-07T00:00:00.000Z", held(C, "an audit")],
        ["2030-01-08T00:00:00.000Z", held(null, "the whole of it")],
      ),
      ledger(["2030-01-09T00:00:00.000Z", promoted(A)]),
    );
    const of = (name: string) => releases.map(({ environments }) => environments[name]);
    expect(of("first")).to.deep.equal([
      { ...nothing, quarantined: "watch: errors", held: "an audit" },
      { ...nothing, running: true, promoted: "2030-01-05T00:00:00.000Z" },
      { ...nothing, promoted: "2030-01-04T00:00:00.000Z" },
    ]);
    expect(of("second")[2]).to.deep.equal({
      ...nothing,
      running: true,
      promoted: "2030-01-09T00:00:00.000Z",
    });
  });

  it("leave out a manifest that cannot be read, and say so", async () => {
    first.objects.set(manifestKey(B), Buffer.from("no JSON"));
    const { releases, unreadable } = await surveyed();
    expect(releases.map(({ sha }) => sha)).to.deep.equal([C, A]);
    expect(unreadable.map(({ sha }) => sha)).to.deep.equal([B]);
  });
});
