import { release } from "./release.ts";

/** Writes one structured line to the function's log. Never give it a key, a header or a whole event. */
export function log(
  level: "info" | "warn" | "error",
  message: string,
  facts: Record<string, unknown> = {},
): void {
  console[level](JSON.stringify({ level, message, release, ...facts }));
}
