import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isSecret } from "./secret-marks.ts";

/** Where a bridged provider keeps what it was told in its own form, partly as a secret; without it, it makes it anew. */
const RAW_STATE = "__pulumi_raw_state_delta";

/** What the copy has in the place of a secret. */
const HIDDEN = "[secret]";

/**
 * Puts a copy of a stack's state into a directory, for somebody who may not use the key that its secrets are encrypted with: a
 * preview of a pull request runs what anybody wrote. The secrets are left behind, so that each shows as changed.
 * @param text the state file, as Pulumi keeps it
 * @returns the directory as a state of Pulumi's: `file://<directory>`
 */
export async function copyState(
  directory: string,
  { project, stack }: { project: string; stack: string },
  text: string,
): Promise<string> {
  const state = JSON.parse(text, (key, value) =>
    key === RAW_STATE ? undefined : isSecret(value) ? HIDDEN : value,
  );
  delete state.checkpoint.latest?.secrets_providers;
  const file = join(directory, ".pulumi", "stacks", project, `${stack}.json`);
  await mkdir(dirname(file), { recursive: true });
  // Without it Pulumi takes the directory for one of the time before stacks were kept by project.
  await writeFile(join(directory, ".pulumi", "meta.yaml"), "version: 1\n");
  await writeFile(file, JSON.stringify(state), { mode: 0o600 });
  return `file://${directory}`;
}
