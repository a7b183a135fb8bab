import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { installedEngine } from "../../../rehearsal/engine/installed.ts";
import { wantedAwsPlugin, wantedPulumi } from "../../../rehearsal/engine/wanted.ts";
import { emptyMachine, type Machine } from "./machine-fixture.ts";

const PLUGIN = JSON.stringify([{ name: "aws", kind: "resource", version: wantedAwsPlugin() }]);
const pulumi = (version: string, plugins = PLUGIN) => `
case "$1 $2" in
  "version ") echo v${version};;
  "plugin ls") echo '${plugins}';;
esac`;

describe("an installed engine", () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await emptyMachine();
  });
  afterEach(() => machine.remove());

  it("is used when its version fits and the AWS plugin is there", async () => {
    await machine.command("pulumi", pulumi(wantedPulumi()));
    const engine = await installedEngine(machine.options);
    expect(engine?.pulumiRoot).to.equal(machine.directory);
    expect(engine?.provider).to.deep.equal({
      kind: "plugin",
      pulumiHome: join(machine.directory, "home", ".pulumi"),
    });
    expect(engine?.describe).to.contain(wantedPulumi());
  });

  it("may be newer, up to the next major version", async () => {
    await machine.command("pulumi", pulumi("3.999.0"));
    expect((await installedEngine(machine.options))?.source).to.equal("installed");
  });

  for (const version of ["3.99.0", "4.0.0", "nonsense"]) {
    it(`is passed over, and said why, when its version is ${version}`, async () => {
      await machine.command("pulumi", pulumi(version));
      expect(await installedEngine(machine.options)).to.equal(undefined);
      expect(machine.lines.join()).to.contain("does not fit");
    });
  }

  it("is passed over without its AWS plugin where no download site answers", async () => {
    await machine.command("pulumi", pulumi(wantedPulumi(), "[]"));
    expect(await installedEngine(machine.options)).to.equal(undefined);
    expect(machine.lines.join()).to.contain(`lacks its AWS plugin ${wantedAwsPlugin()}`);
  });

  it("is given a directory of its own when it does not lie in a bin directory", async () => {
    const path = await machine.command("../tools/pulumi", pulumi(wantedPulumi()));
    machine.options.env.PATH = `${join(machine.directory, "tools")}:${machine.options.env.PATH}`;
    const engine = await installedEngine(machine.options);
    expect(await realpath(join(engine?.pulumiRoot ?? "", "bin", "pulumi"))).to.equal(await realpath(path));
  });

  it("is not looked for elsewhere when there is none", async () => {
    expect(await installedEngine(machine.options)).to.equal(undefined);
    expect(machine.lines).to.deep.equal([]);
  });
});
