import type { LeaseRecord } from "../ports/ledger.ts";
import type { Entry } from "../promotion/events.ts";

export type Identity = { arn: string; account: string; expires: Date | undefined; date: Date | undefined };

export type BucketLook = {
  region: string;
  /** Not of a bucket in another region, which answers nothing more than that. */
  settings?: BucketSettings;
};

export type BucketSettings = {
  versioned: boolean;
  encrypted: boolean;
  /** The four settings that block public access, those that are off. */
  open: string[];
  /** Whether what carries the tag of a temporary upload expires. */
  uploadsExpire: boolean;
};

export type TableLook = {
  status: string;
  keys: string;
  recoverable: boolean;
  deletionProtected: boolean;
  onDemand: boolean;
};

export type KeyLook = { enabled: boolean; state: string; usage: string; spec: string };
export type AlarmLook = { name: string; state: string; enabled: boolean; actions: string[] };
export type SubscriptionLook = { endpoint: string; protocol: string; pending: boolean };
export type StackLook = { pending: { urn: string; operation: string }[] };
export type LockLook = { place: string; held: string };
export type ConcurrencyLook = { limit: number; unreserved: number };

/**
 * What the doctor reads, and nothing else: every method only looks. What is not there is undefined; what may not be seen,
 * or cannot be read, rejects with AWS's own error.
 */
export interface Place {
  whoami(): Promise<Identity>;
  /** Those of the actions that the identity's policies allow on everything. */
  allowedEverywhere(arn: string, actions: string[]): Promise<string[]>;
  bucket(name: string): Promise<BucketLook | undefined>;
  table(name: string): Promise<TableLook | undefined>;
  key(alias: string): Promise<KeyLook | undefined>;
  publicKey(alias: string): Promise<string>;
  sign(alias: string, text: string): Promise<Uint8Array>;
  secret(secretId: string): Promise<{ set: boolean } | undefined>;
  /** Whether a secret holds a key as the functions read it; the key itself is not given. */
  holdsKey(secretId: string): Promise<boolean>;
  alarms(prefix: string): Promise<AlarmLook[]>;
  subscriptions(topicArn: string): Promise<SubscriptionLook[] | undefined>;
  stack(): Promise<StackLook | undefined>;
  locks(): Promise<LockLook[]>;
  entries(): Promise<Entry[]>;
  lease(): Promise<LeaseRecord | undefined>;
  /** Looks into another environment's bucket as its release reader. */
  source(environment: string): Promise<void>;
  concurrency(): Promise<ConcurrencyLook>;
}
