import { deployer } from "./deployer.ts";
import { functionRoles } from "./function-roles.ts";
import { previewReader } from "./preview-reader.ts";
import type { Known, Principal } from "./principal.ts";
import { releaseReader } from "./release-reader.ts";
import type { FoundationSettings } from "./settings.ts";

/**
 * Everybody who acts in an environment, as data: what the foundation and the stack make, what a test reads and what a
 * proof of the isolation tries is this.
 */
export function principals<R extends {} = string>(
  settings: FoundationSettings,
  known: Known<R>,
): Principal<R | string>[] {
  return [
    deployer(settings, known),
    releaseReader(settings, known),
    previewReader(settings, known),
    ...functionRoles(settings, known),
  ];
}
