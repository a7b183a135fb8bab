import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { directoryArtifacts } from "../../../orchestrator/adapters/directory-artifacts.ts";
import { refused } from "../../contracts/refused.ts";

describe("releases in a directory", () => {
  let outer: string;
  let directory: string;

  beforeEach(() => {
    outer = mkdtempSync(join(tmpdir(), "artifacts-"));
    directory = join(outer, "releases");
  });
  afterEach(() => rmSync(outer, { recursive: true }));

  it("are laid out as in a bucket", async () => {
    await directoryArtifacts(directory).put("dashboard/0123/lambda.zip", Buffer.from("bytes"));
    expect(readFileSync(join(directory, "dashboard/0123/lambda.zip"), "utf8")).to.equal("bytes");
  });

  it("are nothing, and no error, where there is no such directory", async () => {
    expect(await directoryArtifacts(directory).get("key")).to.equal(undefined);
    expect(existsSync(directory)).to.equal(false);
  });

  it("leave nothing else behind, also when a write is refused", async () => {
    const artifacts = directoryArtifacts(directory);
    await artifacts.put("key", Buffer.from("one"));
    await artifacts.put("key", Buffer.from("one"));
    await refused("key-taken", artifacts.put("key", Buffer.from("two")));
    expect(readdirSync(directory)).to.deep.equal(["key"]);
  });

  for (const key of ["../key", "a/../../key", "/etc/passwd"])
    it(`do not reach outside: ${key}`, async () => {
      const artifacts = directoryArtifacts(directory);
      for (const act of [async () => artifacts.get(key), async () => artifacts.put(key, Buffer.of())]) {
        const error = await act().catch((reason) => reason);
        expect(error?.message).to.contain("leaves its directory");
      }
    });
});
