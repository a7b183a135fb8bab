import { expect } from "chai";
import { readOnly } from "../../../orchestrator/adapters/read-only-artifacts.ts";
import { asReader, chooseSource } from "../../../orchestrator/cli/source.ts";
import { refused } from "../../contracts/refused.ts";
import { memoryArtifacts } from "../../fakes/artifacts.ts";

const built = { builtHere: ".releases/0123", isBuilt: true, configured: "earlier" };

describe("the source of a release", () => {
  it("is the directory or the environment that was named, whatever else there is", () => {
    expect(chooseSource({ releaseDir: "artifact" }, built)).to.deep.equal({ directory: "artifact" });
    expect(chooseSource({ from: "other" }, built)).to.deep.equal({ environment: "other" });
  });

  it("is what was built here, before what the configuration names", () => {
    expect(chooseSource({}, built)).to.deep.equal({ directory: ".releases/0123" });
    expect(chooseSource({}, { ...built, isBuilt: false })).to.deep.equal({ environment: "earlier" });
  });

  it("is where it would have been built, if the configuration names nothing", () => {
    expect(chooseSource({}, { ...built, isBuilt: false, configured: undefined })).to.deep.equal({
      directory: ".releases/0123",
    });
  });

  it("is only read where it is another environment's", async () => {
    const bucket = memoryArtifacts("a bucket");
    await bucket.put("key", Buffer.from("bytes"));
    const place = asReader(readOnly(bucket), "earlier");
    expect(place.readOnly).to.equal(true);
    expect(Buffer.from((await place.get("key")) ?? "").toString()).to.equal("bytes");
    for (const written of [place.put("other", Buffer.from("bytes")), place.tag("key", {})])
      expect(await written.catch((error: Error) => error.message)).to.contain("only read");
    expect(bucket.objects.size).to.equal(1);
  });

  for (const name of ["AccessDenied", "CredentialsProviderError", "InvalidAccessKeyId"])
    it(`says that its reader is refused, and how to give another: ${name}`, async () => {
      const error = Object.assign(new Error("not you"), { name });
      const place = asReader({ ...memoryArtifacts("a bucket"), get: () => Promise.reject(error) }, "earlier");
      const told = await refused("release-reader-refused", place.get("key"));
      expect(told.message).to.contain("earlier").and.to.contain("not you");
      expect(told).to.have.property("remedy").that.contains("--release-profile");
    });

  it("tells what is not about its reader as it is", async () => {
    const place = asReader(
      { ...memoryArtifacts("a bucket"), get: () => Promise.reject(new Error("gone")) },
      "x",
    );
    expect(await place.get("key").catch((error: Error) => error.message)).to.equal("gone");
  });
});
