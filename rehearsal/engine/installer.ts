import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { EngineOptions } from "./engine.ts";

type Reach = Pick<EngineOptions, "signal" | "installerUrl" | "probeMs">;

/**
 * Where the SDK's own `PulumiCommand.install` gets its install script. It is read from the SDK, so that it stays right
 * when that changes; undefined when the SDK does it otherwise one day, which then counts as not reachable.
 */
export function installerUrl(): string | undefined {
  const file = createRequire(import.meta.url).resolve("@pulumi/pulumi/automation/cmd.js");
  return /"(https:\/\/[^"]+\/install\.sh)"/.exec(readFileSync(file, "utf8"))?.[1];
}

/** The official install script; undefined when the site does not give it within seconds. */
export async function fetchInstaller({
  signal,
  installerUrl: url = installerUrl(),
  probeMs = 4_000,
}: Reach): Promise<string | undefined> {
  if (url === undefined || process.platform === "win32") return undefined;
  const deadline = AbortSignal.timeout(probeMs);
  try {
    const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, deadline]) : deadline });
    return response.ok ? await response.text() : undefined;
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** Whether official downloads can be had at all, found out in seconds rather than in a download tool's retries. */
export async function installerIsReachable(options: Reach): Promise<boolean> {
  return (await fetchInstaller(options)) !== undefined;
}
