import { generateKeyPairSync, sign } from "node:crypto";
import type { Ground } from "../../orchestrator/doctor/ground.ts";
import type { Place } from "../../orchestrator/doctor/place.ts";
import type { Environment } from "../../orchestrator/environment.ts";
import {
  type Entry,
  GENESIS,
  hashOf,
  type LedgerEvent,
  type RunningRelease,
} from "../../orchestrator/promotion/events.ts";

export const NOW = "2030-01-01T00:00:00.000Z";
export const SHA = "ab".repeat(20);

const pair = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { privateKey, pem: publicKey.export({ type: "spki", format: "pem" }).toString() };
};
const OWN = pair();
export const ANOTHER_KEY = pair().pem;
export const KEY_OF_ANOTHER_KIND = generateKeyPairSync("rsa", { modulusLength: 1024 })
  .publicKey.export({ type: "spki", format: "pem" })
  .toString();

export const RUNNING: RunningRelease = {
  sha: SHA,
  functions: {},
  url: "https://trial.example/",
  alarms: ["trial-errors", "trial-throttles"],
  alertsTopicArn: "arn:aws:sns:us-east-1:1:trial-alerts",
};

export const started: LedgerEvent = {
  type: "promotion-started",
  kind: "promote",
  sha: SHA,
  previousSha: null,
  who: "somebody",
  why: null,
};
export const promoted: LedgerEvent = {
  type: "promotion-ended",
  outcome: "promoted",
  sha: SHA,
  reason: null,
  running: RUNNING,
  rollbackMs: null,
};

/** A chain of events, all of one promotion. */
export function chained(...events: LedgerEvent[]): Entry[] {
  const entries: Entry[] = [];
  for (const event of events) {
    const previous = entries.at(-1)?.hash ?? GENESIS;
    const unsealed = { sequence: entries.length + 1, promotionId: "one", at: NOW, event, previous };
    entries.push({ ...unsealed, hash: hashOf(unsealed) });
  }
  return entries;
}

/** What AWS would say where all is as it should be; a test changes what it breaks. */
function wellPlace(): Place {
  const settings = { versioned: true, encrypted: true, open: [], uploadsExpire: true };
  const alarm = (name: string) => ({ name, state: "OK", enabled: true, actions: [RUNNING.alertsTopicArn] });
  return {
    whoami: async () => ({
      arn: "arn:aws:iam::1:user/service-trial-deployer",
      account: "1",
      expires: undefined,
      date: new Date(NOW),
    }),
    allowedEverywhere: async () => [],
    bucket: async () => ({ region: "us-east-1", settings: { ...settings } }),
    table: async () => ({
      status: "ACTIVE",
      keys: "pk HASH S, sk RANGE S",
      recoverable: true,
      deletionProtected: true,
      onDemand: true,
    }),
    key: async (alias) =>
      alias.includes("signing")
        ? { enabled: true, state: "Enabled", usage: "SIGN_VERIFY", spec: "ECC_NIST_P256" }
        : { enabled: true, state: "Enabled", usage: "ENCRYPT_DECRYPT", spec: "SYMMETRIC_DEFAULT" },
    publicKey: async () => OWN.pem,
    sign: async (_, text) => sign("sha256", Buffer.from(text), OWN.privateKey),
    secret: async () => ({ set: true }),
    holdsKey: async () => true,
    alarms: async () => RUNNING.alarms.map(alarm),
    subscriptions: async () => [{ endpoint: "people@trial.test", protocol: "email", pending: false }],
    stack: async () => ({ pending: [] }),
    locks: async () => [],
    entries: async () => chained(started, promoted),
    lease: async () => undefined,
    source: async () => {},
    concurrency: async () => ({ limit: 1000, unreserved: 900 }),
  };
}

/** An environment where the doctor finds nothing. */
export function wellGround(environment: Environment): Ground {
  return {
    environment: structuredClone(environment),
    project: "service",
    alertEmail: "people@trial.test",
    reservedConcurrency: { one: 100, other: -1 },
    secretsKey: "alias/trial-secrets",
    trustedBy: [{ environment: "later", publicKey: OWN.pem }],
    otherEnvironments: ["later"],
    rehearsed: false,
    place: wellPlace(),
    machine: {
      node: "v24.9.0",
      wantedNode: "24.21.0",
      host: "here",
      isAlive: () => true,
      engine: async () => ({ kind: "installed", said: "the installed Pulumi CLI 3.300.0" }),
    },
    now: () => new Date(NOW),
  };
}

/** The ground's own public key, in another wrapping than the one that is trusted. */
export const OWN_KEY = OWN.pem;
