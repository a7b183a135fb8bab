import type pulumi from "@pulumi/pulumi";
import type { Settings } from "./settings.ts";
import type { Shared } from "./shared.ts";

/** One statement of a role's policy: what may be done to what. */
export type Grant = { actions: string[]; resources: pulumi.Input<string>[] };

/** What a function's grants are made of: names, and the ARN of what has one, wherever it is. */
export type Reach = {
  environment: string;
  secrets: Settings["secrets"];
  arn(service: string, resource: string): pulumi.Input<string>;
};

/** One function of the service, as data: the next function is one more entry. */
export type FunctionSpec = {
  name: string;
  description: string;
  memoryMb: number;
  timeoutSeconds: number;
  /** How often an event that failed is tried again before it goes to the dead letters: 0, 1 or 2 times. */
  retries: number;
  /** Runs on this schedule, when it is enabled. */
  schedule?: (settings: Settings) => { expression: string; enabled: boolean };
  /** Runs for each notification of a new item. */
  notified?: boolean;
  /** Reached from outside by a function URL. */
  url?: boolean;
  environment: (shared: Shared) => Record<string, pulumi.Input<string>>;
  grants: (reach: Reach) => Grant[];
};
