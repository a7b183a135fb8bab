import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import type { Environment } from "../environment.ts";
import { type Engine, STACK_OUTPUTS, type StackOutputs } from "../ports/engine.ts";
import type { Toolchain } from "../ports/toolchain.ts";
import { problem } from "../problems.ts";
import { type AwsAccess, accessVariables } from "./aws-access.ts";
import { changesOf, commandError, errorsOf, pendingIn } from "./engine-events.ts";
import { importProgram } from "./release-module.ts";

export type EngineSettings = {
  root: string;
  environment: Environment;
  access: AwsAccess;
  /** Prepared while the first steps run: starting the provider takes about 2 s. */
  toolchain: Promise<Toolchain>;
  /** Stack configuration that replaces the release's own (a rehearsal's news come from this machine). */
  configuration: Record<string, unknown>;
};

/**
 * Pulumi's Automation API for one stack. Each release brings its program and its configuration; the work directory is
 * made of them, so nothing of the working tree gets into an environment.
 */
export function pulumiEngine(settings: EngineSettings): Engine {
  const { environment, toolchain } = settings;
  toolchain.catch(() => {});
  const automation = import("@pulumi/pulumi/automation/index.js");
  const scratch = mkdtemp(join(tmpdir(), "promotion-"));
  let current: { sha: string; opened: Promise<Stack> } | undefined;

  async function open(release: Parameters<Engine["preview"]>[0]): Promise<Stack> {
    const { LocalWorkspace, PulumiCommand } = await automation;
    const { pulumiRoot, pulumiHome, providerPort } = await toolchain;
    const module = await importProgram(settings.root, release.program);
    const { sha } = release.manifest;
    const workDir = join(await scratch, sha);
    await mkdir(workDir, { recursive: true });
    const own = module.stacks[environment.name] ?? { config: {} };
    const { secretsprovider } = own;
    return await LocalWorkspace.createOrSelectStack(
      {
        stackName: environment.name,
        projectName: module.project.name,
        program: module.run(release.manifest),
      },
      {
        workDir,
        pulumiCommand: await PulumiCommand.get({ root: pulumiRoot }),
        pulumiHome: pulumiHome ?? join(await scratch, "home"),
        ...(secretsprovider ? { secretsProvider: secretsprovider } : {}),
        projectSettings: {
          name: module.project.name,
          runtime: "nodejs",
          backend: { url: environment.promotion.state },
        },
        stackSettings: {
          [environment.name]: {
            ...(secretsprovider ? { secretsProvider: secretsprovider } : {}),
            ...(own.encryptedkey ? { encryptedKey: own.encryptedkey } : {}),
            config: { ...own.config, ...settings.configuration } as Record<string, string>,
          },
        },
        envVars: {
          ...accessVariables(settings.access),
          PULUMI_BACKEND_URL: environment.promotion.state,
          PULUMI_SKIP_UPDATE_CHECK: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
          ...(providerPort ? { PULUMI_DEBUG_PROVIDERS: `aws:${providerPort}` } : {}),
        },
      },
    );
  }

  function opened(release: Parameters<Engine["preview"]>[0]): Promise<Stack> {
    const { sha } = release.manifest;
    if (current?.sha !== sha) {
      const opening = open(release).catch((error) => {
        throw new Error(commandError(error), { cause: error });
      });
      current = { sha, opened: opening };
    }
    return current.opened;
  }

  /** An operation that needs the stack's lock, which somebody else may have. */
  async function locked(operate: (onEvent: (event: EngineEvent) => void) => Promise<unknown>): Promise<void> {
    const { ConcurrentUpdateError } = await automation;
    try {
      await listen(operate);
    } catch (error) {
      const { cause, message } = error as Error;
      if (!(cause instanceof ConcurrentUpdateError)) throw error;
      throw problem("stack-locked", { environment: environment.name, said: message }, error);
    }
  }

  return {
    async preview(release, signal) {
      const stack = await opened(release);
      const plan = join(await scratch, `${release.manifest.sha}.plan.json`);
      const { deployment } = await stack.exportStack();
      const events = await listen((onEvent) => stack.preview({ plan, onEvent, signal, color: "never" }));
      const { sha } = release.manifest;
      const [basedOn, pending] = [digestOf(deployment), pendingIn(deployment)];
      return { sha, changes: changesOf(events), basedOn, pending, handle: plan };
    },
    async up(release, plan, signal) {
      const stack = await opened(release);
      if (digestOf((await stack.exportStack()).deployment) !== plan.basedOn)
        throw problem("plan-stale", { environment: environment.name });
      let outputs: unknown;
      await locked(async (onEvent) => {
        const done = await stack.up({
          plan: String(plan.handle),
          onEvent,
          signal,
          color: "never",
          showSecrets: false,
        });
        outputs = done.outputs;
      });
      return parseOutputs(outputs);
    },
    async outputs() {
      if (!current) return undefined;
      const stack = await current.opened;
      return parseOutputs(await stack.outputs());
    },
    async clearLock(release) {
      const stack = await opened(release);
      await stack.cancel();
    },
    async close() {
      await toolchain.then((tools) => tools.close()).catch(() => {});
      await rm(await scratch, { recursive: true, force: true });
    },
  };
}

/**
 * Runs an operation and gives its events. The Automation API tells a failure by what the CLI printed; the engine's own
 * events say it better.
 */
async function listen(
  operate: (onEvent: (event: EngineEvent) => void) => Promise<unknown>,
): Promise<EngineEvent[]> {
  const events: EngineEvent[] = [];
  try {
    await operate((event) => events.push(event));
  } catch (error) {
    throw new Error(errorsOf(events) || commandError(error), { cause: error });
  }
  return events;
}

/** Secrets stay encrypted in what is exported, and the digest is all that is kept of it. */
const digestOf = (deployment: unknown) =>
  createHash("sha256").update(JSON.stringify(deployment)).digest("hex");

function parseOutputs(outputs: unknown): StackOutputs {
  const values = Object.entries(outputs as Record<string, { value: unknown }>);
  return STACK_OUTPUTS.parse(Object.fromEntries(values.map(([name, { value }]) => [name, value])));
}
