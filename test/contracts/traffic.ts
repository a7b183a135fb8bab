import { expect } from "chai";
import type { Traffic } from "../../orchestrator/ports/traffic.ts";
import { refused } from "./refused.ts";

/** A function with the published versions "1" and "2", whose alias sends everything to "1", and their codes' digests. */
export type Routed = { traffic: Traffic; functionName: string; digests: Record<"1" | "2", string> };

/** What every traffic must do. `make` gives a function that has not been routed yet. */
export function trafficContract(make: () => Promise<Routed>): void {
  let traffic: Traffic;
  let functionName: string;
  let digests: Routed["digests"];

  beforeEach(async () => {
    ({ traffic, functionName, digests } = await make());
  });

  it("reads where the alias sends requests", async () => {
    const { version, canary, revision } = await traffic.read(functionName);
    expect({ version, canary }).to.deep.equal({ version: "1", canary: undefined });
    expect(revision).to.be.a("string").that.is.not.empty;
  });

  it("reads a weight back as it was written", async () => {
    const { revision } = await traffic.read(functionName);
    const route = { version: "1", canary: { version: "2", weight: 0.1 } };
    expect(await traffic.route(functionName, route, revision)).to.deep.include(route);
    expect(await traffic.read(functionName)).to.deep.include(route);
  });

  it("takes the weight away with the route that has none", async () => {
    const { revision } = await traffic.read(functionName);
    const canary = { version: "2", weight: 0.5 };
    const half = await traffic.route(functionName, { version: "1", canary }, revision);
    const whole = await traffic.route(functionName, { version: "2" }, half.revision);
    expect(whole.version).to.equal("2");
    expect(whole).not.to.have.property("canary");
    expect(await traffic.read(functionName)).to.deep.equal(whole);
  });

  it("refuses a change that was decided on an older revision", async () => {
    const { revision } = await traffic.read(functionName);
    const moved = await traffic.route(functionName, { version: "2" }, revision);
    expect(moved.revision).not.to.equal(revision);
    await refused("route-changed", traffic.route(functionName, { version: "1" }, revision));
    expect(await traffic.read(functionName)).to.deep.equal(moved);
  });

  it("gives a new revision with every write, also of the route that is there", async () => {
    const { revision } = await traffic.read(functionName);
    const again = await traffic.route(functionName, { version: "1" }, revision);
    expect(again.revision).not.to.equal(revision);
    await refused("route-changed", traffic.route(functionName, { version: "2" }, revision));
  });

  it("refuses a version that was never published, and leaves the route", async () => {
    const { revision } = await traffic.read(functionName);
    const canary = { version: "99", weight: 0.1 };
    const error = await traffic
      .route(functionName, { version: "1", canary }, revision)
      .catch((reason) => reason);
    expect(error).to.be.an("error");
    expect((await traffic.read(functionName)).canary).to.equal(undefined);
  });

  it("tells the digest of a published version's code, and none where there is none", async () => {
    expect(await traffic.codeSha256(functionName, "1")).to.equal(digests["1"]);
    expect(await traffic.codeSha256(functionName, "2")).to.equal(digests["2"]);
    expect(await traffic.codeSha256(functionName, "99")).to.equal(undefined);
    expect(await traffic.codeSha256("no-such-function", "1")).to.equal(undefined);
  });
}
