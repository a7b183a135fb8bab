import { expect } from "chai";
import { misfit } from "../../../orchestrator/release/needs.ts";
import { makeRelease } from "../../fakes/release.ts";

const { manifest } = makeRelease("one");

/** What is wrong with what is installed, for a release made for @pulumi/aws 7.48.2. */
async function objectionTo(found: string | undefined): Promise<string | undefined> {
  const installed = async () =>
    (found === undefined ? {} : { "@pulumi/aws": found }) as Record<string, string>;
  const problem = await misfit({ installed }, { ...manifest, needs: { "@pulumi/aws": "7.48.2" } });
  return problem?.code;
}

describe("the packages that an infra program was made for", () => {
  for (const found of ["7.48.2", "7.48.3", "7.49.0", "7.50.1", "7.48.10"])
    it(`fit when ${found} is installed in place of 7.48.2`, async () => {
      expect(await objectionTo(found)).to.equal(undefined);
    });

  for (const found of ["7.48.1", "7.47.9", "6.99.9", "8.0.0", "none", undefined])
    it(`do not fit when ${found} is installed in place of 7.48.2`, async () => {
      expect(await objectionTo(found)).to.equal("dependency-misfit");
    });

  it("are not asked for where the manifest is from before they were named", async () => {
    const installed = () => expect.fail("nothing needs to be asked");
    expect(await misfit({ installed }, manifest)).to.equal(undefined);
  });
});
