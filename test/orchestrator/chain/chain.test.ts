import { expect } from "chai";
import { type Commit, followChain } from "../../../orchestrator/chain/chain.ts";
import type { Link } from "../../../orchestrator/chain/link.ts";
import type { Side } from "../../../orchestrator/chain/side.ts";
import {
  attestationKey,
  lambdaKey,
  manifestBytes,
  manifestKey,
} from "../../../orchestrator/release/manifest.ts";
import { refused } from "../../contracts/refused.ts";
import { memoryArtifacts } from "../../fakes/artifacts.ts";
import { makeRelease, putRelease } from "../../fakes/release.ts";
import { fakeSigner } from "../../fakes/signer.ts";
import { type World, world } from "../../fakes/world.ts";

const made = makeRelease("first");
const { sha, timestamp, author } = made.manifest;
const commit: Commit = { timestamp, author, lockfile: Buffer.from("lockfile") };
const attested = attestationKey(sha, "trial-validated");

describe("the chain of a release", () => {
  let w: World;

  beforeEach(async () => {
    w = world();
    await w.settled("first");
  });

  const side = async (changes: Partial<Side> = {}): Promise<Side> => ({
    environment: "trial",
    store: w.store,
    traffic: w.traffic,
    entries: await w.ledger.entries(),
    requires: [],
    attests: { attestation: "trial-validated", publicKey: w.signer.publicKey, environment: "trial" },
    ...changes,
  });
  const follow = async (changes: Partial<Side> = {}, by: Commit | undefined = commit) =>
    await followChain(sha, by, [await side(changes)]);
  const states = (links: Link[]) => links.map(({ env, link, state }) => `${env ?? "all"} ${link} ${state}`);
  const brokenIn = (links: Link[]) => links.filter(({ state }) => state === "broken").map(({ link }) => link);

  it("holds from the commit to what runs", async () => {
    const { holds, links } = await follow();
    expect(states(links)).to.deep.equal([
      "all commit holds",
      "all manifest not-applicable",
      "trial manifest holds",
      "trial objects holds",
      "trial attestation holds",
      "trial lambda holds",
    ]);
    expect(holds).to.equal(true);
  });

  it("asks nothing of an environment that the release never got to", async () => {
    const elsewhere = await side({ environment: "other", store: memoryArtifacts("elsewhere"), entries: [] });
    const { holds, links } = await followChain(sha, commit, [await side(), elsewhere]);
    expect(states(links.filter(({ env }) => env === "other"))).to.deep.equal([
      "other manifest not-applicable",
      "other objects not-applicable",
      "other attestation not-applicable",
      "other lambda not-applicable",
    ]);
    expect(holds).to.equal(true);
  });

  it("does not mind that another release runs by now, or that the commit is not in this checkout", async () => {
    await w.promote(await w.release("second"));
    const { holds, links } = await followChain(sha, undefined, [await side()]);
    expect(states(links)).to.include.members([
      "all commit not-applicable",
      "trial attestation holds",
      "trial lambda not-applicable",
    ]);
    expect(holds).to.equal(true);
  });

  it("wants the same manifest in every environment, and says so when it is", async () => {
    const same = memoryArtifacts("the same");
    await putRelease(same, made);
    const other = { environment: "other", entries: [] };
    const good = await followChain(sha, commit, [await side(), await side({ ...other, store: same })]);
    expect(states(good.links)).to.include("all manifest holds");
    same.objects.set(manifestKey(sha), manifestBytes({ ...made.manifest, author: "Somebody" }));
    const bad = await followChain(sha, commit, [await side(), await side({ ...other, store: same })]);
    expect(states(bad.links)).to.include("all manifest broken");
    expect(bad.holds).to.equal(false);
  });

  const breaks: [what: string, link: Link["link"], change: () => unknown][] = [
    [
      "a part of it was changed",
      "objects",
      () => w.store.objects.set(lambdaKey("dashboard", sha), Buffer.from("other")),
    ],
    ["a part of it is gone", "objects", () => w.store.objects.delete(lambdaKey("dashboard", sha))],
    ["its attestation is gone", "attestation", () => w.store.objects.delete(attested)],
    ["its attestation was changed", "attestation", () => w.store.objects.set(attested, Buffer.from("{}"))],
    [
      "other code has the traffic",
      "lambda",
      () => {
        const version = w.lambda.publish("trial-dashboard", { codeSha256: "other", sha: "other" });
        w.lambda.point("trial-dashboard", { version });
      },
    ],
  ];
  for (const [what, link, change] of breaks)
    it(`is broken when ${what}`, async () => {
      change();
      const { holds, links } = await follow();
      expect(brokenIn(links)).to.deep.equal([link]);
      expect(holds).to.equal(false);
    });

  it("is broken when the manifest of what runs is gone", async () => {
    w.store.objects.delete(manifestKey(sha));
    expect(brokenIn((await follow()).links)).to.include.members(["manifest", "lambda"]);
  });

  it("is broken when the attestation is another key's, or one that is asked for is missing", async () => {
    const { publicKey } = fakeSigner();
    const attests = { attestation: "trial-validated", publicKey };
    expect(brokenIn((await follow({ attests })).links)).to.deep.equal(["attestation"]);
    const requires = [{ attestation: "earlier-validated", publicKey }];
    expect(brokenIn((await follow({ requires })).links)).to.deep.equal(["attestation"]);
  });

  for (const [what, change] of [
    ["time", { timestamp: "2030-01-01T00:00:00Z" }],
    ["author", { author: "Somebody" }],
    ["lock file", { lockfile: Buffer.from("another") }],
  ] as const)
    it(`is broken when the manifest does not have the commit's ${what}`, async () => {
      const { links } = await follow({}, { ...commit, ...change });
      expect(brokenIn(links)).to.deep.equal(["commit"]);
      expect(links[0]?.found).to.contain(what);
    });

  it("is broken where it cannot be read", async () => {
    const store = { ...w.store, get: () => Promise.reject(new Error("denied")) };
    const { links } = await follow({ store });
    expect(brokenIn(links)).to.include("manifest");
    expect(links.find(({ env, link }) => env && link === "manifest")?.found).to.equal("denied");
  });

  it("is none of a release that nobody has", async () => {
    await refused("release-not-found", followChain("0".repeat(40), undefined, [await side()]));
  });
});
