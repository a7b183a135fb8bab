import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as automation from "@pulumi/pulumi/automation/index.js";
import { region } from "../emulator/emulator-fixture.ts";
import { engine } from "./engine-fixture.ts";

/** A stack with its state in a directory of its own, run by the real engine with a provider that listens on a port. */
export async function scratchStack(
  program: () => Promise<Record<string, unknown>>,
  providerPort: number,
): Promise<{ stack: automation.Stack; remove(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "stack-"));
  const pulumiCommand = await automation.PulumiCommand.get({ root: (await engine()).pulumiRoot });
  const stack = await automation.LocalWorkspace.createOrSelectStack(
    { stackName: "e2e", projectName: "every-resource", program },
    {
      pulumiCommand,
      workDir: directory,
      pulumiHome: join(directory, "home"),
      projectSettings: {
        name: "every-resource",
        runtime: "nodejs",
        backend: { url: `file://${directory}` },
      },
      envVars: {
        PULUMI_CONFIG_PASSPHRASE: "e2e",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DEBUG_PROVIDERS: `aws:${providerPort}`,
      },
    },
  );
  await stack.setConfig("aws:region", { value: region });
  return { stack, remove: () => rm(directory, { recursive: true, force: true }) };
}
