import { release } from "./release.ts";

/** What a promotion sends to a version of a function that serves no requests, before it has traffic and while it gets it. */
export type ReadinessProbe = { promotionProbe: string };

/** The answer: that the version can work, and which release it is. In the form of a health report. */
export type Readiness = { status: "healthy"; version: string; timestamp: string };

export const asksReadiness = (event: unknown): event is ReadinessProbe =>
  typeof (event as Partial<ReadinessProbe> | null | undefined)?.promotionProbe === "string";

/** Says so; whoever calls it has tried whatever the function cannot work without, and changed nothing. */
export const readiness = (now: () => number = Date.now): Readiness => ({
  status: "healthy",
  version: release,
  timestamp: new Date(now()).toISOString(),
});
