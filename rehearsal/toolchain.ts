import type { Toolchain } from "../orchestrator/ports/toolchain.ts";
import { prepareEngine } from "./engine/engine.ts";
import { startProvider } from "./provider/provider.ts";

/**
 * Makes the engine ready to act with one set of credentials. The provider, where it is not a plugin that the engine
 * starts itself, gets exactly these variables: it can act as nobody else.
 */
export async function startToolchain(options: {
  variables: Record<string, string>;
  progress: (line: string) => void;
  /** Whether it acts on the emulator, where a provider may stand in for the published one. */
  rehearsed: boolean;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}): Promise<Toolchain> {
  const { variables, progress, signal } = options;
  const env = options.env ?? process.env;
  const engine = await prepareEngine({ env, progress, signal, publishedOnly: !options.rehearsed });
  progress(engine.describe);
  const { pulumiRoot, provider } = engine;
  if (provider.kind === "plugin") return { pulumiRoot, pulumiHome: provider.pulumiHome, async close() {} };
  const { PATH, HOME, TMPDIR } = env;
  const started = await startProvider(provider, { env: { PATH, HOME, TMPDIR, ...variables }, progress });
  return { pulumiRoot, providerPort: started.port, close: () => started.stop() };
}
