import { readdir } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { installerUrl } from "../../../rehearsal/engine/installer.ts";
import { cachedOfficial, officialEngine } from "../../../rehearsal/engine/official.ts";
import { emptyMachine, type Machine } from "./machine-fixture.ts";

/** Does what the official script does with these flags, with a CLI that cannot but install plugins. */
const script = (plugin: string) => `
root=$3
mkdir -p "$root/bin"
echo '#!/bin/sh
${plugin}' > "$root/bin/pulumi"
chmod 755 "$root/bin/pulumi"
`;

describe("an official engine", () => {
  let machine: Machine;
  let site: Server;
  let answer: string | undefined;
  before(async () => {
    site = createServer((_request, response) => {
      if (answer !== undefined) response.end(answer);
    });
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  });
  after(() => {
    site.closeAllConnections();
    site.close();
  });
  beforeEach(async () => {
    machine = await emptyMachine();
    machine.options.installerUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}/install.sh`;
  });
  afterEach(() => machine.remove());

  it("is downloaded into the cache and found there the next time", async () => {
    answer = script('mkdir -p "$PULUMI_HOME"; touch "$PULUMI_HOME/plugin"');
    const engine = await officialEngine(machine.options);
    expect(engine?.source).to.equal("official");
    const home = engine?.provider.kind === "plugin" ? engine.provider.pulumiHome : "";
    expect(await readdir(home)).to.deep.equal(["plugin"]);
    expect(await cachedOfficial(machine.options)).to.deep.equal(engine);
  });

  it("is left half-way without a trace when its plugin cannot be had", async () => {
    answer = script('echo "no such plugin" >&2; exit 1');
    expect(await officialEngine(machine.options)).to.equal(undefined);
    expect(machine.lines.join()).to.contain("no such plugin");
    expect(await readdir(machine.cache))
      .to.have.length(1)
      .and.satisfy(([name]: string[]) => name?.endsWith(".lock"));
  });

  it("is given up in no time when the site refuses", async () => {
    machine.options.installerUrl = "http://127.0.0.1:1/install.sh";
    expect(await officialEngine(machine.options)).to.equal(undefined);
    expect(machine.lines.join()).to.contain("cannot be reached");
  });

  it("is given up soon when the site does not answer at all", async () => {
    answer = undefined;
    const began = performance.now();
    expect(await officialEngine({ ...machine.options, probeMs: 100 })).to.equal(undefined);
    expect(performance.now() - began).to.be.lessThan(2_000);
  });

  it("has its site's address from the SDK", () => {
    expect(new URL(installerUrl() ?? "").protocol).to.equal("https:");
  });

  it("stops asking when aborted", async () => {
    answer = undefined;
    const signal = AbortSignal.timeout(50);
    const told = await officialEngine({ ...machine.options, signal }).catch((error) => error.name);
    expect(told).to.equal("TimeoutError");
  });

  it("lies where the plugin's home is beside the CLI", async () => {
    answer = script("exit 0");
    const engine = await officialEngine(machine.options);
    expect(engine?.provider).to.deep.equal({
      kind: "plugin",
      pulumiHome: join(engine?.pulumiRoot ?? "", "home"),
    });
  });
});
