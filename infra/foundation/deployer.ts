import { allowed } from "./allowed.ts";
import { denied } from "./denied.ts";
import { entrance, inEnvironment } from "./entrance.ts";
import type { Known, Principal } from "./principal.ts";
import type { FoundationSettings } from "./settings.ts";

/** Who runs promotions. */
export function deployer<R extends {}>(settings: FoundationSettings, known: Known<R>): Principal<R | string> {
  const named = entrance("deployer", settings, known, inEnvironment);
  return { ...named, allow: allowed(settings, known, named.arn), deny: denied(settings, known) };
}
