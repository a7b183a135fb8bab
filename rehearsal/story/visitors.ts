import { setTimeout as wait } from "node:timers/promises";
import type { Outside } from "./outside.ts";

const PAUSE_MS = 250;

/** People who use the service: one request each quarter of a second until they are told to leave. */
export function inviteVisitors(outside: Outside): { leave(): Promise<{ answered: number; failed: number }> } {
  let inside = true;
  const seen = { answered: 0, failed: 0 };
  const visiting = (async () => {
    while (inside) {
      const status = await outside.visit().catch(() => 0);
      if (status === 200) seen.answered++;
      else seen.failed++;
      await wait(PAUSE_MS);
    }
  })();
  return {
    async leave() {
      inside = false;
      await visiting;
      return seen;
    },
  };
}
