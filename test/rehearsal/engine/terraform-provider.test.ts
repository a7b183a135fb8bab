import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Problem } from "../../../orchestrator/problem.ts";
import { obtainTerraformProvider } from "../../../rehearsal/engine/terraform-provider.ts";
import { TERRAFORM_AWS } from "../../../rehearsal/engine/wanted.ts";
import { emptyMachine, type Machine, pluginPath } from "./machine-fixture.ts";

describe("the Terraform provider", () => {
  let machine: Machine;
  beforeEach(async () => {
    machine = await emptyMachine();
  });
  afterEach(() => machine.remove());

  const places: [string, string][] = [
    ["the plugin cache", "plugins"],
    ["the user's plugin directory", "home/.terraform.d/plugins"],
    ["the user's data directory", "home/.local/share/terraform/plugins"],
    ["the machine's data directory", "share/terraform/plugins"],
    ["an add-on package", "opt/anything"],
  ];
  for (const [title, place] of places) {
    it(`is found in ${title}`, async () => {
      const path = await machine.file(
        join(place, pluginPath(TERRAFORM_AWS), "terraform-provider-aws_v5"),
        "",
      );
      await chmod(path, 0o755);
      expect(await obtainTerraformProvider(machine.options)).to.deep.equal({ path, version: TERRAFORM_AWS });
    });
  }

  it("is of the pinned version, rather than of a newer one", async () => {
    await machine.terraformProvider("5.999.0");
    await machine.terraformProvider();
    expect((await obtainTerraformProvider(machine.options)).version).to.equal(TERRAFORM_AWS);
  });

  it("may be of another version of the same major, never of another major", async () => {
    await machine.terraformProvider("6.1.0");
    await machine.terraformProvider("5.9.0");
    await machine.terraformProvider("5.10.0");
    expect((await obtainTerraformProvider(machine.options)).version).to.equal("5.10.0");
  });

  it("is fetched by an installed Terraform", async () => {
    const target = `$TF_PLUGIN_CACHE_DIR/${pluginPath(TERRAFORM_AWS)}`;
    await machine.command(
      "terraform",
      `mkdir -p ${target}; touch ${target}/terraform-provider-aws; chmod 755 ${target}/*`,
    );
    const { path } = await obtainTerraformProvider(machine.options);
    expect(path).to.contain(join(machine.cache, "terraform-plugins"));
  });

  it("is missed with what Terraform said and where to put it", async () => {
    await machine.command("terraform", "echo 'no such registry' >&2; exit 1");
    const problem: Problem = await obtainTerraformProvider(machine.options).catch((error) => error);
    expect(problem.code).to.equal("terraform-provider-missing");
    expect(problem.message).to.contain("no such registry");
    expect(problem.remedy).to.contain(machine.cache);
  });
});
