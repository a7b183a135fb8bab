import { expect } from "chai";
import type { Environment } from "../../../orchestrator/environment.ts";
import { type Entry, GENESIS } from "../../../orchestrator/promotion/events.ts";
import { latestValidated } from "../../../orchestrator/promotion/latest.ts";
import { attestationKey, manifestKey } from "../../../orchestrator/release/manifest.ts";
import { refused } from "../../contracts/refused.ts";
import { type MemoryArtifacts, memoryArtifacts } from "../../fakes/artifacts.ts";
import { putAttested, releaseOf } from "../../fakes/known.ts";
import { shaNamed } from "../../fakes/release.ts";
import { fakeSigner } from "../../fakes/signer.ts";

const NAME = "earlier-validated";

describe("the latest validated release", () => {
  const signer = fakeSigner();
  let source: MemoryArtifacts;
  let store: MemoryArtifacts;
  const environment = (requires = [{ attestation: NAME, publicKey: signer.publicKey }]) =>
    ({ name: "trial", promotion: { requires } }) as Environment;

  beforeEach(() => {
    source = memoryArtifacts("the source");
    store = memoryArtifacts("the store");
  });

  const add = async (name: string, day: number, { attested = true, to = source, by = signer } = {}) =>
    await putAttested(
      to,
      releaseOf(name, `2030-01-${String(day).padStart(2, "0")}T12:00:00Z`),
      by,
      ...(attested ? [NAME] : []),
    );
  const chosen = async (entries: Entry[] = [], from = environment()) =>
    await latestValidated([source, store], entries, from);
  const condemned = (sha: string): Entry[] => [
    {
      sequence: 1,
      promotionId: "1",
      at: "",
      event: { type: "quarantined", sha, because: "watch: errors" },
      previous: GENESIS,
      hash: GENESIS,
    },
  ];

  it("is the one whose commit is the newest, not the one that came last", async () => {
    await add("middle", 2);
    const newest = await add("newest", 3);
    await add("oldest", 1);
    expect(await chosen()).to.deep.equal({ sha: newest, timestamp: "2030-01-03T12:00:00Z", passedOver: [] });
  });

  it("is, of commits of the same moment, the one whose SHA comes first, in whatever order they are found", async () => {
    const shas = [await add("one", 1), await add("two", 1), await add("three", 1, { to: store })].sort();
    expect((await chosen()).sha).to.equal(shas[0]);
  });

  it("compares moments, not how they are written", async () => {
    const later = await putAttested(source, releaseOf("later", "2030-01-01T12:00:00.500Z"), signer, NAME);
    await putAttested(source, releaseOf("sooner", "2030-01-01T12:00:00Z"), signer, NAME);
    expect((await chosen()).sha).to.equal(later);
  });

  it("is found in the environment's own bucket as well", async () => {
    await add("here", 1);
    const there = await add("there", 2, { to: store });
    expect((await chosen()).sha).to.equal(there);
  });

  it("finds the attestation beside the bytes or in the bucket", async () => {
    const sha = await add("one", 1, { attested: false });
    const key = attestationKey(sha, NAME);
    await add("one", 1, { to: store });
    expect(source.objects.has(key)).to.equal(false);
    expect((await chosen()).sha).to.equal(sha);
  });

  it("passes over what is not attested, by another key, quarantined or unreadable, and says why", async () => {
    const good = await add("good", 1);
    const bare = await add("bare", 2, { attested: false });
    const strange = await add("strange", 3, { by: fakeSigner() });
    const bad = await add("bad", 4);
    const broken = await add("broken", 5);
    source.objects.set(manifestKey(broken), Buffer.from("{}"));
    const { sha, passedOver } = await chosen(condemned(bad));
    expect(sha).to.equal(good);
    expect(passedOver.map((each) => each.sha)).to.deep.equal([broken, bad, strange, bare]);
    expect(passedOver.map(({ because }) => because).slice(1)).to.deep.equal([
      "it is quarantined (watch: errors)",
      `${NAME}: it is not signed by the configured key`,
      `${NAME}: there is none`,
    ]);
    expect(passedOver[0]?.because).to.contain("is not valid");
  });

  it("does not take a tag for an attestation", async () => {
    const sha = await add("tagged", 1, { attested: false });
    await source.tag(manifestKey(sha), { release: sha, [NAME]: "true" });
    await refused("none-validated", chosen());
  });

  it("needs nothing where the environment requires nothing", async () => {
    await add("old", 1);
    const bare = await add("bare", 2, { attested: false });
    expect((await chosen([], environment([]))).sha).to.equal(bare);
  });

  it("is none where there is none, and says what there was", async () => {
    const empty = await refused("none-validated", chosen());
    expect(empty.message).to.contain("the source or the store: there is none");
    const bare = await add("bare", 1, { attested: false });
    const error = await refused("none-validated", chosen());
    expect(error.message).to.contain(`${bare.slice(0, 7)}: ${NAME}: there is none`);
    expect(shaNamed("bare")).to.equal(bare);
  });
});
