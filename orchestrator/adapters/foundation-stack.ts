import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { Laying } from "../bootstrap/lay.ts";
import { bootstrapProblem } from "../bootstrap/problems.ts";
import type { Toolchain } from "../ports/toolchain.ts";
import { onlyChildEnvironment } from "./child-environment.ts";
import { commandError, errorsOf } from "./engine-events.ts";

type Program = () => Promise<Record<string, unknown>>;

export type FoundationStack = {
  /** What is in the stack, by type and name. */
  resources(): Promise<Set<string>>;
  up(program: Program, options: { refresh: boolean }): Promise<void>;
};

/** The stack of an environment's foundation. It keeps no secrets, so that its state needs no key: the keys are what it makes. */
export async function openStack(
  options: Laying & { backend: string; home: string; toolchain: Toolchain },
): Promise<FoundationStack> {
  const { settings, administrator, toolchain, backend, directory } = options;
  const { LocalWorkspace, PulumiCommand, ConcurrentUpdateError } = await import(
    "@pulumi/pulumi/automation/index.js"
  );
  const name = `${settings.project}-foundation`;
  const workDir = join(directory, settings.environment, "work");
  await mkdir(workDir, { recursive: true });
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: settings.environment, projectName: name, program: async () => ({}) },
    {
      workDir,
      pulumiCommand: await PulumiCommand.get({ root: toolchain.pulumiRoot }),
      pulumiHome: toolchain.pulumiHome ?? options.home,
      projectSettings: { name, runtime: "nodejs", backend: { url: backend } },
      stackSettings: { [settings.environment]: { config: { "aws:region": settings.region } } },
      envVars: {
        ...onlyChildEnvironment(administrator, process.env),
        PULUMI_BACKEND_URL: backend,
        PULUMI_CONFIG_PASSPHRASE: "",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        ...(toolchain.providerPort ? { PULUMI_DEBUG_PROVIDERS: `aws:${toolchain.providerPort}` } : {}),
      },
    },
  );

  async function up(program: Program, { refresh }: { refresh: boolean }, again = true): Promise<void> {
    const events: EngineEvent[] = [];
    try {
      await stack.up({ program, refresh, color: "never", onEvent: (event) => events.push(event) });
    } catch (error) {
      if (!(error instanceof ConcurrentUpdateError)) {
        const said = errorsOf(events) || commandError(error);
        throw bootstrapProblem("bootstrap-failed", { said }, error);
      }
      const said = commandError(error);
      if (!again || !(options.breakLock || isOfTheDead((error as Error).message)))
        throw bootstrapProblem("bootstrap-running", { said }, error);
      await stack.cancel();
      await up(program, { refresh }, false);
    }
  }

  return {
    up,
    async resources() {
      const { deployment } = await stack.exportStack();
      const resources: { type: string; urn: string }[] = deployment?.resources ?? [];
      return new Set(resources.map(({ type, urn }) => `${type} ${urn.split("::").at(-1)}`));
    },
  };
}

/** Whether a lock is of a process of this machine that is no more. What the engine says of a lock names both. */
export function isOfTheDead(said: string): boolean {
  const [, host, pid] = /@(\S+) \(pid (\d+)\)/.exec(said) ?? [];
  if (host !== hostname() || pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return isUnreaped(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** A process that was killed is still there for `kill` until somebody asks how it ended, which after its parent nobody may. */
function isUnreaped(pid: string): boolean {
  try {
    return /\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
