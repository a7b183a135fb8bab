import { globSync, readFileSync } from "node:fs";
import { expect } from "chai";

const ROOT = new URL("../../", import.meta.url);

describe("the names of environments", () => {
  const environments = globSync("Pulumi.*.yaml", { cwd: ROOT }).map((file) => file.split(".")[1]);

  it("come from the stacks' files", () => {
    expect(environments).to.include.members(["preprod", "prod"]);
  });

  it("are in no code: one more environment is one more file of configuration", () => {
    const name = new RegExp(`\\b(${environments.join("|")})\\b`);
    const found = globSync("{infra,lambdas,orchestrator}/**/*.ts", { cwd: ROOT }).flatMap((file) =>
      readFileSync(new URL(file, ROOT), "utf8")
        .split("\n")
        .flatMap((line, index) => (name.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    );
    expect(found).to.deep.equal([]);
  });
});
