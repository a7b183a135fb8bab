import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { CHECKS, examine, UNSEEN, type Within } from "../../../orchestrator/doctor/examine.ts";
import type { Finding } from "../../../orchestrator/doctor/finding.ts";
import type { Ground } from "../../../orchestrator/doctor/ground.ts";
import { type Environment, loadEnvironment } from "../../../orchestrator/environment.ts";
import { wellGround } from "../../fakes/doctor.ts";
import { PROMOTION } from "../../fakes/settings.ts";
import { CASES } from "./cases.ts";

/** What does not answer at once never will: no time passes here. */
const within: Within = async (asked) =>
  await Promise.race([asked, new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), 50))]);

const named = ({ check, code }: Finding) => `${check} ${code}`;

describe("the doctor", () => {
  let environment: Environment;
  let ground: Ground;

  before(() => {
    const root = mkdtempSync(join(tmpdir(), "doctor-"));
    const config = { "aws:region": "us-east-1", "sentiment-analyzer:promotion": PROMOTION };
    writeFileSync(join(root, "Pulumi.trial.yaml"), JSON.stringify({ config }));
    environment = loadEnvironment(root, "trial");
    rmSync(root, { recursive: true });
  });
  beforeEach(() => {
    ground = wellGround(environment);
  });

  const examined = async () => await examine(ground, within, 1_000);

  it("finds nothing where nothing is wrong, and says of each check what it saw", async () => {
    const found = await examined();
    expect(found.filter(({ severity }) => severity !== "fine")).to.deep.equal([]);
    expect([...new Set(found.map(({ check }) => check))]).to.deep.equal(CHECKS.map(({ name }) => name));
    for (const { seen, remedy } of found)
      expect({ seen: seen !== "", remedy }).to.deep.equal({ seen: true, remedy: null });
  });

  for (const [what, { finds, breaking }] of Object.entries(CASES))
    it(`sees ${what}, and nothing else that changed`, async () => {
      const before = new Set((await examined()).map(named));
      breaking(ground);
      const found = (await examined()).filter((finding) => !before.has(named(finding)));
      expect(found.map(named).sort()).to.deep.equal([...finds].sort());
      for (const { severity, remedy, code } of found)
        expect(remedy !== null, `${code} says what to do`).to.equal(severity !== "fine");
    });

  it("has a case for each finding of each check", () => {
    const shown = new Set(Object.values(CASES).flatMap(({ finds }) => finds));
    const well = /-fine$|^trust-not-needed$|^source-none$/;
    const possible = CHECKS.flatMap(({ name, templates }) =>
      Object.keys(templates)
        // One catalogue serves two buckets; what is found of either is found by the same lines.
        .filter((code) => !well.test(code))
        .map((code) => (name.endsWith("-bucket") ? `bucket ${code}` : `${name} ${code}`)),
    );
    const cases = new Set([...shown].map((each) => each.replace(/^\w+-bucket /, "bucket ")));
    expect(possible.filter((each) => !cases.has(each))).to.deep.equal([]);
    const unseen = Object.keys(UNSEEN).filter(
      (code) => ![...shown].some((each) => each.endsWith(` ${code}`)),
    );
    expect(unseen).to.deep.equal([]);
  });

  it("gives no two findings the same code, unless it is the same finding", () => {
    const codes = [...new Set(CHECKS.map(({ templates }) => templates))].flatMap(Object.keys);
    expect(new Set(codes).size).to.equal(codes.length);
  });

  it("goes on when everything fails, and calls none of it fine", async () => {
    for (const method of Object.keys(ground.place))
      if (method !== "whoami")
        Object.assign(ground.place, {
          [method]: async () => {
            throw new Error(`no ${method}`);
          },
        });
    ground.environment.promotion.source = "earlier";
    const found = await examined();
    const fine = found.filter(({ severity }) => severity === "fine").map(({ check }) => check);
    expect(fine).to.deep.equal(["clock", "node", "engine", "trust"]);
    expect(new Set(found.map(({ check }) => check)).size).to.equal(CHECKS.length);
  });

  it("asks nothing of AWS where it has no credentials, but looks at this machine", async () => {
    const asked: string[] = [];
    ground.place = new Proxy(ground.place, {
      get: (_, method) => async () => {
        asked.push(String(method));
        throw Object.assign(new Error("none"), { name: "CredentialsProviderError" });
      },
    });
    const found = await examined();
    expect(asked).to.deep.equal(["whoami"]);
    expect(found.filter(({ severity }) => severity === "fine").map(({ check }) => check)).to.deep.equal([
      "node",
      "engine",
      "trust",
    ]);
    const [credentials, clock] = found;
    expect(credentials?.remedy).to.contain("AWS_PROFILE");
    expect(clock).to.include({ code: "not-looked-at", remedy: credentials?.remedy });
  });

  it("makes its checks all at once", async () => {
    let [open, most] = [0, 0];
    for (const [method, ask] of Object.entries(ground.place))
      Object.assign(ground.place, {
        [method]: async (...given: unknown[]) => {
          most = Math.max(most, ++open);
          await new Promise((resolve) => setTimeout(resolve, 5));
          open--;
          return await (ask as (...given: unknown[]) => unknown)(...given);
        },
      });
    await examined();
    expect(most).to.be.at.least(CHECKS.filter(({ offline }) => !offline).length);
  });
});
