import { expect } from "chai";
import { shown } from "../../../orchestrator/mirror/shown.ts";
import { resource } from "./survey.ts";

const given = resource({
  name: "f",
  gives: { environment: { variables: { KEY_SECRET: "the-name", PLAIN: "x" } } },
});

describe("a value that is shown", () => {
  it("is the value", () => {
    expect(shown(5, "timeout", given)).to.equal(5);
    expect(shown("x", "environment.variables.PLAIN", given)).to.equal("x");
    expect(shown(undefined, "timeout", given)).to.equal(null);
  });

  it("is hidden where the engine knows it to be secret", () => {
    expect(shown("[secret]", "timeout", given)).to.equal("(not shown)");
    expect(shown({ a: ["[secret]"] }, "timeout", given)).to.equal("(not shown)");
  });

  for (const name of [
    "API_KEY",
    "apiKey",
    "DB_PASSWORD",
    "token",
    "privateKey",
    "KEY_SECRET",
    "AWS_SECRET_ACCESS_KEY",
  ])
    it(`is hidden under the name of a credential: ${name}`, () => {
      expect(shown("abc", `environment.variables.${name}`, given)).to.equal("(not shown)");
      expect(shown({ [name]: "abc", other: 1 }, "environment.variables", undefined)).to.deep.equal({
        [name]: "(not shown)",
        other: 1,
      });
      expect(shown([{ [name]: "abc" }], "list", undefined)).to.deep.equal([{ [name]: "(not shown)" }]);
    });

  it("is not hidden where the program gives just that in the open", () => {
    expect(shown("the-name", "environment.variables.KEY_SECRET", given)).to.equal("the-name");
  });

  it("is hidden in quotes too", () => {
    expect(shown("abc", 'tags["my.token"]', given)).to.equal("(not shown)");
  });
});
