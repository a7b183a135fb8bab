import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { requireLockedVersions } from "../../../orchestrator/release/dependencies.ts";
import { problemOf } from "./problem-of.ts";

const INPUTS = ["lambdas/hello/index.ts", "node_modules/@example/words/lib/index.js"];
const lock = (version: string) =>
  Buffer.from(JSON.stringify({ packages: { "node_modules/@example/words": { version } } }));

describe("dependencies that go into a bundle", () => {
  let checkout: string;
  before(() => {
    checkout = mkdtempSync(join(tmpdir(), "checkout-"));
    mkdirSync(join(checkout, "node_modules/@example/words"), { recursive: true });
    writeFileSync(join(checkout, "node_modules/@example/words/package.json"), '{ "version": "2.0.0" }');
  });
  after(() => rmSync(checkout, { recursive: true }));

  it("may be the ones in the commit's lock file", async () => {
    await requireLockedVersions(checkout, lock("2.0.0"), INPUTS);
  });

  it("are refused when another version is installed", async () => {
    const { code, message } = await problemOf(requireLockedVersions(checkout, lock("1.9.0"), INPUTS));
    expect(code).to.equal("dependency-differs");
    expect(message).to.include("@example/words 1.9.0").and.to.include("2.0.0");
  });

  it("are refused when the lock file does not know them", async () => {
    const { code } = await problemOf(requireLockedVersions(checkout, Buffer.from("{}"), INPUTS));
    expect(code).to.equal("dependency-differs");
  });

  it("are of no interest when none go in", async () => {
    await requireLockedVersions(checkout, lock("1.9.0"), ["lambdas/hello/index.ts"]);
  });
});
