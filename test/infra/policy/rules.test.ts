import { expect } from "chai";
import { type Judged, rules, UNKNOWN, violations } from "../../../infra/policy/rules.ts";
import { program } from "../../../infra/service.ts";
import { type MockedRun, mockedRun } from "../mocked-run.ts";
import { BREACHES } from "./breaches.ts";

const ENVIRONMENT = "preprod";
const packageOf = (name: string) => ({ key: `${name}/0123/lambda.zip`, codeSha256: name });
const RELEASE = {
  sha: "0".repeat(40),
  packages: Object.fromEntries(
    ["ingestion", "analysis", "dashboard", "canary"].map((name) => [name, packageOf(name)]),
  ),
};

describe("the rules of the stack", () => {
  let run: MockedRun;

  before(async () => {
    run = await mockedRun(ENVIRONMENT, program(RELEASE));
  });

  /** The program's resources with one of them changed. */
  function changed(name: string, type: string, change: Record<string, unknown>): Judged[] {
    const found = run.resources.filter((each) => each.name === name && each.type.includes(type));
    expect(found, `${type} ${name}`).to.have.length(1);
    return run.resources.map((each) =>
      each === found[0] ? { ...each, inputs: { ...each.inputs, ...change } } : each,
    );
  }
  const judge = (resources: Judged[]) => violations({ environment: ENVIRONMENT, resources });

  for (const { rule, type, name, change, says, of = name } of BREACHES)
    it(`${rule} is broken by ${type} ${name} alone where ${says}`, () => {
      expect(judge(changed(name, type, change))).to.deep.equal([`${rule}: ${of}: ${says}`]);
    });

  it("are each broken by one of these", () => {
    const broken = new Set(BREACHES.map(({ rule }) => rule));
    expect(rules.map(({ name }) => name).filter((name) => !broken.has(name))).to.deep.equal([]);
  });

  it("are broken where what holds data is not protected by the engine", () => {
    const resources = run.resources.map((each) =>
      each.name === "items" ? { ...each, protect: false } : each,
    );
    expect(judge(resources)).to.deep.equal(["data-kept: items: the engine would let it be deleted"]);
    expect(judge(run.resources.map((each) => ({ ...each, protect: true })))).to.deep.equal([]);
  });

  it("are broken where a function has no log group or no place for what it fails on", () => {
    const without = (name: string) => judge(run.resources.filter((each) => each.name !== name));
    expect(without("canary-logs")).to.deep.equal([
      `functions-log: canary: there is no log group /aws/lambda/${ENVIRONMENT}-sentiment-canary`,
    ]);
    expect(without("canary-events")).to.deep.equal([
      "failures-kept: canary: it has no onFailure destination",
    ]);
  });

  it("are not broken by what nobody can know before the update", () => {
    const resources = run.resources.map(({ type, name, inputs }) => ({
      type,
      name,
      inputs: Object.fromEntries(Object.keys(inputs).map((key) => [key, UNKNOWN])),
    }));
    expect(judge(resources)).to.deep.equal([]);
  });
});
