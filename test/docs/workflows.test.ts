import { globSync } from "node:fs";
import { expect } from "chai";
import { parse } from "yaml";
import { flagsOfCommands, type Known, ROOT, read, scripts } from "./commands.ts";
import { broken, RULES } from "./workflow-rules.ts";

const files = globSync(".github/workflows/*.yml", { cwd: ROOT }).sort();

/** An expression of a workflow. */
const given = (expression: string) => `\${{ ${expression} }}`;

const GOOD = `
on: push
permissions: {}
jobs:
  promote:
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    environment: preprod
    permissions:
      contents: read
      id-token: write
    concurrency:
      group: promotion
      cancel-in-progress: false
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
        with: { persist-credentials: false }
      - uses: aws-actions/configure-aws-credentials@00943011d9042930efac3dcd3a170e4273319bc8 # v5.1.0
        with:
          aws-access-key-id: \${{ secrets.KEY }}
      - run: npm run promote -- --env preprod --sha "$SHA"
        env:
          SHA: \${{ github.sha }}
`;

/** For each rule, changes of the good workflow that break it, and it alone or it among others. */
const PLANTED: Record<keyof typeof RULES, [from: string, to: string][]> = {
  "nothing is granted to all jobs but to read the sources": [
    ["permissions: {}", ""],
    ["permissions: {}", "permissions: write-all"],
    ["permissions: {}", "permissions: { contents: write }"],
  ],
  "a job is granted what it needs, by name": [
    ["    permissions:\n      contents: read\n      id-token: write", "    permissions: write-all"],
    ["      id-token: write\n", ""],
    [
      `      - uses: aws-actions/configure-aws-credentials@00943011d9042930efac3dcd3a170e4273319bc8 # v5.1.0\n        with:\n          aws-access-key-id: ${given("secrets.KEY")}\n`,
      "",
    ],
  ],
  "actions are pinned to a commit, with its version beside it": [
    ["@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0", "@v5"],
    ["@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0", "@08c6903"],
    [" # v5.0.0", ""],
  ],
  "a job ends after a while": [
    ["    timeout-minutes: 60\n", ""],
    ["timeout-minutes: 60", "timeout-minutes: 360"],
  ],
  "runs of the same thing are told apart from others, and what changes something is never cancelled": [
    ["    concurrency:\n      group: promotion\n      cancel-in-progress: false\n", ""],
    ["cancel-in-progress: false", "cancel-in-progress: true"],
    ["cancel-in-progress: false", `cancel-in-progress: ${given("github.ref != 'refs/heads/main'")}`],
    ["      cancel-in-progress: false\n", ""],
  ],
  "what a pull request starts knows no secret, and has no right where it may come from a fork": [
    ["on: push", "on: pull_request"],
    ["on: push", "on: [push, pull_request]"],
    ["on: push", "on:\n  pull_request:\n    branches: [main]"],
  ],
  "nothing of a pull request runs with the rights of main": [
    ["on: push", "on: pull_request_target"],
    [
      "persist-credentials: false }",
      `persist-credentials: false, ref: "${given("github.event.pull_request.head.sha")}" }`,
    ],
  ],
  "a value gets into a command by a variable alone": [
    ['"$SHA"', `${given("github.event.head_commit.message")}`],
  ],
  "the token does not stay in the checkout": [
    ["        with: { persist-credentials: false }\n", ""],
    ["persist-credentials: false", "persist-credentials: true"],
  ],
  "secrets go to the step that gets credentials, and to no command": [
    [`SHA: ${given("github.sha")}`, `SHA: ${given("secrets.KEY")}`],
  ],
  "what changes an environment belongs to an environment of GitHub's": [["    environment: preprod\n", ""]],
  "a job is one script of ours, which exists with its flags": [
    ["npm run promote", "npm run deploy"],
    ["--sha", "--commit"],
    ["        env:", "      - run: npm run status -- --env preprod\n        env:"],
  ],
};

describe("the workflows", function () {
  this.timeout(30_000);
  let known: Known;
  before(async () => {
    known = { scripts: scripts(), flags: await flagsOfCommands() };
  });

  it("are those of the design", () => {
    const names = files.map((file) => file.replace(/^.*\/|\.yml$/g, ""));
    expect(names).to.deep.equal(["automerge", "ci", "drift", "gc", "preview", "promote", "rollback"]);
  });

  for (const file of files)
    it(`keep the rules: ${file}`, () => expect(broken(read(file), known)).to.deep.equal({}));

  it("would be found out: a good one keeps every rule", () => {
    expect(broken(GOOD, known)).to.deep.equal({});
    expect(Object.keys(PLANTED)).to.deep.equal(Object.keys(RULES));
  });

  for (const [rule, changes] of Object.entries(PLANTED))
    for (const [from, to] of changes)
      it(`would be found out: ${rule}: ${JSON.stringify(to)} for ${JSON.stringify(from.slice(0, 60))}`, () => {
        const bad = GOOD.replace(from, () => to);
        expect(bad).not.to.equal(GOOD);
        expect(Object.keys(broken(bad, known))).to.include(rule);
      });

  it("pin one action to one commit, everywhere", () => {
    const pins = files.flatMap((file) => [...read(file).matchAll(/uses: (\S+)@(\S+ # \S+)/g)]);
    const byAction = Map.groupBy(pins, ([, action]) => action);
    for (const [action, all] of byAction)
      expect(new Set(all.map(([, , pin]) => pin)), action).to.have.length(1);
  });

  it("hand production what preprod has validated, and nothing that was built again", () => {
    const { jobs } = parse(read(".github/workflows/promote.yml"));
    const taken = (job: string) =>
      jobs[job].steps.find(({ uses = "" }) => uses.startsWith("actions/download-artifact@")).with.name;
    const given = (job: string) =>
      jobs[job].steps.find(({ uses = "" }) => uses.startsWith("actions/upload-artifact@")).with.name;
    expect(taken("preprod")).to.equal(given("package"));
    expect(taken("prod")).to.equal(given("preprod"));
    expect(jobs.prod.needs).to.include.members(["preprod", "lane"]);
    expect(JSON.stringify(jobs.prod)).not.to.contain("npm run package");
  });
});
