import { expect } from "chai";
import { type Engine, type ReleaseProgram, STACK_OUTPUTS } from "../../orchestrator/ports/engine.ts";
import { refused } from "./refused.ts";

/** An engine for a stack that was never deployed, two releases for it, and somebody else who changes its state. */
export type Engined = {
  engine: Engine;
  one: ReleaseProgram;
  other: ReleaseProgram;
  disturb(): Promise<void>;
  /** An update of the other release dies in the middle: its lock stays, and what it was doing is undecided. */
  interrupt(): Promise<void>;
};

/** What every engine must do. */
export function engineContract(make: () => Promise<Engined>): void {
  const { signal } = new AbortController();
  let engine: Engine;
  let one: ReleaseProgram;
  let other: ReleaseProgram;
  let disturb: Engined["disturb"];
  let interrupt: Engined["interrupt"];

  beforeEach(async () => {
    ({ engine, one, other, disturb, interrupt } = await make());
  });
  afterEach(async () => engine.close());

  const deploy = async (release: ReleaseProgram) =>
    engine.up(release, await engine.preview(release, signal), signal);

  it("has no outputs before the first update, and the update's after it", async () => {
    expect(await engine.outputs()).to.equal(undefined);
    const outputs = await deploy(one);
    expect(STACK_OUTPUTS.parse(outputs)).to.deep.equal(outputs);
    expect(await engine.outputs()).to.deep.equal(outputs);
  });

  it("plans what it then does, and nothing the second time", async () => {
    const plan = await engine.preview(one, signal);
    expect(plan.sha).to.equal(one.manifest.sha);
    expect(plan.changes.map(({ operation }) => operation)).to.include("create");
    await engine.up(one, plan, signal);
    const again = await engine.preview(one, signal);
    expect(again.changes.every(({ operation }) => operation === "same")).to.equal(true);
  });

  it("changes nothing by a preview", async () => {
    await deploy(one);
    const before = await engine.preview(other, signal);
    expect((await engine.preview(other, signal)).basedOn).to.equal(before.basedOn);
  });

  it("publishes a new version of every function for other code", async () => {
    const before = await deploy(one);
    const after = await deploy(other);
    for (const [name, { version }] of Object.entries(after.functions))
      expect(version).not.to.equal(before.functions[name]?.version);
  });

  it("refuses a plan whose state is no longer the stack's", async () => {
    await deploy(one);
    const plan = await engine.preview(other, signal);
    await disturb();
    await refused("plan-stale", engine.up(other, plan, signal));
  });

  it("refuses to update a locked stack, says what was left undecided, and goes on when the lock is taken away", async () => {
    await deploy(one);
    await interrupt();
    const plan = await engine.preview(other, signal);
    expect(plan.pending).not.to.deep.equal([]);
    await refused("stack-locked", engine.up(other, plan, signal));
    await engine.clearLock(other);
    await engine.settle(other);
    await deploy(other);
    expect((await engine.preview(other, signal)).pending).to.deep.equal([]);
  });

  it("has nothing to settle where nothing was left half-made", async () => {
    await deploy(one);
    const before = await engine.preview(one, signal);
    expect(await engine.settle(one)).to.deep.equal([]);
    expect((await engine.preview(one, signal)).basedOn).to.equal(before.basedOn);
  });

  it("leaves what a plan shall leave", async () => {
    await deploy(one);
    const [gone] = (await engine.preview(other, signal)).changes.filter(
      ({ operation }) => operation !== "same",
    );
    const plan = await engine.preview(other, signal, [String(gone?.urn)]);
    const of = plan.changes.find(({ urn }) => urn === gone?.urn);
    expect(of?.operation ?? "same").to.equal("same");
    expect(plan.leaves).to.deep.equal([gone?.urn]);
  });

  it("cannot survey what was never deployed", async () => {
    const failure = await engine.survey(one, signal).catch((reason) => reason);
    expect(failure).to.be.an("error");
  });

  it("changes nothing by a survey", async () => {
    await deploy(one);
    const plan = await engine.preview(other, signal);
    await engine.survey(other, signal);
    expect(await engine.up(other, plan, signal)).to.be.an("object");
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    const previewing = engine.preview(one, controller.signal).catch((reason) => reason);
    controller.abort(new Error("stop"));
    expect(await previewing).to.be.an("error");
  });
}

/** What an engine must do whose releases make resources that are read back, which needs a provider. */
export function surveyContract(make: () => Promise<Pick<Engined, "engine" | "one" | "other">>): void {
  const { signal } = new AbortController();
  let engine: Engine;
  let one: ReleaseProgram;
  let other: ReleaseProgram;

  beforeEach(async () => {
    ({ engine, one, other } = await make());
    await engine.up(one, await engine.preview(one, signal), signal);
  });
  afterEach(async () => engine.close());

  it("surveys each resource as it was wanted, as it was left and as it is found", async () => {
    const survey = await engine.survey(one, signal);
    expect(survey).not.to.deep.equal([]);
    expect(new Set(survey.map(({ key }) => key)).size).to.equal(survey.length);
    for (const { declared, recorded, found, key } of survey) {
      expect(recorded?.inputs, key).to.deep.equal(declared);
      expect(found, key).to.deep.equal(recorded?.outputs);
    }
  });

  it("surveys beside what another release would make", async () => {
    const survey = await engine.survey(other, signal);
    const differing = survey.filter(
      ({ declared, recorded }) => JSON.stringify(declared) !== JSON.stringify(recorded?.inputs),
    );
    expect(differing).not.to.deep.equal([]);
  });
}
