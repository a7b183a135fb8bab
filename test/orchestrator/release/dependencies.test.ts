import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  lockedVersions,
  requireLockedTools,
  requireLockedVersions,
  versionsOf,
} from "../../../orchestrator/release/dependencies.ts";
import { problemOf } from "./problem-of.ts";
import { lockfile } from "./project.ts";

const INPUTS = ["lambdas/hello/index.ts", "node_modules/@example/words/lib/index.js"];
const lock = (versions: Record<string, string>) => lockedVersions(Buffer.from(lockfile(versions)));
const words = (version: string) => lock({ "@example/words": version });

describe("dependencies that go into a bundle", () => {
  let checkout: string;
  before(() => {
    checkout = mkdtempSync(join(tmpdir(), "checkout-"));
    mkdirSync(join(checkout, "node_modules/@example/words"), { recursive: true });
    writeFileSync(join(checkout, "node_modules/@example/words/package.json"), '{ "version": "2.0.0" }');
  });
  after(() => rmSync(checkout, { recursive: true }));

  it("may be the ones in the commit's lock file", async () => {
    await requireLockedVersions(checkout, words("2.0.0"), INPUTS);
  });

  it("are refused when another version is installed", async () => {
    const { code, message } = await problemOf(requireLockedVersions(checkout, words("1.9.0"), INPUTS));
    expect(code).to.equal("dependency-differs");
    expect(message).to.include("@example/words 1.9.0").and.to.include("2.0.0");
  });

  it("are refused when the lock file does not know them", async () => {
    const { code } = await problemOf(
      requireLockedVersions(checkout, lockedVersions(Buffer.from("{}")), INPUTS),
    );
    expect(code).to.equal("dependency-differs");
  });

  it("are of no interest when none go in", async () => {
    await requireLockedVersions(checkout, words("1.9.0"), ["lambdas/hello/index.ts"]);
  });
});

describe("tools that make a release", () => {
  const locked = lock({ node: "24.1.0", esbuild: "0.28.2" });
  const made = async (tools: Record<string, string>) => requireLockedTools(locked, tools);

  it("must be those of the commit's lock file", async () => {
    await made({ node: "v24.1.0", esbuild: "0.28.2" });
    const { code, message } = await problemOf(made({ node: "v26.0.0", esbuild: "0.28.2" }));
    expect(code).to.equal("dependency-differs");
    expect(message).to.include("node 24.1.0").and.to.include("26.0.0");
    expect((await problemOf(made({ node: "v24.1.0", esbuild: "0.28.3" }))).message).to.include("esbuild");
  });
});

describe("packages that a program imports where it runs", () => {
  const locked = lock({ "@example/words": "2.0.0", letters: "1.0.0" });

  it("are known by their locked versions, each once, without Node's own modules", () => {
    const imports = ["letters/big.js", "@example/words", "@example/words/index.js", "node:crypto"];
    expect(versionsOf(locked, imports)).to.deep.equal({ "@example/words": "2.0.0", letters: "1.0.0" });
  });

  it("are refused when the lock file does not know them", async () => {
    const { code, message } = await problemOf((async () => versionsOf(locked, ["digits"]))());
    expect(code).to.equal("dependency-differs");
    expect(message).to.include("digits");
  });
});
