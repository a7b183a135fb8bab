import { expect } from "chai";
import type { Artifacts } from "../../orchestrator/ports/artifacts.ts";
import { refused } from "./refused.ts";

const SHA = "0123456789".repeat(4);
const KEY = `dashboard/${SHA}/lambda.zip`;
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

/** What every place for releases must do. `make` gives a new, empty one. */
export function artifactsContract(make: () => Promise<Artifacts>): void {
  let place: Artifacts;

  beforeEach(async () => {
    place = await make();
  });

  const stored = async () => Buffer.from((await place.get(KEY)) ?? "").toString();

  it("has a name for people", () => {
    expect(place.place).to.be.a("string").that.is.not.empty;
  });

  it("has nothing under a key that was never written", async () => {
    expect(await place.get(KEY)).to.equal(undefined);
    expect(await place.get(`${KEY}/beneath`)).to.equal(undefined);
  });

  it("gives back the bytes as they were put", async () => {
    const all = Uint8Array.from({ length: 256 }, (_, n) => n);
    expect(await place.put(KEY, all, { sha: "0123" })).to.equal("written");
    expect(Buffer.compare(Buffer.from((await place.get(KEY)) ?? ""), all)).to.equal(0);
  });

  it("keeps an empty object apart from none", async () => {
    await place.put(KEY, bytes(""));
    expect((await place.get(KEY))?.byteLength).to.equal(0);
  });

  it("takes the same bytes again", async () => {
    await place.put(KEY, bytes("one"));
    expect(await place.put(KEY, bytes("one"))).to.equal("present");
  });

  it("refuses other bytes under the same key, and keeps the first", async () => {
    await place.put(KEY, bytes("one"));
    const error = await refused("key-taken", place.put(KEY, bytes("two")));
    expect(error.message).to.contain(KEY).and.to.contain(place.place);
    expect(await stored()).to.equal("one");
  });

  it("lets one of several writers win, and refuses the others", async () => {
    const writers = ["one", "two", "three", "four"].map((text) => place.put(KEY, bytes(text)));
    const results = await Promise.allSettled(writers);
    const won = results.flatMap(({ status }, n) => (status === "fulfilled" ? [n] : []));
    expect(won).to.have.length(1);
    expect(await stored()).to.equal(["one", "two", "three", "four"][won[0] ?? 0]);
  });

  it("takes tags for what is there", async () => {
    await place.put(KEY, bytes("one"));
    await place.tag(KEY, { release: "0123", "trial-validated": "true" });
    expect(await stored()).to.equal("one");
  });

  it("keeps what was put as temporary, and only what is there", async () => {
    await place.put(KEY, bytes("one"), {}, "temporary");
    await place.keep(KEY);
    await place.keep(KEY);
    expect(await stored()).to.equal("one");
    const error = await place.keep(`${KEY}.other`).catch((reason) => reason);
    expect(error).to.be.an("error");
  });

  it("lists the objects whose keys begin so, in their order, and since when they are there", async () => {
    const before = Date.now();
    const keys = ["manifest.json", "infra.mjs", "attestations/trial-validated.json"].map(
      (name) => `releases/${SHA}/${name}`,
    );
    for (const key of [...keys, KEY, `dashboard-two/${SHA}/lambda.zip`]) await place.put(key, bytes(key));
    const keysOf = async (prefix: string) => (await place.list(prefix)).map(({ key }) => key);
    expect(await keysOf("releases/")).to.deep.equal([...keys].sort());
    expect(await keysOf("dashboard/")).to.deep.equal([KEY]);
    expect(await keysOf(`dashboard/${SHA.slice(0, 9)}`)).to.deep.equal([KEY]);
    expect(await keysOf("")).to.have.length(5);
    expect(await keysOf("nothing/")).to.deep.equal([]);
    const [{ since } = { since: new Date(0) }] = await place.list(KEY);
    // S3 tells whole seconds.
    expect(since.getTime()).to.be.within(before - 1_000, Date.now() + 1_000);
  });

  it("has nothing to list at first", async () => {
    expect(await place.list("")).to.deep.equal([]);
  });

  it("removes one object and no other, also when it is not there any more", async () => {
    await place.put(KEY, bytes("one"));
    await place.put(`${KEY}.other`, bytes("two"));
    await place.remove(KEY);
    await place.remove(KEY);
    expect(await place.get(KEY)).to.equal(undefined);
    expect((await place.list("")).map(({ key }) => key)).to.deep.equal([`${KEY}.other`]);
    expect(await place.put(KEY, bytes("other bytes"))).to.equal("written");
  });
}
