import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { PAGES } from "../../docs/generate/pages.ts";
import { LEDGER_EVENT } from "../../orchestrator/promotion/events.ts";

const ROOT = join(import.meta.dirname, "../..");

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");

describe("the pages made from the code", () => {
  for (const [file, make] of Object.entries(PAGES))
    it(`are up to date: ${file} (if not: npm run docs)`, async () => {
      expect(read(file)).to.equal(await make());
    });

  it("leave no gap where a message says what it was given", () => {
    for (const file of Object.keys(PAGES)) expect(read(file)).not.to.match(/undefined|\[object|NaN|\{\}/);
  });

  it("have each problem once: a code means one thing", () => {
    const codes = [...read("docs/PROBLEMS.md").matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(([, code]) => code);
    expect(codes.length).to.be.greaterThan(40);
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).to.deep.equal([]);
  });

  it("have every type of event", () => {
    for (const { shape } of LEDGER_EVENT.options)
      expect(read("docs/LEDGER.md")).to.contain(`| \`${shape.type.value}\` |`);
  });
});
