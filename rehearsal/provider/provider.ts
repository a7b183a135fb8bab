import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { startBridge } from "./bridge.ts";
import { knownInputs } from "./known-inputs.ts";
import { parameterize } from "./parameterize.ts";
import { problem } from "./problems.ts";
import { connect, serve } from "./server.ts";

/** What a provider is made of: the bridge, the Terraform provider that it runs, and the version it stands in for. */
export type ProviderParts = { bridge: string; terraformProvider: string; version: string };

export type Provider = {
  /** Goes into PULUMI_DEBUG_PROVIDERS=aws:<port>. */
  port: number;
  /** The processes behind it: the bridge and the Terraform provider. */
  pids: number[];
  /** Ends them all and resolves when they are gone. */
  stop(): Promise<void>;
};

/**
 * Starts an AWS provider that the Pulumi engine can attach to. It acts with the credentials, region and endpoint of
 * `env`, whatever the engine's own environment says: one provider for each set of credentials.
 *
 * `log` gets what the processes write to stderr; what concerns a resource reaches the user through the engine.
 * Throws the problem provider-start-failed.
 */
export async function startProvider(
  parts: ProviderParts,
  options: { env: NodeJS.ProcessEnv; progress: (line: string) => void; log?: (line: string) => void },
): Promise<Provider> {
  const bridge = await startBridge(parts.bridge, { env: options.env, log: options.log ?? (() => {}) });
  const upstream = connect(bridge.port);
  try {
    await parameterize(upstream, parts.terraformProvider);
    const known = () => knownInputs(upstream, parts);
    const server = await serve(upstream, { version: parts.version, known, whyGone: bridge.whyGone });
    const pids = await processesOf(bridge.pid);
    options.progress(`AWS provider ready (Terraform's, standing in for ${parts.version})`);
    return {
      port: server.port,
      pids,
      async stop() {
        server.close();
        upstream.close();
        await bridge.stop();
      },
    };
  } catch (error) {
    upstream.close();
    await bridge.stop();
    const detail = bridge.whyGone() ?? (error instanceof Error ? error.message : String(error));
    throw problem("provider-start-failed", { bridge: parts.bridge, detail }, error);
  }
}

/** The members of the process group; the leader alone where `ps` is missing. */
async function processesOf(leader: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,pgid="]).catch(() => ({
    stdout: "",
  }));
  const pids = stdout
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, group]) => group === leader)
    .map(([pid]) => pid as number);
  return pids.length > 0 ? pids : [leader];
}
