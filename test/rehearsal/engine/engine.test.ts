import { expect } from "chai";
import { prepareEngine } from "../../../rehearsal/engine/engine.ts";
import { wantedAwsPlugin, wantedPulumi } from "../../../rehearsal/engine/wanted.ts";
import { emptyMachine, type Machine } from "./machine-fixture.ts";

const GO = `
case "$1" in
  env) echo go1.99.0;;
  list) echo a;;
  build)
    for word in "$@"; do [ "$last" = -o ] && out=$word; last=$word; done
    for tool in pulumi dynamic; do touch "$out$tool"; chmod 755 "$out$tool"; done;;
esac`;

describe("prepareEngine", () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await emptyMachine();
    await machine.terraformProvider();
    await machine.command("go", GO);
  });
  afterEach(() => machine.remove());

  it("takes an installed CLI that fits before all else", async () => {
    const plugins = JSON.stringify([{ name: "aws", kind: "resource", version: wantedAwsPlugin() }]);
    await machine.command("pulumi", `[ "$1" = version ] && echo v${wantedPulumi()} || echo '${plugins}'`);
    expect((await prepareEngine(machine.options)).source).to.equal("installed");
  });

  it("builds one where nothing else can be had, and says so in one line", async () => {
    const engine = await prepareEngine(machine.options);
    expect(engine.source).to.equal("built");
    expect(engine.describe).to.match(/^Engine: .*built from the pinned Go module.*5\.100\.0$/);
  });

  it("builds none to act on AWS, where nothing may stand in for the published provider", async () => {
    await prepareEngine(machine.options);
    await prepareEngine({ ...machine.options, publishedOnly: true }).then(
      () => expect.fail("it must refuse"),
      (error) => expect(error.code).to.equal("pulumi-missing"),
    );
  });

  it("decides in less than 100 ms the second time, without asking any site", async function () {
    this.retries(2); // a busy machine may be slow once
    await prepareEngine(machine.options);
    machine.lines.length = 0;
    const began = performance.now();
    await prepareEngine(machine.options);
    expect(performance.now() - began).to.be.lessThan(100);
    expect(machine.lines).to.deep.equal([]);
  });
});
