import type { PromotionConfig } from "../environment.ts";

/** Time that a promotion needs beside its bake and its stages: previews, updates and the way back. */
const WORKING_TIME_MS = 10 * 60_000;

/** How long a promotion may take, all its patience included, in milliseconds. Credentials must last as long. */
export function timeNeeded({
  bake,
  strategy,
  patience,
}: Pick<PromotionConfig, "bake" | "strategy" | "patience">): number {
  const watched = strategy.reduce(
    (sum, { holdMs }) => sum + (holdMs > 0 ? holdMs + patience : 0),
    bake + patience,
  );
  return WORKING_TIME_MS + watched;
}
