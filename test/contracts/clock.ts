import { expect } from "chai";
import type { Clock } from "../../orchestrator/ports/clock.ts";

/** What every clock must do. */
export function clockContract(make: () => Clock): void {
  let clock: Clock;

  beforeEach(() => {
    clock = make();
  });

  it("sleeps as long as it is told, by both of its times", async () => {
    const [wall, began] = [clock.now().getTime(), clock.monotonic()];
    await clock.sleep(20);
    // Wall time has whole milliseconds, so it may seem to be one short.
    expect(clock.monotonic() - began).to.be.at.least(19);
    expect(clock.now().getTime() - wall).to.be.at.least(18);
  });

  it("wakes sleepers in order", async () => {
    const woken: number[] = [];
    await Promise.all([30, 5].map((ms) => clock.sleep(ms).then(() => woken.push(ms))));
    expect(woken).to.deep.equal([5, 30]);
  });

  it("stops sleeping with the signal's reason as soon as that is aborted", async () => {
    const controller = new AbortController();
    const began = clock.monotonic();
    const sleeping = clock.sleep(60_000, controller.signal).catch((reason) => reason);
    const why = new Error("somebody wants to stop");
    controller.abort(why);
    expect(await sleeping).to.equal(why);
    expect(clock.monotonic() - began).to.be.below(5_000);
  });

  it("does not begin to sleep when the signal is aborted already", async () => {
    const why = new Error("stopped before");
    expect(await clock.sleep(60_000, AbortSignal.abort(why)).catch((reason) => reason)).to.equal(why);
  });
}
