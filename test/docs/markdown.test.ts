import { expect } from "chai";
import { cell } from "../../docs/generate/markdown.ts";
import { placeholder } from "../../docs/generate/placeholder.ts";

describe("a placeholder", () => {
  it("shows the name of what will stand there, however deep and however it is joined", () => {
    const p = placeholder() as unknown as { sha: string; known: string[] };
    expect(`${p.sha} of ${p.known.join(", ")} (${p.known.length})`).to.equal(
      "{sha} of {known} ({number of known})",
    );
  });

  it("does not let a message do with it what would show nothing", () => {
    const p = placeholder() as unknown as { known: string[] };
    expect(() => [...p.known]).to.throw("Symbol.iterator");
  });
});

describe("a cell of a table", () => {
  it("stays one cell on one line, and shows what looks like markup", () => {
    expect(cell("a | b\nc <sha>")).to.equal("a \\| b c &lt;sha&gt;");
  });

  it("leaves code as it is", () => {
    expect(cell("run `x <sha>`")).to.equal("run `x <sha>`");
  });
});
