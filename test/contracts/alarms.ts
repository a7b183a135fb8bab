import { expect } from "chai";
import type { AlarmState, Alarms } from "../../orchestrator/ports/alarms.ts";

/** An environment's alarms and what a test may do to them. */
export type Alarmed = {
  alarms: Alarms;
  /** Creates an alarm whose name begins with the environment's prefix; gives the whole name. */
  add(name: string, state: AlarmState, enabled: boolean): Promise<string>;
};

/** What every reading of alarms must do. `make` gives an environment without any. */
export function alarmsContract(make: () => Promise<Alarmed>): void {
  let alarms: Alarms;
  let add: Alarmed["add"];

  beforeEach(async () => {
    ({ alarms, add } = await make());
  });

  it("is empty where there are none", async () => {
    expect(await alarms.list()).to.deep.equal([]);
  });

  for (const state of ["OK", "ALARM", "INSUFFICIENT_DATA"] as const)
    it(`tells of the state ${state}`, async () => {
      const name = await add("errors", state, true);
      const [alarm, ...others] = await alarms.list();
      expect(others).to.deep.equal([]);
      expect(alarm).to.include({ name, state, enabled: true });
      expect(alarm?.reason).to.be.a("string");
    });

  it("tells whether an alarm's actions are enabled", async () => {
    await add("errors", "OK", false);
    expect((await alarms.list())[0]?.enabled).to.equal(false);
  });

  it("lists all, also when they do not fit on one page", async () => {
    const names = await Promise.all(
      Array.from({ length: 103 }, (_, n) => add(`errors-${String(n).padStart(3, "0")}`, "OK", true)),
    );
    expect((await alarms.list()).map(({ name }) => name).sort()).to.deep.equal(names.sort());
  });
}
