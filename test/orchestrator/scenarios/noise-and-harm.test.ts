import { expect } from "chai";
import type { Probe } from "../../../orchestrator/ports/probes.ts";
import { ill } from "../../fakes/probes.ts";
import { type World, world } from "../../fakes/world.ts";
import { randomFrom } from "../../random.ts";

/** The times and the evidence of a last environment, as its configuration has them. */
const CONFIG = {
  strategy: [
    { percent: 10, holdMs: 30_000 },
    { percent: 100, holdMs: 0 },
  ],
  bake: 300_000,
  pollEvery: 2_000,
  patience: 300_000,
  evidence: { harmless: 0.01, harmful: 0.05, pairs: 5 },
  health: { function: "dashboard", path: "/health", probes: 20, needed: 17 },
};

/** The same noise in every run; `NOISE_SEED=…` makes another. */
const SEED = Number(process.env.NOISE_SEED ?? 20_261_124);
let random = randomFrom(SEED);

/** A network that loses one request in a hundred, and answers that take between one and two times 20 ms. */
function noisy(w: World): void {
  w.probes.answer(() => (random() < 0.01 ? { ...ill, ms: 20 } : { ms: 20 * (1 + random()) }));
}

/** An environment with noise that runs a release already. */
async function noisyWorld(): Promise<World> {
  const w = world(CONFIG);
  await w.settled();
  noisy(w);
  return w;
}

describe("promotions with the noise of a network", () => {
  beforeEach(() => {
    random = randomFrom(SEED);
  });

  it("take one good release in two hundred back at most", async function () {
    this.timeout(120_000);
    const w = await noisyWorld();
    const backs: string[] = [];
    for (let n = 1; n <= 200; n++) {
      const { outcome, reason } = await w.promote(await w.release(`good ${n}`));
      if (outcome !== "promoted") backs.push(`${n}: ${outcome}, ${reason?.message}`);
    }
    expect(backs, backs.join("\n")).to.have.length.at.most(1);
  });

  type Asked = Parameters<Parameters<World["probes"]["answer"]>[0]>[0];
  type Harm = (asked: Asked, w: World, sha: string) => Partial<Probe> | undefined;
  const failing =
    (share: number): Harm =>
    (asked) =>
      asked.withKey && asked.how !== "ready" && random() < share ? ill : undefined;
  const harms: [what: string, harm: Harm, step: string][] = [
    ["fails every request", failing(1), "canary"],
    ["fails 30 % of them", failing(0.3), "shift"],
    ["fails 5 % of them", failing(0.05), "watch"],
    [
      "is three times slower",
      ({ how }) => (how === "direct" ? { ms: 3 * 20 * (1 + random()) + 60 } : undefined),
      "shift",
    ],
    ["breaks only one function", ({ how }) => (how === "ready" ? ill : undefined), "canary"],
    ["breaks only under traffic", (_, w, sha) => (w.share(sha) === 1 ? ill : undefined), "watch"],
    [
      "lets strangers in",
      ({ withKey }) => (withKey ? undefined : { ok: false, status: 200, problem: "status 200" }),
      "canary",
    ],
  ];
  for (const [what, harm, latest] of harms)
    it(`find a release that ${what}, by the step ${latest} at the latest`, async function () {
      this.timeout(60_000);
      const steps = ["canary", "shift", "watch"];
      for (let n = 1; n <= 10; n++) {
        const w = await noisyWorld();
        const sha = await w.release(`bad ${n}`);
        w.probes.answer((asked) => (asked.sha === sha ? harm(asked, w, sha) : undefined));
        const { outcome, reason, steps: walked } = await w.promote(sha);
        expect(outcome, reason?.message).to.equal("rolled-back");
        const found = walked.find((step) => step.outcome === "failed")?.name ?? "";
        expect(steps.indexOf(found), `found in ${found}`).to.be.within(0, steps.indexOf(latest));
      }
    });
});
