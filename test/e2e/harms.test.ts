import { expect } from "chai";
import { firstEnvironment } from "../../orchestrator/environment.ts";
import { run } from "./command.ts";
import type { Ground } from "./crash/ground.ts";
import { look } from "./crash/look.ts";
import { disturbed } from "./crash/shared.ts";
import type { Stage } from "./crash/stories.ts";
import { about } from "./promotions.ts";

const HANDLER = "lambdas/dashboard/index.ts";
const SERVES = "    return await respond(request, dashboard);";

/** What a release does wrong, as a change of its code: before it answers a request. */
const firstly = (line: string) => (text: string) => text.replace(SERVES, `    ${line}\n${SERVES}`);
const failing = (share: number) =>
  firstly(`if (Math.random() < ${share}) return { statusCode: 500, body: "" };`);

type Harm = { what: string; file: string; change: (text: string) => string; by: string };

/** The steps that look, in their order; each harm has the last one by which it must have been seen. */
const LOOKING = ["canary", "shift", "watch"];
const HARMS: Harm[] = [
  { what: "fails every request", file: HANDLER, change: failing(1), by: "canary" },
  { what: "fails 30 % of them", file: HANDLER, change: failing(0.3), by: "shift" },
  { what: "fails 5 % of them", file: HANDLER, change: failing(0.05), by: "watch" },
  {
    what: "is much slower",
    file: HANDLER,
    change: firstly("await new Promise((resolve) => setTimeout(resolve, 300));"),
    by: "watch",
  },
  {
    what: "breaks only one function",
    file: "lambdas/analysis/index.ts",
    change: (text) => text.replace("return readiness();", 'throw new Error("it cannot work");'),
    by: "canary",
  },
  {
    // A short stage on a busy machine sees few answers through the URL.
    what: "breaks only under traffic",
    file: HANDLER,
    change: firstly('if (request.requestContext.domainName) return { statusCode: 500, body: "" };'),
    by: "watch",
  },
  {
    what: "lets strangers in",
    file: "lambdas/dashboard/routes.ts",
    change: (text) => text.replace("if (!open && !(await hasKey", "if (!open && false && !(await hasKey"),
    by: "canary",
  },
];

/** How many good releases are promoted under noise: `NOISE_PROMOTIONS=10` for the figure, fewer to see that it works. */
const UNDER_NOISE = Number(process.env.NOISE_PROMOTIONS ?? 2);
/** One request in a hundred is lost, and each takes up to 20 ms longer than it must. */
const noisy = (release: number) =>
  firstly(
    `await new Promise((resolve) => setTimeout(resolve, 20 * Math.random())); // ${release}\n    if (Math.random() < 0.01) return { statusCode: 500, body: "" };`,
  );

describe("a release that does harm", function () {
  this.timeout(240_000);
  let ground: Ground;
  let stage: Stage;

  before(async function () {
    this.timeout(900_000); // a fresh machine builds the engine first
    const { ground: raised, stages } = await disturbed();
    ground = raised;
    stage = stages.find(({ env }) => env === firstEnvironment(ground.checkout.root)) as Stage;
  });

  async function promote(sha: string, strategy: string, bake: string, env = {}) {
    const order = ["promote", "--env", stage.env, "--sha", sha, "--local", "--json"];
    return about(await run(ground.checkout, [...order, "--strategy", strategy, "--bake", bake], env));
  }

  async function runsAsBefore(): Promise<void> {
    const { answers, functions } = await look(ground.checkout.root, stage.env, ground.access);
    expect(answers).to.equal(stage.running);
    for (const { weights } of Object.values(functions)) expect(Object.values(weights)).to.deep.equal([1]);
  }

  for (const { what, file, change, by } of HARMS)
    it(`is seen by the step ${by} at the latest, and taken back, when it ${what}`, async () => {
      // A bake long enough to see 5 %.
      const sha = await ground.changed(file, change);
      const { outcome, reason, steps } = await promote(sha, "canary:30%/8s", "20s");
      expect(outcome, reason?.message).to.equal("rolled-back");
      const found = steps.find((step) => step.outcome === "failed")?.name ?? "";
      expect(LOOKING.indexOf(found), `found in ${found}`).to.be.within(0, LOOKING.indexOf(by));
      await runsAsBefore();
    });

  it(`is told from the noise of a network: of ${UNDER_NOISE} good releases none is taken back`, async function () {
    this.timeout(UNDER_NOISE * 120_000);
    const ends: string[] = [];
    for (let release = 1; release <= UNDER_NOISE; release++) {
      const sha = await ground.changed(HANDLER, noisy(release));
      const { outcome, reason } = await promote(sha, "canary:30%/2s", "4s", {
        REHEARSAL_DIR: ground.patient,
      });
      ends.push(reason?.message ?? String(outcome));
    }
    expect(ends).to.deep.equal(ends.map(() => "promoted"));
  });
});
