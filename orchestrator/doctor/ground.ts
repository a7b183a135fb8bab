import type { Environment } from "../environment.ts";
import type { Finding, FindingTemplates } from "./finding.ts";
import type { Place } from "./place.ts";

/** Which Pulumi there is on this machine: one that fits and its AWS plugin, or one that was built for rehearsals. */
export type EngineLook = {
  kind: "installed" | "official" | "built" | "none";
  /** What is there, or what is wrong with it. */
  said: string;
};

/** What checks are made on: an environment as it is configured, the place where it is, and this machine. */
export type Ground = {
  environment: Environment;
  project: string;
  alertEmail: string;
  reservedConcurrency: Record<string, number>;
  /** The alias of the key that encrypts the stack's secrets. */
  secretsKey: string | undefined;
  /** The other environments that take this one's attestation, with the public key that each of them trusts. */
  trustedBy: { environment: string; publicKey: string }[];
  otherEnvironments: string[];
  rehearsed: boolean;
  place: Place;
  machine: {
    node: string;
    wantedNode: string;
    host: string;
    isAlive(pid: number): boolean;
    engine(): Promise<EngineLook>;
  };
  now(): Date;
};

/** One thing to look at. Whatever it throws becomes a finding too, and stops no other. */
export type Check = {
  name: string;
  /** Whether it needs nothing of AWS. */
  offline?: boolean;
  templates: FindingTemplates;
  look(ground: Ground): Promise<Finding[]>;
};

/** Makes a check of its catalogue and of how it looks. */
export function checkOf(
  find: { check: string; templates: FindingTemplates },
  look: (ground: Ground) => Promise<Finding[]>,
  { offline = false } = {},
): Check {
  return { name: find.check, offline, templates: find.templates, look };
}
