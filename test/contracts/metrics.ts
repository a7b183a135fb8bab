import { expect } from "chai";
import type { Metrics } from "../../orchestrator/ports/metrics.ts";

/** A function whose alias shares its requests between the versions 1 and 2, and what a test may do to it. */
export type Counted = {
  metrics: Metrics;
  functionName: string;
  /** Sends requests through the alias until each version had at least one; those to 2 fail. Gives how many each had. */
  run(): Promise<{ "1": number; "2": number }>;
  now(): Date;
};

/** What every reading of the platform's counts must do. `make` gives a function that nobody called yet. */
export function metricsContract(make: () => Promise<Counted>): void {
  let metrics: Metrics;
  let functionName: string;
  let run: Counted["run"];
  let now: Counted["now"];

  beforeEach(async () => {
    ({ metrics, functionName, run, now } = await make());
  });

  const around = (ms: number) => new Date(now().getTime() + ms);
  const read = (from = -120_000, to = 120_000) =>
    metrics.ofVersions(
      ["1", "2"].map((version) => ({ functionName, version })),
      { from: around(from), to: around(to) },
    );
  const total = (minutes: { invocations: number; errors: number }[] = []) => ({
    invocations: minutes.reduce((sum, { invocations }) => sum + invocations, 0),
    errors: minutes.reduce((sum, { errors }) => sum + errors, 0),
  });

  it("is empty, version by version, where nothing ran", async () => {
    expect(await read()).to.deep.equal([[], []]);
  });

  it("tells the versions apart that share an alias: their executions, their errors, their time", async () => {
    const had = await run();
    const [one, two] = await read();
    expect(total(one)).to.deep.equal({ invocations: had["1"], errors: 0 });
    expect(total(two)).to.deep.equal({ invocations: had["2"], errors: had["2"] });
    for (const { at, ms } of [...(one ?? []), ...(two ?? [])]) {
      expect(at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$/);
      expect(ms).to.be.above(0);
    }
  });

  it("tells nothing of another time", async () => {
    await run();
    expect(await read(-7_200_000, -3_600_000)).to.deep.equal([[], []]);
  });

  it("answers for many versions at once, in their order", async () => {
    const had = await run();
    const many = Array.from({ length: 320 }, (_, n) => ({ functionName, version: n === 310 ? "2" : "99" }));
    const answer = await metrics.ofVersions(many, { from: around(-120_000), to: around(120_000) });
    expect(answer).to.have.length(320);
    expect(answer.findIndex((minutes) => minutes.length > 0)).to.equal(310);
    expect(total(answer[310]).invocations).to.equal(had["2"]);
  });
}
