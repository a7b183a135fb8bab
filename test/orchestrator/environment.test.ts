import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { environmentNames, loadEnvironment } from "../../orchestrator/environment.ts";
import { Problem } from "../../orchestrator/problem.ts";
import { PROMOTION } from "../fakes/settings.ts";

describe("an environment's configuration", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "environment-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const write = (text: string, name = "trial") => writeFileSync(join(root, `Pulumi.${name}.yaml`), text);
  const configure = (
    promotion: Record<string, unknown>,
    more: Record<string, unknown> = { "aws:region": "us-east-1" },
  ) =>
    write(stringify({ config: { ...more, "sentiment-analyzer:promotion": { ...PROMOTION, ...promotion } } }));

  function problemOf(act: () => unknown): Problem {
    try {
      act();
    } catch (error) {
      if (error instanceof Problem) return error;
      throw error;
    }
    throw new Error("nothing was refused");
  }

  it("is found by the names of the stacks' files", () => {
    for (const file of [
      "Pulumi.yaml",
      "Pulumi.prod.yaml",
      "Pulumi.a1-b.yaml",
      "Pulumi.Other.yaml",
      "Pulumi.old.yml",
    ])
      writeFileSync(join(root, file), "");
    expect(environmentNames(root)).to.deep.equal(["a1-b", "prod"]);
  });

  it("has sane values where the file says nothing", () => {
    configure({});
    const { name, region, promotion } = loadEnvironment(root, "trial");
    expect({ name, region }).to.deep.equal({ name: "trial", region: "us-east-1" });
    expect(promotion).to.deep.equal({
      ...PROMOTION,
      requires: [],
      validate: false,
      tellStart: false,
      strategy: [
        { percent: 10, holdMs: 30_000 },
        { percent: 100, holdMs: 0 },
      ],
      bake: 300_000,
      pollEvery: 2_000,
      patience: 300_000,
      endEarly: false,
      evidence: { harmless: 0.01, harmful: 0.05, pairs: 5 },
      lease: 60_000,
      freezes: [],
      keepReleases: 5,
      retentionDays: 90,
      health: { function: "dashboard", path: "/health", probes: 20, needed: 17 },
    });
  });

  it("does not take a harmless share of bad answers that is above the harmful one", () => {
    configure({ evidence: { harmless: 0.1, harmful: 0.05 } });
    expect(() => loadEnvironment(root, "trial")).to.throw("the harmless share must be below the harmful one");
  });

  it("reads durations and the strategy", () => {
    configure({ bake: "90s", strategy: "linear:50%/1m", requires: [{ attestation: "earlier-validated" }] });
    const { promotion } = loadEnvironment(root, "trial");
    expect(promotion.bake).to.equal(90_000);
    expect(promotion.strategy.map(({ percent }) => percent)).to.deep.equal([50, 100]);
    expect(promotion.requires).to.deep.equal([{ attestation: "earlier-validated", publicKey: "" }]);
  });

  it("reads freezes", () => {
    configure({
      freezes: [{ name: "weekend", from: "Fri 16:00", to: "Mon 08:00", zone: "Europe/Berlin" }],
    });
    const [freeze] = loadEnvironment(root, "trial").promotion.freezes;
    expect(freeze).to.deep.include({ name: "weekend", zone: "Europe/Berlin" });
  });

  it("may be overridden, as a rehearsal does", () => {
    configure({ bake: "5m" });
    expect(loadEnvironment(root, "trial", { bake: "3s" }).promotion.bake).to.equal(3_000);
    expect(problemOf(() => loadEnvironment(root, "trial", { bake: "soon" })).code).to.equal("config-invalid");
  });

  it("is unknown without a file, and the known ones are named", () => {
    configure({});
    const problem = problemOf(() => loadEnvironment(root, "moon"));
    expect(problem.code).to.equal("environment-unknown");
    expect(problem.message).to.contain("trial");
    expect(problem.owner).to.equal("user");
  });

  it("does not leave the project's folder", () => {
    configure({});
    expect(problemOf(() => loadEnvironment(root, "../trial")).code).to.equal("environment-unknown");
  });

  const bad: [what: string, promotion: Record<string, unknown>, says: string][] = [
    ["a setting that is not known", { bakes: "5m" }, "bakes"],
    ["a setting that is missing", { ledger: undefined }, "ledger"],
    ["a duration that is none", { bake: "soon" }, `"soon" is not a duration`],
    ["a strategy that is none", { strategy: "fast" }, `"fast" is not all-at-once`],
    [
      "no probe at all",
      { health: { function: "dashboard", path: "/health", probes: 0, needed: 1 } },
      "probes",
    ],
    [
      "a freeze that never begins",
      { freezes: [{ name: "rest", from: "Fri 25:00", to: "Mon 08:00", zone: "UTC" }] },
      `"Fri 25:00" is not a time`,
    ],
    [
      "a freeze in no zone",
      { freezes: [{ name: "rest", from: "Fri 16:00", to: "Mon 08:00", zone: "Mars" }] },
      "is not a time zone",
    ],
    ["a yes that is no boolean", { validate: "yes" }, "validate"],
    ["no release to go back to", { keepReleases: 1 }, "keepReleases"],
    ["a retention that is none", { retentionDays: -1 }, "retentionDays"],
  ];
  for (const [what, promotion, says] of bad)
    it(`is refused with ${what}, which is named`, () => {
      configure(promotion);
      const problem = problemOf(() => loadEnvironment(root, "trial"));
      expect(problem.code).to.equal("config-invalid");
      expect(problem.message).to.contain("Pulumi.trial.yaml").and.to.contain(says);
    });

  it("is refused when more good probes are needed than are sent", () => {
    configure({ health: { function: "dashboard", path: "/health", probes: 3, needed: 4 } });
    expect(problemOf(() => loadEnvironment(root, "trial")).message).to.contain("needed");
  });

  for (const [what, text] of [
    ["no YAML", "config: {"],
    ["empty", ""],
    ["without a config", "secretsprovider: x\n"],
    ["without a promotion", "config:\n  aws:region: us-east-1\n"],
  ] as const)
    it(`is refused when its file is ${what}`, () => {
      write(text);
      expect(problemOf(() => loadEnvironment(root, "trial")).code).to.equal("config-invalid");
    });

  it("is refused without a region", () => {
    configure({}, {});
    expect(problemOf(() => loadEnvironment(root, "trial")).message).to.contain("aws:region");
  });

  for (const name of environmentNames(join(import.meta.dirname, "../..")))
    it(`holds for the project's own ${name}`, () => {
      const { promotion } = loadEnvironment(join(import.meta.dirname, "../.."), name);
      expect(promotion.alarmPrefix).to.equal(`${name}-`);
      expect(promotion.ledger).to.contain(name);
    });
});
