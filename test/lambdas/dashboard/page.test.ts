import { createHash } from "node:crypto";
import { Script } from "node:vm";
import { expect } from "chai";
import { page, pagePolicy } from "../../../lambdas/dashboard/page/page.ts";

const inside = (tag: string) => new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? "";
const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

describe("the page", () => {
  it("may run its one script and its one style, and nothing else", () => {
    expect(page.match(/<script/g)).to.have.length(1);
    expect(page.match(/<style/g)).to.have.length(1);
    expect(pagePolicy).to.include(`script-src ${hash(inside("script"))};`);
    expect(pagePolicy).to.include(`style-src ${hash(inside("style"))};`);
    expect(pagePolicy).to.match(/^default-src 'none';/);
    expect(pagePolicy).to.not.include("unsafe");
  });

  it("has nothing in its markup that its policy would stop", () => {
    const markup = page.replace(inside("script"), "").replace(inside("style"), "");
    expect(markup).to.not.match(/\son\w+=|\sstyle=|javascript:/);
  });

  it("loads nothing from anywhere", () => {
    expect(page.replaceAll("http://www.w3.org/2000/svg", "")).to.not.match(/https?:\/\//);
    expect(inside("style")).to.not.match(/@import|url\(/);
  });

  it("sends functions that stand by themselves", () => {
    expect(() => new Script(inside("script"))).to.not.throw();
    expect(inside("script")).to.not.match(/\bimport\b|\brequire\b|__name/);
  });

  it("is small", () => {
    expect(Buffer.byteLength(page)).to.be.below(30_000);
  });
});
