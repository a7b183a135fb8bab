import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { promotion } from "../../orchestrator/promotion/course.ts";
import { EXIT_CODES } from "../../orchestrator/promotion/outcome.ts";

const ROOT = join(import.meta.dirname, "../..");
const CLI = join(ROOT, "orchestrator/cli.ts");

const read = (file: string) => readFileSync(join(ROOT, file), "utf8");
const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md", ...globSync("docs/**/*.md", { cwd: ROOT })];
const manifest = JSON.parse(read("package.json")) as Record<
  "scripts" | "dependencies" | "devDependencies",
  object
>;

/** The help of a command, or of the program itself. */
async function help(...command: string[]): Promise<string> {
  return (await promisify(execFile)(process.execPath, [CLI, ...command, "--help"])).stdout;
}

const flagsIn = (text: string) => new Set(text.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []);

/** Each use of an npm script with the rest of its line, up to the next one: `npm run history -- --env prod`. */
function uses(file: string): { script: string; rest: string; place: string }[] {
  return read(file)
    .split("\n")
    .flatMap((line, index) =>
      [...line.matchAll(/npm run (?:--silent )?([a-z][a-z:-]*)((?:(?!npm run).)*)/g)].map(
        ([, script = "", rest = ""]) => ({ script, rest, place: `${file}:${index + 1}` }),
      ),
    );
}

/** The anchors of a page, as GitHub makes them of its headings. */
function anchors(file: string): string[] {
  return [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

describe("the documentation", function () {
  this.timeout(30_000);

  it("links only to what is there", () => {
    const broken = pages.flatMap((file) => {
      const links = [...read(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
      return links
        .filter((link) => !/^https?:/.test(link))
        .filter((link) => {
          const [path = "", anchor] = link.split("#");
          const target = path === "" ? file : join(dirname(file), path);
          return !existsSync(join(ROOT, target)) || (anchor && !anchors(target).includes(anchor));
        })
        .map((link) => `${file}: ${link}`);
    });
    expect(broken).to.deep.equal([]);
  });

  it("names only scripts that exist", () => {
    const unknown = pages.flatMap(uses).filter(({ script }) => !(script in manifest.scripts));
    expect(unknown).to.deep.equal([]);
  });

  it("shows only flags that the command has", async () => {
    const commands = [...(await help()).matchAll(/^ {2}([a-z-]+) /gm)].map(([, name = ""]) => name);
    const known = new Map<string, Set<string>>();
    await Promise.all(
      commands
        .filter((name) => name !== "help")
        .map(async (name) => known.set(name, flagsIn(await help(name)))),
    );
    expect(known.size).to.be.greaterThan(5);
    const invented = pages.flatMap(uses).flatMap(({ script, rest, place }) => {
      const flags = known.get(script);
      return flags
        ? [...flagsIn(rest)].filter((flag) => !flags.has(flag)).map((flag) => `${place}: ${flag}`)
        : [];
    });
    expect(invented).to.deep.equal([]);

    const rows = read("README.md").matchAll(/^\| `npm run ([a-z-]+)` \|.*\| ([^|]*) \|$/gm);
    const listed = new Map([...rows].map(([, name = "", flags = ""]) => [name, flagsIn(flags)]));
    const forAll = ["--help", "--json", "--debug"];
    for (const [name, flags] of known)
      expect([...(listed.get(name) ?? [])].sort(), `the flags of ${name} in the README`).to.deep.equal(
        [...flags].filter((flag) => !forAll.includes(flag)).sort(),
      );
  });

  it("has the exit codes of the outcomes", () => {
    const rows = [...read("README.md").matchAll(/^\| (\d) \| (.*) \|$/gm)];
    const told = rows.flatMap(([, code, text = ""]) =>
      Object.keys(EXIT_CODES)
        .filter((outcome) => text.startsWith(`\`${outcome}\``) || text.includes(`or \`${outcome}\``))
        .map((outcome) => [outcome, Number(code)] as const),
    );
    expect(Object.fromEntries(told)).to.deep.equal(EXIT_CODES);
    expect(rows.map(([, code]) => Number(code))).to.deep.equal([0, 1, 2, 3, 4, 5]);
  });

  it("has the steps of a promotion in their order, and what the failure of each means", () => {
    const means = { refuse: "refused", "take-back": "taken back", ask: "needs-human" };
    const rows = read("docs/ARCHITECTURE.md").matchAll(/^\| `([a-z]+)` \| .* \| ([a-z -]+) \|$/gm);
    expect([...rows].map(([, name, failure]) => [name, failure])).to.deep.equal(
      promotion.steps.map(({ name, onFailure }) => [name, means[onFailure]]),
    );
  });

  it("says of each dependency why it is there, and of no other", () => {
    const [runs = "", develops = ""] = read("docs/DEPENDENCIES.md")
      .split("## What develops")
      .map((part) => part.split("## Python")[0] ?? "");
    const named = (text: string) =>
      [...text.matchAll(/^\| `([^`]+)` \| \S/gm)].map(([, name]) => name).sort();
    expect(named(runs)).to.deep.equal(Object.keys(manifest.dependencies).sort());
    expect(named(develops)).to.deep.equal(Object.keys(manifest.devDependencies).sort());
  });

  it("gives each decision its status, context, choice and consequence, and a number of its own", () => {
    const decisions = globSync("docs/decisions/*.md", { cwd: ROOT }).sort();
    const numbers = decisions.map((file) => Number(/\/(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1]));
    expect(new Set(numbers).size, "numbers").to.equal(decisions.length);
    for (const [index, file] of decisions.entries()) {
      for (const part of [
        `# ${numbers[index]}. `,
        "Accepted",
        "**Context.**",
        "**Choice.**",
        "**Consequence.**",
      ])
        expect(read(file), file).to.contain(part);
    }
  });
});
