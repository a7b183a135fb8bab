import { expect } from "chai";
import type { DirectTarget, Probes, UrlTarget } from "../../orchestrator/ports/probes.ts";

/** A function whose version 1 is well and reports `sha`, whose version 2 is ill, and whose alias sends all to 1. */
export type Probed = { probes: Probes; functionName: string; url: string; sha: string };

/** What every prober must do. */
export function probesContract(make: () => Promise<Probed>): void {
  let probes: Probes;
  let well: DirectTarget;
  let bad: DirectTarget;
  let url: UrlTarget;
  let sha: string;

  beforeEach(async () => {
    const made = await make();
    ({ probes, sha } = made);
    well = { functionName: made.functionName, version: "1" };
    bad = { functionName: made.functionName, version: "2" };
    url = { url: made.url };
  });

  it("is answered by a version directly, with the SHA of its code", async () => {
    const probe = await probes.direct(well, { withKey: true });
    expect(probe).to.include({ ok: true, status: 200, version: sha });
    expect(probe.ms).to.be.at.least(0);
  });

  it("asks a version that has no traffic, and says why its answer is not good", async () => {
    const probe = await probes.direct(bad, { withKey: true });
    expect(probe.ok).to.equal(false);
    expect(probe.problem).to.contain("500");
  });

  it("asks a version of a function that serves no requests whether it can work", async () => {
    expect(await probes.ready(well)).to.include({ ok: true, status: 200, version: sha });
    const probe = await probes.ready(bad);
    expect(probe.ok).to.equal(false);
    expect(probe.problem).to.be.a("string").that.is.not.empty;
  });

  it("is answered through the URL", async () => {
    expect(await probes.throughUrl(url, { withKey: true })).to.include({
      ok: true,
      status: 200,
      version: sha,
    });
  });

  it("is turned away without the key, which is as it should be", async () => {
    for (const probe of [
      await probes.direct(well, { withKey: false }),
      await probes.throughUrl(url, { withKey: false }),
    ]) {
      expect(probe).to.include({ ok: true, status: 401 });
      expect(probe).not.to.have.property("version");
    }
  });

  it("is not well, but does not throw, when nobody answers", async () => {
    const version = await probes.direct({ ...well, version: "99" }, { withKey: true });
    expect(version).to.include({ ok: false });
    expect(version.problem).to.be.a("string").that.is.not.empty;
    const stranger = await probes.throughUrl({ url: "https://nobody.example/" }, { withKey: true });
    expect(stranger.ok).to.equal(false);
  });
}
