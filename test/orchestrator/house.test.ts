import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { environmentNames } from "../../orchestrator/environment.ts";

const ROOT = join(import.meta.dirname, "../..");

type Source = { file: string; text: string };

const sources = (pattern: string): Source[] =>
  globSync(pattern, { cwd: ROOT, exclude: ["**/node_modules/**"] }).map((file) => ({
    file,
    text: readFileSync(join(ROOT, file), "utf8"),
  }));

/** Every line that matches, with its place. Comments are left out. */
function linesWith(pattern: RegExp, among: Source[]): string[] {
  return among.flatMap(({ file, text }) =>
    text.split("\n").flatMap((line, index) => {
      const code = line.replace(/^\s*(\/\/|\*|\/\*).*$/, "");
      return pattern.test(code) ? [`${file}:${index + 1}: ${line.trim()}`] : [];
    }),
  );
}

const importsOf = ({ text }: Source) => [...text.matchAll(/from "([^"]+)"/g)].map(([, from]) => from ?? "");

describe("the rules of the house", () => {
  const product = sources("{orchestrator,infra,lambdas,rehearsal}/**/*.{ts,py}");
  const orchestrator = sources("orchestrator/**/*.ts");

  it("look at the real sources", () => {
    expect(product.length).to.be.greaterThan(100);
    expect(orchestrator.length).to.be.greaterThan(50);
  });

  it("no file has more than 300 lines", () => {
    const long = product.filter(({ text }) => text.trimEnd().split("\n").length > 300);
    expect(long.map(({ file }) => file)).to.deep.equal([]);
  });

  it("the clock and the environment's variables are injected below the command line and the adapters", () => {
    const inner = orchestrator.filter(
      ({ file }) => !/^orchestrator\/(cli|adapters)\/|^orchestrator\/cli\.ts$/.test(file),
    );
    // The commit's builder runs git and esbuild for people and for CI: their variables are its default.
    const injected = inner.filter(({ file }) => file !== "orchestrator/release/git.ts");
    expect(linesWith(/\bprocess\.env\b/, injected)).to.deep.equal([]);
    expect(
      linesWith(/\bDate\.now\(\)|\bnew Date\(\)|\bMath\.random\(\)|\bperformance\.now\(\)/, inner),
    ).to.deep.equal([]);
  });

  it("nothing but the command line writes to the terminal", () => {
    const inner = orchestrator.filter(({ file }) => !/^orchestrator\/cli[/.]/.test(file));
    expect(linesWith(/\bconsole\.|\bprocess\.(stdout|stderr)\b/, inner)).to.deep.equal([]);
  });

  it("no environment is named in code", () => {
    const names = environmentNames(ROOT).join("|");
    const quoted = new RegExp(`["'\`](${names})["'\`]`);
    expect(linesWith(quoted, sources("{orchestrator,infra,lambdas}/**/*.ts"))).to.deep.equal([]);
  });

  it("a step knows no other step", () => {
    for (const step of sources("orchestrator/steps/*.ts"))
      expect(
        importsOf(step).filter((from) => from.startsWith("./") || from.includes("/steps/")),
        step.file,
      ).to.deep.equal([]);
  });

  it("only the course knows the steps", () => {
    const knowing = orchestrator.filter((source) =>
      importsOf(source).some((from) => from.includes("/steps/")),
    );
    expect(knowing.map(({ file }) => file)).to.deep.equal(["orchestrator/promotion/course.ts"]);
  });

  it("nothing inside knows an adapter: steps, promotion and ports reach the outside by ports alone", () => {
    for (const source of sources("orchestrator/{steps,promotion,ports,release,keeping}/*.ts"))
      expect(
        importsOf(source).filter((from) => /adapters|\/cli|@aws-sdk|@pulumi/.test(from)),
        source.file,
      ).to.deep.equal([]);
  });

  it("every step has a test", () => {
    const steps = sources("orchestrator/steps/*.ts").map(({ file }) => file.replace(/\.ts$/, ".test.ts"));
    const tests = new Set(globSync("test/orchestrator/steps/*.test.ts", { cwd: ROOT }));
    expect(steps.filter((file) => !tests.has(`test/${file}`))).to.deep.equal([]);
  });
});
