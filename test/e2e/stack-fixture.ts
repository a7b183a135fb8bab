import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as automation from "@pulumi/pulumi/automation/index.js";
import { region } from "../emulator/emulator-fixture.ts";
import { engine } from "./engine-fixture.ts";

/** Where the engine finds what starts a policy pack, when it has no language plugin that does. */
const ANALYZERS = join(import.meta.dirname, "../../rehearsal/engine/bin");

/** What a scratch stack is called and configured with, where a program cares. */
export type Identity = { stack?: string; project?: string; config?: Record<string, string> };

/** A stack with its state in a directory of its own, run by the real engine with a provider that listens on a port. */
export async function scratchStack(
  program: () => Promise<Record<string, unknown>>,
  providerPort: number,
  { stack: stackName = "e2e", project: projectName = "every-resource", config = {} }: Identity = {},
): Promise<{ stack: automation.Stack; remove(): Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "stack-"));
  const pulumiCommand = await automation.PulumiCommand.get({ root: (await engine()).pulumiRoot });
  const stack = await automation.LocalWorkspace.createOrSelectStack(
    { stackName, projectName, program },
    {
      pulumiCommand,
      workDir: directory,
      pulumiHome: join(directory, "home"),
      projectSettings: {
        name: projectName,
        runtime: "nodejs",
        backend: { url: `file://${directory}` },
      },
      envVars: {
        PATH: `${ANALYZERS}:${process.env.PATH}`,
        PULUMI_CONFIG_PASSPHRASE: "e2e",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_DEBUG_PROVIDERS: `aws:${providerPort}`,
      },
    },
  );
  const values = Object.entries({ ...config, "aws:region": region });
  await stack.setAllConfig(Object.fromEntries(values.map(([key, value]) => [key, { value }])));
  return { stack, remove: () => rm(directory, { recursive: true, force: true }) };
}
