/** The steps at which a fault may strike. `rollback` is the way back of a release that went bad. */
export const STEPS = [
  "lease",
  "verify",
  "preview",
  "up",
  "canary",
  "watch",
  "drill",
  "finish",
  "rollback",
] as const;
export type StepName = (typeof STEPS)[number];

export const FAULT_NAMES = [
  "throttle",
  "5xx",
  "timeout before commit",
  "timeout after commit",
  "expired credentials",
  "AccessDenied",
  "lease stolen",
  "clock + 20 min",
  "clock - 20 min",
  "corrupt ledger entry",
  "Pulumi state lost",
  "Pulumi state corrupt",
  "pending operations",
  "stale Pulumi lock",
  "ALARM",
  "INSUFFICIENT_DATA",
  "alarm deleted",
  "canary flake",
  "tampered artifact",
  "kill",
] as const;
export type FaultName = (typeof FAULT_NAMES)[number];
