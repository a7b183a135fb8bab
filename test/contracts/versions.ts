import { expect } from "chai";
import type { Versions } from "../../orchestrator/ports/versions.ts";

/** A function with the published versions "1" to "4": its alias `live` sends most to "2", the rest to "3". */
export type Published = { versions: Versions; functionName: string; digests: string[] };

/** What every keeper of versions must do. `make` gives a function of which nothing was removed yet. */
export function versionsContract(make: () => Promise<Published>): void {
  let versions: Versions;
  let functionName: string;
  let digests: string[];

  beforeEach(async () => {
    ({ versions, functionName, digests } = await make());
  });

  const names = async () => (await versions.list(functionName)).map(({ version }) => version);

  it("lists what was published, oldest first, with its code's digest and the aliases that name it", async () => {
    expect(await versions.list(functionName)).to.deep.equal([
      { version: "1", codeSha256: digests[0], aliases: [] },
      { version: "2", codeSha256: digests[1], aliases: ["live"] },
      { version: "3", codeSha256: digests[2], aliases: ["live"] },
      { version: "4", codeSha256: digests[3], aliases: [] },
    ]);
  });

  it("has none of a function that is not there", async () => {
    expect(await versions.list("no-such-function")).to.deep.equal([]);
  });

  it("removes one and no other, also when it is not there any more", async () => {
    await versions.remove(functionName, "1");
    await versions.remove(functionName, "1");
    await versions.remove(functionName, "99");
    expect(await names()).to.deep.equal(["2", "3", "4"]);
  });

  for (const [what, version] of [
    ["most of the traffic", "2"],
    ["a little of the traffic", "3"],
  ] as const)
    it(`refuses to remove what has ${what}`, async () => {
      const error = await versions.remove(functionName, version).catch((reason) => reason);
      expect(error).to.be.an("error");
      expect(await names()).to.deep.equal(["1", "2", "3", "4"]);
    });
}
