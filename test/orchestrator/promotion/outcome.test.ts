import { expect } from "chai";
import { EXIT_CODES } from "../../../orchestrator/promotion/outcome.ts";

describe("the exit codes of the outcomes", () => {
  it("are those that scripts depend on", () => {
    expect(EXIT_CODES).to.deep.equal({
      promoted: 0,
      unchanged: 0,
      refused: 3,
      "rolled-back": 4,
      "needs-human": 5,
    });
  });
});
