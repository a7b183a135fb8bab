import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect } from "chai";
import { CHECKS as EXAMINED, UNSEEN } from "../../orchestrator/doctor/examine.ts";
import { promotion } from "../../orchestrator/promotion/course.ts";
import { LEDGER_EVENT } from "../../orchestrator/promotion/events.ts";
import { EXIT_CODES } from "../../orchestrator/promotion/outcome.ts";
import { GUARD_NAMES } from "../../orchestrator/promotion/overrides.ts";
import { flagsIn, flagsOfCommands, ROOT, read, scripts } from "./commands.ts";
import { anchorsOf, CHECKS, type World } from "./page-checks.ts";

const manifest = JSON.parse(read("package.json")) as Record<
  "scripts" | "dependencies" | "devDependencies",
  object
>;

const exclude = ["**/node_modules/**", "**/golden/**", ".rehearsal/**", "coverage/**"];
const files = globSync("**/*", { cwd: ROOT, exclude });
const pages = [...files, ...globSync(".github/**/*.md", { cwd: ROOT })].filter((file) =>
  file.endsWith(".md"),
);

/** Names that the documentation has in code and that come from elsewhere. */
const ELSEWHERE = [
  "all-at-once",
  "apt-get",
  "preprod-release-reader",
  "sentiment-analyzer-preprod-deployer",
  "sentiment-analyzer-prod-deployer",
  "production-auto",
  "id-token",
];

/** A file's name as pages speak of it: without its ending, and without what only says which tests it belongs to. */
const spoken = (file: string) => {
  const name = basename(file).replace(/(\.test)?\.\w+$/, "");
  return [basename(file), name, name.replaceAll("_", "-"), name.replace(/^(emulator|orchestrator)-/, "")];
};

async function theWorld(): Promise<World> {
  const names = [
    ...ELSEWHERE,
    ...files.flatMap(spoken),
    ...Object.keys(EXIT_CODES),
    ...GUARD_NAMES,
    ...Object.keys({ ...manifest.scripts, ...manifest.dependencies, ...manifest.devDependencies }),
    ...[...EXAMINED.map(({ templates }) => templates), UNSEEN].flatMap((templates) => Object.keys(templates)),
    ...LEDGER_EVENT.options.map(({ shape }) => shape.type.value),
    ...[...read("Pulumi.preprod.yaml").matchAll(/attests: (\S+)/g)].map(([, name = ""]) => name),
  ];
  const codes = [...read("docs/PROBLEMS.md").matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map(
    ([, code = ""]) => code,
  );
  return {
    scripts: scripts(),
    flags: await flagsOfCommands(),
    read: (path) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), "utf8") : undefined),
    isThere: (path) => existsSync(join(ROOT, path)),
    codes: new Set(codes),
    names: new Set(names),
  };
}

/** A page that each check lets pass, and for each check what it must find. */
const GOOD = [
  "# A page",
  "",
  "See [below](#part-two), [the licence](LICENSE) and [the steps](docs/ARCHITECTURE.md#the-promotion).",
  "",
  "## Part *two*",
  "",
  "`npm run promote -- --env prod --sha <sha>` ends with exit code 4: `rolled-back`, because of `up-failed`.",
  "",
  "| `refused` | 3 | what ran before |",
  "",
  "error: it is held [held-not] is no code in `[held-not]`.".replaceAll("held-not", "lease-taken"),
].join("\n");

const PLANTED: Record<keyof typeof CHECKS, [from: string, to: string][]> = {
  "links lead to what is there": [
    ["(LICENSE)", "(LICENCE)"],
    ["(#part-two)", "(#part-three)"],
    ["#the-promotion)", "#the-promotions)"],
    ["(#part-two)", "[x]\n\n[x]: docs/nowhere.md\n\nand"],
  ],
  "commands and flags exist": [
    ["npm run promote", "npm run deploy"],
    ["--sha <sha>", "--commit <sha>"],
  ],
  "exit codes are real": [
    ["exit code 4", "exit code 9"],
    ["exit code 4", "exit code 3"],
    ["| `refused` | 3 |", "| `refused` | 2 |"],
  ],
  "codes of problems are in the catalogues": [
    ["`up-failed`", "`up-has-failed`"],
    ["held [lease-taken]", "held [lease-was-taken]"],
  ],
};

describe("the documentation", function () {
  this.timeout(30_000);

  let world: World;
  before(async () => {
    world = await theWorld();
  });

  it("is looked at whole", () => {
    expect(pages).to.include.members(["README.md", "CONTRIBUTING.md", "docs/ARCHITECTURE.md"]);
    expect(pages.filter((file) => file.includes("decisions/")).length).to.be.greaterThan(20);
    expect(world.flags.size).to.be.greaterThan(15);
    expect(world.codes.size).to.be.greaterThan(40);
  });

  for (const [name, check] of Object.entries(CHECKS)) {
    it(`${name}, in every page`, () => {
      const wrong = pages.flatMap((file) => check(file, read(file), world).map((what) => `${file}: ${what}`));
      expect(wrong).to.deep.equal([]);
    });

    it(`${name}: what is wrong would be found`, () => {
      expect(
        check("PAGE.md", GOOD, {
          ...world,
          isThere: (path) => path === "PAGE.md" || world.isThere(path),
          read: (path) => (path === "PAGE.md" ? GOOD : world.read(path)),
        }),
      ).to.deep.equal([]);
      for (const [from, to] of PLANTED[name] ?? []) {
        const bad = GOOD.replace(from, () => to);
        expect(bad).not.to.equal(GOOD);
        const at = {
          ...world,
          isThere: (path: string) => path === "PAGE.md" || world.isThere(path),
          read: (path: string) => (path === "PAGE.md" ? bad : world.read(path)),
        };
        expect(check("PAGE.md", bad, at), to).not.to.deep.equal([]);
      }
      expect(PLANTED[name]?.length).to.be.greaterThan(1);
    });
  }

  it("has the anchors that GitHub makes", () => {
    expect(anchorsOf("# A `b-c`, d!\n\n## Again\n\n## Again\n\n### [a link](x.md) *two*")).to.deep.equal([
      "a-b-c-d",
      "again",
      "again-1",
      "a-link-two",
    ]);
  });

  it("lists each command's flags in the README", () => {
    const rows = read("README.md").matchAll(/^\| `npm run ([a-z-]+)` \|.*\| ([^|]*) \|$/gm);
    const listed = new Map([...rows].map(([, name = "", flags = ""]) => [name, flagsIn(flags)]));
    const forAll = ["--help", "--json", "--debug"];
    for (const [name, flags] of world.flags)
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
    const numbers = decisions.map((file) => /\/(\d{4})-[a-z0-9-]+\.md$/.exec(file)?.[1] ?? file);
    expect(new Set(numbers).size).to.equal(decisions.length);
    for (const [index, file] of decisions.entries())
      for (const part of [
        `# ${Number(numbers[index])}. `,
        "Accepted",
        "**Context.**",
        "**Choice.**",
        "**Consequence.**",
      ])
        expect(read(file), file).to.contain(part);
  });
});
