import { readdirSync } from "node:fs";
import type { Checkout } from "./checkout.ts";

/** What commands left in the directory for temporary files; what Node keeps there of what it compiled is not theirs. */
export function temporaryFiles({ scratch }: Checkout): string[] {
  return readdirSync(scratch).filter((name) => name !== "node-compile-cache");
}
