import { expect } from "chai";
import { lexer, type Token, walkTokens } from "marked";
import { code, fenced, inHtml, visible } from "../../../orchestrator/preview/markup.ts";
import { HOSTILE } from "./hostile.ts";

function tokensOf(markdown: string): Token[] {
  const found: Token[] = [];
  walkTokens(lexer(markdown), (token) => void found.push(token));
  return found;
}

describe("text from outside, in Markdown", () => {
  for (const text of HOSTILE) {
    it(`is in a code span exactly what it is: ${JSON.stringify(text)}`, () => {
      const [paragraph, ...more] = lexer(`before ${code(text)} after`);
      expect(more).to.deep.equal([]);
      const inner = (paragraph as { tokens: Token[] }).tokens;
      expect(inner.map(({ type }) => type)).to.deep.equal(["text", "codespan", "text"]);
      expect((inner[1] as unknown as { text: string }).text).to.equal(visible(text));
    });

    it(`is in a block one line of it: ${JSON.stringify(text)}`, () => {
      const found = lexer(fenced([`- a: ${text}`, `+ a: ${text}`], "diff").join("\n"));
      expect(found.map(({ type }) => type)).to.deep.equal(["code"]);
      expect((found[0] as unknown as { text: string }).text).to.equal(
        `- a: ${visible(text)}\n+ a: ${visible(text)}`,
      );
    });

    it(`ends no element of HTML: ${JSON.stringify(text)}`, () => {
      const found = tokensOf(
        `<details><summary><code>${inHtml(text)}</code></summary>\n\ninner\n\n</details>`,
      );
      expect(
        found.filter(({ type }) => !["html", "paragraph", "space", "text"].includes(type)),
      ).to.deep.equal([]);
      expect(inHtml(text)).not.to.match(/[<>"'`\n]/);
    });
  }

  it("shows what nobody would see, and leaves emoji whole", () => {
    expect(visible("a\u202eb\u0000\u2028")).to.equal("a\\u202eb\\u0000\\u2028");
    expect(visible("👩‍💻")).to.equal("👩‍💻");
  });
});
