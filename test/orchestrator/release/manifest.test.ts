import { expect } from "chai";
import {
  codeSha256,
  describePart,
  functionParts,
  infraKey,
  lambdaKey,
  MANIFEST,
  type Manifest,
  manifestBytes,
  manifestKey,
} from "../../../orchestrator/release/manifest.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";
const MADE: Manifest = {
  schemaVersion: 1,
  sha: SHA,
  timestamp: "2025-11-20T01:00:00.000Z",
  author: "Ada Example",
  lockfile: "0".repeat(64),
  tools: { node: "v24.0.0", esbuild: "0.28.2" },
  parts: {
    hello: describePart(lambdaKey("hello", SHA), Buffer.from("hello")),
    infra: describePart(infraKey(SHA), Buffer.from("infra")),
  },
};

describe("a manifest", () => {
  it("stands where the design says", () => {
    expect(manifestKey(SHA)).to.equal(`releases/${SHA}/manifest.json`);
    expect(infraKey(SHA)).to.equal(`releases/${SHA}/infra.mjs`);
    expect(lambdaKey("hello", SHA)).to.equal(`hello/${SHA}/lambda.zip`);
  });

  it("has the same bytes in whatever order it was put together", () => {
    const { parts, ...rest } = MADE;
    const turned = { parts: { infra: parts.infra, hello: parts.hello }, ...rest } as Manifest;
    expect(manifestBytes(turned).equals(manifestBytes(MADE))).to.equal(true);
  });

  it("comes back from its bytes", () => {
    expect(MANIFEST.parse(JSON.parse(manifestBytes(MADE).toString()))).to.deep.equal(MADE);
  });

  it("tells functions from the infra program", () => {
    expect(Object.keys(functionParts(MADE))).to.deep.equal(["hello"]);
  });

  it("gives a part's digest as Lambda does", () => {
    // printf hello | openssl dgst -sha256 -binary | base64
    expect(codeSha256(describePart("k", Buffer.from("hello")))).to.equal(
      "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
    );
  });

  for (const [what, change] of [
    ["another schema version", { schemaVersion: 2 }],
    ["a short SHA", { sha: SHA.slice(0, 7) }],
    ["no infra program", { parts: { hello: MADE.parts.hello } }],
    ["a digest that is none", { parts: { ...MADE.parts, hello: { key: "k", sha256: "abc", size: 1 } } }],
    ["a field that nobody knows", { email: "ada@example.com" }],
  ] as const) {
    it(`is refused with ${what}`, () => {
      expect(MANIFEST.safeParse({ ...MADE, ...change }).success).to.equal(false);
    });
  }
});
