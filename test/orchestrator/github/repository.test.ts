import { expect } from "chai";
import { githubSettings } from "../../../orchestrator/adapters/github-settings.ts";
import { applyRepository, planRepository } from "../../../orchestrator/github/repository.ts";
import { readRepositoryFile } from "../../../orchestrator/github/repository-file.ts";
import { refused } from "../../contracts/refused.ts";
import { type FakeGitHub, forbidden, startGitHub } from "../../fakes/github-server.ts";

const wanted = readRepositoryFile(`${import.meta.dirname}/../../..`);
const PARTS = [
  "merging",
  "vulnerability alerts",
  "workflows",
  "ruleset default branch",
  "environment preprod",
  "environment production",
  "environment production-auto",
];

describe("the repository as code", () => {
  let at: FakeGitHub;
  beforeEach(async () => {
    at = await startGitHub();
  });
  afterEach(() => at.close());

  const plan = () => planRepository(githubSettings(at.access), wanted);
  const apply = () => applyRepository(githubSettings(at.access), wanted, () => {});
  const parts = async () => (await plan()).differences.map(({ part }) => part);
  const writes = () => at.server.requests.filter(({ method }) => method !== "GET").length;
  const rules = () => at.state.settings.rulesets[0];

  it("shows all that is otherwise in a new repository, and changes nothing of it", async () => {
    expect(await parts()).to.deep.equal(PARTS);
    expect(writes()).to.equal(0);
  });

  it("makes all of it so, and finds nothing to do from then on", async () => {
    expect((await apply()).differences.map(({ part }) => part)).to.deep.equal(PARTS);
    expect(await parts()).to.deep.equal([]);
    const before = writes();
    await apply();
    expect(writes()).to.equal(before);
  });

  it("asks for an approval in production and for none in production-auto, from main alone", async () => {
    await apply();
    const shown = at.state.settings.environments.map(({ name, reviewers, branches }) => [
      name,
      reviewers.map(({ reviewer }) => reviewer.login),
      branches.map((branch) => branch.name),
    ]);
    expect(shown).to.deep.equal([
      ["preprod", [], ["main"]],
      ["production", ["traylorre"], ["main"]],
      ["production-auto", [], ["main"]],
    ]);
  });

  const byHand: [what: string, part: string, change: () => void][] = [
    [
      "rebase merges are allowed",
      "merging",
      () => Object.assign(at.state.settings.merging, { allow_rebase_merge: true }),
    ],
    [
      "alerts are switched off",
      "vulnerability alerts",
      () => Object.assign(at.state.settings, { alerts: false }),
    ],
    [
      "workflows may write",
      "workflows",
      () => Object.assign(at.state.settings.workflows, { default_workflow_permissions: "write" }),
    ],
    [
      "the rules are not in force",
      "ruleset default branch",
      () => Object.assign(rules(), { enforcement: "disabled" }),
    ],
    [
      "the rules bind another branch",
      "ruleset default branch",
      () => Object.assign(rules(), { conditions: { ref_name: { include: ["x"], exclude: [] } } }),
    ],
    [
      "somebody may bypass the rules",
      "ruleset default branch",
      () =>
        Object.assign(rules(), {
          bypass_actors: [{ actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "always" }],
        }),
    ],
    [
      "force pushes are allowed",
      "ruleset default branch",
      () =>
        Object.assign(rules(), {
          rules: rules().rules.filter(({ type }: { type: string }) => type !== "non_fast_forward"),
        }),
    ],
    [
      "no check is required",
      "ruleset default branch",
      () => Object.assign(rules().rules[3].parameters, { required_status_checks: [] }),
    ],
    [
      "no approval of a pull request is required",
      "ruleset default branch",
      () => Object.assign(rules().rules[2].parameters, { required_approving_review_count: 0 }),
    ],
    [
      "production has no reviewer any more",
      "environment production",
      () => Object.assign(at.state.settings.environment("production"), { reviewers: [] }),
    ],
    [
      "production takes any branch",
      "environment production",
      () => Object.assign(at.state.settings.environment("production"), { custom: false, branches: [] }),
    ],
    [
      "production-auto takes one more branch",
      "environment production-auto",
      () => at.state.settings.environment("production-auto").branches.push({ id: 99, name: "*" }),
    ],
    ["an environment is gone", "environment preprod", () => at.state.settings.environments.shift()],
  ];
  for (const [what, part, change] of byHand)
    it(`notices that ${what}, and mends just that`, async () => {
      await apply();
      change();
      expect(await parts()).to.deep.equal([part]);
      await apply();
      expect(await parts()).to.deep.equal([]);
    });

  it("leaves alone what the file does not know, and says so", async () => {
    at.state.settings.rulesets.push({
      id: 77,
      name: "tags",
      target: "tag",
      enforcement: "active",
      rules: [],
    });
    const more = {
      name: "docs",
      wait_timer: 0,
      reviewers: [],
      custom: false,
      branches: [],
      secrets: [],
      variables: [],
    };
    at.state.settings.environments.push(more);
    const before = structuredClone([at.state.settings.rulesets[0], more]);
    expect((await apply()).unknown).to.deep.equal(["ruleset tags", "environment docs"]);
    expect([at.state.settings.rulesets[0], at.state.settings.environments[0]]).to.deep.equal(before);
  });

  it("keeps a rule and a waiting time that somebody added, where it mends something else", async () => {
    await apply();
    rules().rules.push({ type: "required_linear_history" });
    Object.assign(rules(), { enforcement: "evaluate" });
    Object.assign(at.state.settings.environment("production"), { wait_timer: 30, reviewers: [] });
    await apply();
    expect(rules().rules.map(({ type }: { type: string }) => type)).to.include("required_linear_history");
    expect(at.state.settings.environment("production").wait_timer).to.equal(30);
  });

  it("names the secrets that are missing, in each environment, until they are there", async () => {
    const secret = (name: string, environment: string) => `secret ${name} of environment ${environment}`;
    const { missing } = await apply();
    expect(missing).to.include(secret("PREPROD_AWS_ACCESS_KEY_ID", "preprod"));
    expect(missing).to.include(secret("PROD_AWS_SECRET_ACCESS_KEY", "production-auto"));
    for (const { name, secrets } of at.state.settings.environments)
      secrets.push(...(wanted.environments[name]?.secrets ?? []));
    expect((await plan()).missing).to.deep.equal([]);
  });

  it("is refused clearly where the token does not administer the repository", async () => {
    at.breaks(/PATCH/, forbidden);
    await refused("github-forbids", apply());
  });

  it("is refused for a reviewer whom GitHub does not know", async () => {
    const { traylorre: _, ...others } = at.state.settings.users;
    Object.assign(at.state.settings, { users: others });
    await refused("github-lacks", apply());
  });
});
