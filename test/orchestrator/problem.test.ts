import { expect } from "chai";
import { catalogue, Problem } from "../../orchestrator/problem.ts";
import { reasonOf } from "../../orchestrator/promotion/outcome.ts";

const problem = catalogue({
  "too-hot": {
    owner: "environment",
    message: (p: { degrees: number }) => `it has ${p.degrees} degrees`,
    remedy: () => "open a window",
  },
});

describe("a catalogue of problems", () => {
  it("makes an error with code, owner, message, remedy and cause", () => {
    const cause = new Error("the sun");
    const made = problem("too-hot", { degrees: 40 }, cause);
    expect(made).to.be.instanceOf(Problem).and.instanceOf(Error);
    expect(made).to.include({
      code: "too-hot",
      owner: "environment",
      message: "it has 40 degrees",
      remedy: "open a window",
      cause,
    });
  });

  it("becomes a reason without its inner parts", () => {
    expect(reasonOf(problem("too-hot", { degrees: 40 }))).to.deep.equal({
      code: "too-hot",
      message: "it has 40 degrees",
      remedy: "open a window",
    });
  });

  it("leaves what is no problem unforeseen", () => {
    expect(reasonOf(new Error("oh"))).to.include({ code: "unforeseen", message: "oh" });
    expect(reasonOf("oh")).to.include({ code: "unforeseen", message: "oh" });
  });
});
