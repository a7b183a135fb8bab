import { run } from "./command.ts";
import type { EngineOptions } from "./engine.ts";

const DOWNLOAD_MS = 10 * 60_000;

/** Lets the CLI download the AWS plugin into a Pulumi home; false when it could not, with the reason in the progress. */
export async function installAwsPlugin(
  pulumi: string,
  version: string,
  pulumiHome: string,
  { env, progress, signal }: EngineOptions,
): Promise<boolean> {
  progress(`Downloading the AWS plugin ${version}`);
  const { code, tail } = await run(
    pulumi,
    ["plugin", "install", "resource", "aws", version, "--non-interactive"],
    {
      env: { ...env, PULUMI_HOME: pulumiHome, PULUMI_SKIP_UPDATE_CHECK: "true" },
      deadlineMs: DOWNLOAD_MS,
      signal,
    },
  );
  if (code !== 0) progress(`The AWS plugin ${version} could not be downloaded: ${tail.split("\n").at(-1)}`);
  return code === 0;
}
