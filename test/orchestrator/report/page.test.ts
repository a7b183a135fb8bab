import { expect } from "chai";
import { figures, html, page, table } from "../../../orchestrator/report/page.ts";

describe("a page", () => {
  it("shows text as text, whatever is in it", () => {
    expect(html(`<b title="a" id='b'>&amp;</b>`)).to.equal(
      "&lt;b title=&quot;a&quot; id=&#39;b&#39;&gt;&amp;amp;&lt;/b&gt;",
    );
    expect(html(undefined)).to.equal("undefined");
  });

  it("is whole, says its language, fits a phone, and asks for nothing", () => {
    const text = page({ title: "<A>", body: "<p>b</p>" });
    expect(text).to.match(/^<!doctype html>\n<html lang="en">/);
    expect(text)
      .to.contain('name="viewport"')
      .and.to.contain("<title>&lt;A&gt;</title>")
      .and.to.contain("<p>b</p>");
    expect(text).not.to.match(/<script|<link|<img|url\(|@import|https?:/);
  });

  it("prints in black on white", () => {
    expect(page({ title: "", body: "" })).to.contain("@media print");
  });

  it("escapes names and values of figures, and the heads of tables", () => {
    expect(figures([["<a>", "<b>"]])).to.equal("<dl><div><dt>&lt;a&gt;</dt><dd>&lt;b&gt;</dd></div></dl>");
    expect(table(["<a>"], [["<b>"]]))
      .to.contain('<th scope="col">&lt;a&gt;</th>')
      .and.to.contain("<td><b></td>");
  });
});
