import { expect } from "chai";
import type { Artifacts } from "../../orchestrator/ports/artifacts.ts";
import { refused } from "./refused.ts";

const KEY = "dashboard/0123/lambda.zip";
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
}
