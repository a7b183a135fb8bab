import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "chai";
import { fromBridge, RENAMED, toBridge } from "../../../rehearsal/provider/properties.ts";
import { TERRAFORM_RESOURCES } from "../../../rehearsal/provider/tokens.ts";

const sdk = createRequire(import.meta.url).resolve("@pulumi/aws/package.json");
const source = (file: string) => readFileSync(sdk.replace("package.json", file), "utf8");

describe("the table of renamed properties", () => {
  for (const [type, names] of Object.entries(RENAMED)) {
    const resource = source(`${type.split(":")[1]}.js`);
    for (const ours of Object.keys(names)) {
      it(`has names of the SDK on the left: ${type} ${ours}`, () => {
        const [top, ...inner] = ours.split(/\[\]\.|\./);
        expect(resource).to.contain(`resourceInputs["${top}"]`);
        for (const name of inner)
          expect(source("types/input.d.ts")).to.match(new RegExp(`^ +${name}\\??:`, "m"));
      });
    }
    it(`has no name of the SDK's resource on the right: ${type}`, () => {
      for (const theirs of Object.values(names)) {
        if (/^\w+$/.test(theirs)) expect(resource).not.to.contain(`resourceInputs["${theirs}"]`);
      }
    });
    it(`is about a type that is covered: ${type}`, () => expect(TERRAFORM_RESOURCES).to.have.property(type));
  }

  it("leads there and back for each entry", () => {
    for (const [type, names] of Object.entries(RENAMED)) {
      for (const [ours, theirs] of Object.entries(names)) {
        const path = ours.replaceAll("[]", "[3]");
        const there = toBridge(type).path(`${path}.x`);
        expect(there).to.equal(`${theirs.replaceAll("[]", "[3]")}.x`);
        expect(fromBridge(type).path(there)).to.equal(`${path}.x`);
      }
    }
  });
});
