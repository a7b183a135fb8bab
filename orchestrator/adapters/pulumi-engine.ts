import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";
import type { Environment } from "../environment.ts";
import { type Engine, type ReleaseProgram, STACK_OUTPUTS, type StackOutputs } from "../ports/engine.ts";
import type { Toolchain } from "../ports/toolchain.ts";
import { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import type { Secrets } from "../secrets.ts";
import type { AwsAccess } from "./aws-access.ts";
import { onlyChildEnvironment } from "./child-environment.ts";
import { changesOf, commandError, errorsOf, pendingIn } from "./engine-events.ts";
import { adopting, asBegun, type Deployment } from "./pending-creates.ts";
import { type Cli, endsInTime } from "./pulumi-command.ts";
import { importProgram, installedVersions } from "./release-module.ts";
import { stateFile } from "./stack-state.ts";
import { surveyOf } from "./stack-survey.ts";
import { copyState } from "./state-copy.ts";

export type EngineSettings = {
  root: string;
  environment: Environment;
  access: AwsAccess;
  /** Asked for once, when the engine is first needed or warmed: starting the provider takes about 2 s. */
  toolchain: () => Promise<Toolchain>;
  /** Stack configuration that replaces the release's own (a rehearsal's news come from this machine). */
  configuration: Record<string, unknown>;
  /** Whether the stack is only looked at. One that does not exist is then looked at as an empty one. */
  readOnly?: boolean;
  /** Learns what the stack's configuration keeps encrypted: the engine's errors may show it. */
  secrets: Secrets;
};

/** A promotion makes the stack where there is none; a survey must not. */
type Opening = "createOrSelectStack" | "selectStack";
/** A stack, and its state as the CLI gives and takes it: the Automation API would have the secrets in the open. */
type Opened = { stack: Stack; exportState(): Promise<State>; importState(state: State): Promise<void> };
type State = { version: number; deployment: Deployment };
/** What a plan is applied with: only `preview` and `up` know. */
type Handle = { file: string; exclude: string[] };

/** How long the engine has to end by itself when it is told to stop. */
const GRACE_MS = 2_000;

/** An engine that can get ready while something else is done. Until then, or until it is needed, it costs nothing. */
export type WarmEngine = Engine & { warm(): void };

/**
 * Pulumi's Automation API for one stack. Each release brings its program and its configuration; the work directory is
 * made of them, so nothing of the working tree gets into an environment.
 */
export function pulumiEngine(settings: EngineSettings): WarmEngine {
  const { environment } = settings;
  let parts: ReturnType<typeof prepare> | undefined;
  let current: { sha: string; opened: Promise<Opened> } | undefined;

  function warmed(): ReturnType<typeof prepare> {
    parts ??= prepare(settings);
    return parts;
  }

  async function open(release: ReleaseProgram, how: Opening): Promise<Opened> {
    const { automation, toolchain, scratch } = warmed();
    const { LocalWorkspace, PulumiCommand } = await automation;
    const { pulumiRoot, pulumiHome, providerPort } = await toolchain;
    const module = await importProgram(settings.root, release.program);
    const { sha } = release.manifest;
    const workDir = join(await scratch, sha);
    await mkdir(workDir, { recursive: true });
    const own = module.stacks[environment.name] ?? { config: {} };
    // Whoever only looks needs the stack's key only for a configuration that it encrypts.
    const copied = settings.readOnly === true && !keepsSecrets(own.config);
    const { secretsprovider, encryptedkey } = copied ? {} : own;
    const backend = await backendOf(module.project.name, copied);
    const command = endsInTime(await PulumiCommand.get({ root: pulumiRoot }), GRACE_MS);
    const home = pulumiHome ?? join(await scratch, "home");
    const envVars = {
      ...onlyChildEnvironment(settings.access, process.env),
      PULUMI_BACKEND_URL: backend,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      ...(copied ? { PULUMI_CONFIG_PASSPHRASE: "" } : {}),
      ...(providerPort ? { PULUMI_DEBUG_PROVIDERS: `aws:${providerPort}` } : {}),
    };
    const stack = await LocalWorkspace[how](
      {
        stackName: environment.name,
        projectName: module.project.name,
        program: module.run(release.manifest),
      },
      {
        workDir,
        pulumiCommand: command,
        pulumiHome: home,
        ...(secretsprovider ? { secretsProvider: secretsprovider } : {}),
        projectSettings: {
          name: module.project.name,
          runtime: "nodejs",
          backend: { url: backend },
        },
        stackSettings: {
          [environment.name]: {
            ...(secretsprovider ? { secretsProvider: secretsprovider } : {}),
            ...(encryptedkey ? { encryptedKey: encryptedkey } : {}),
            config: { ...own.config, ...settings.configuration } as Record<string, string>,
          },
        },
        envVars,
      },
    );
    if (keepsSecrets(own.config)) await learnConfiguration(stack, settings.secrets);
    return { stack, ...stateOf(command, workDir, { PULUMI_HOME: home, ...envVars }) };
  }

  function stateOf(command: Cli, workDir: string, env: Record<string, string>) {
    const run = (...args: string[]) => command.run([...args, "--stack", environment.name], workDir, env);
    const file = join(workDir, "state.json");
    return {
      exportState: async (): Promise<State> => JSON.parse((await run("stack", "export")).stdout),
      async importState(state: State) {
        await writeFile(file, JSON.stringify(state), { mode: 0o600 });
        await run("stack", "import", "--file", file);
      },
    };
  }

  /** Where the stack is kept; for one that is only looked at a place of our own, with a copy, or empty where it is not there. */
  async function backendOf(project: string, copied: boolean): Promise<string> {
    const { state } = environment.promotion;
    if (!settings.readOnly) return state;
    const named = { project, stack: environment.name };
    const text = await stateFile(state, named, settings.access);
    if (text !== undefined && !copied) return state;
    const place = join(await warmed().scratch, "state");
    if (text !== undefined) return await copyState(place, named, text);
    await mkdir(place, { recursive: true });
    return `file://${place}`;
  }

  function opened(release: ReleaseProgram, how: Opening = "createOrSelectStack"): Promise<Opened> {
    const { sha } = release.manifest;
    if (current?.sha !== sha) {
      const opening = open(release, how).catch((error) => {
        throw new Error(commandError(error), { cause: error });
      });
      current = { sha, opened: opening };
    }
    return current.opened;
  }

  /** An operation that needs the stack's lock, which somebody else may have. */
  async function locked(operate: (onEvent: (event: EngineEvent) => void) => Promise<unknown>): Promise<void> {
    const { ConcurrentUpdateError } = await warmed().automation;
    try {
      await listen(operate);
    } catch (error) {
      const { cause, message } = error as Error;
      if (!(cause instanceof ConcurrentUpdateError)) throw error;
      throw problem("stack-locked", { environment: environment.name, said: message }, error);
    }
  }

  return {
    warm: () => void warmed(),
    async preview(release, signal, leaving = []) {
      const { stack, exportState } = await opened(release);
      const { sha } = release.manifest;
      const file = join(await warmed().scratch, `${sha}.plan.json`);
      const { deployment } = await exportState();
      // The Automation API does not hear a signal that was aborted before it was given.
      signal.throwIfAborted();
      const handle: Handle = { file, exclude: [...leaving] };
      const options = { plan: file, exclude: handle.exclude, signal, color: "never" } as const;
      const events = await listen((onEvent) => stack.preview({ ...options, onEvent }));
      const [basedOn, pending] = [digestOf(deployment), pendingIn(deployment)];
      return { sha, changes: changesOf(events), basedOn, pending, leaves: leaving, handle };
    },
    async up(release, plan, signal) {
      const { stack, exportState } = await opened(release);
      if (digestOf((await exportState()).deployment) !== plan.basedOn)
        throw problem("plan-stale", { environment: environment.name });
      signal.throwIfAborted();
      const { file, exclude } = plan.handle as Handle;
      const options = { plan: file, exclude, signal, color: "never", showSecrets: false } as const;
      let outputs: unknown;
      await locked(async (onEvent) => {
        outputs = (await stack.up({ ...options, onEvent })).outputs;
      });
      return parseOutputs(outputs);
    },
    async settle(release) {
      const { stack, exportState, importState } = await opened(release);
      const { version, deployment } = await exportState();
      const adopted = adopting(deployment);
      const { urns } = adopted;
      if (urns.length === 0) return [];
      await locked(async (onEvent) => {
        await importState({ version, deployment: adopted.deployment });
        await stack.refresh({ target: urns, onEvent, color: "never", showSecrets: false });
        const { deployment: read } = await exportState();
        await importState({ version, deployment: asBegun(read, adopted) });
      });
      const { resources = [] } = (await exportState()).deployment;
      const there = new Set(resources.map(({ urn }) => urn));
      return urns.map((urn) => ({ urn, became: there.has(urn) ? "adopted" : "absent" }));
    },
    async outputs() {
      if (!current) return undefined;
      const { stack } = await current.opened;
      return parseOutputs(await stack.outputs());
    },
    async survey(release, signal) {
      const { stack, exportState } = await opened(release, "selectStack");
      // Not `refresh --preview-only`, which takes the stack's lock: an update beside it would fail.
      const events = await listen((onEvent) =>
        stack.preview({ refresh: true, onEvent, signal, color: "never" }),
      );
      return surveyOf(events, (await exportState()).deployment);
    },
    async clearLock(release) {
      const { stack } = await opened(release);
      await stack.cancel();
    },
    installed: (packages) => installedVersions(settings.root, packages),
    async close() {
      if (!parts) return;
      await parts.toolchain.then((tools) => tools.close()).catch(() => {});
      await rm(await parts.scratch, { recursive: true, force: true });
    },
  };
}

function prepare({ toolchain }: EngineSettings) {
  const tools = toolchain();
  tools.catch(() => {}); // whoever needs them will hear of it
  return {
    automation: import("@pulumi/pulumi/automation/index.js"),
    toolchain: tools,
    scratch: mkdtemp(join(tmpdir(), "promotion-")),
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
    if (error instanceof Problem) throw error;
    throw new Error(errorsOf(events) || commandError(error), { cause: error });
  }
  return events;
}

/** Whether a configuration has values that only the stack's key can read. */
const keepsSecrets = (config: unknown) => JSON.stringify(config).includes('"secure":');

async function learnConfiguration(stack: Stack, secrets: Secrets): Promise<void> {
  for (const { value, secret } of Object.values(await stack.getAllConfig())) if (secret) secrets.know(value);
}

/** Secrets stay encrypted in what is exported, and the digest is all that is kept of it. */
const digestOf = (deployment: unknown) =>
  createHash("sha256").update(JSON.stringify(deployment)).digest("hex");

function parseOutputs(outputs: unknown): StackOutputs {
  const values = Object.entries(outputs as Record<string, { value: unknown }>);
  return STACK_OUTPUTS.parse(Object.fromEntries(values.map(([name, { value }]) => [name, value])));
}
