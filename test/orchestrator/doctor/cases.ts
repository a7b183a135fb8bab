import type { Ground } from "../../../orchestrator/doctor/ground.ts";
import type { BucketLook, Place } from "../../../orchestrator/doctor/place.ts";
import {
  ANOTHER_KEY,
  chained,
  KEY_OF_ANOTHER_KIND,
  NOW,
  OWN_KEY,
  promoted,
  started,
} from "../../fakes/doctor.ts";

/** What is broken, and what exactly is found then that was not found before: `<check> <code>`. */
export type Case = { finds: string[]; breaking: (ground: Ground) => void };

const breaks = (finds: string | string[], breaking: Case["breaking"]): Case => ({
  finds: [finds].flat(),
  breaking,
});
/** One answer of the place is another one. */
const answers = <M extends keyof Place>(
  finds: string | string[],
  method: M,
  answer: (was: Awaited<ReturnType<Place[M]>>, ...given: Parameters<Place[M]>) => unknown,
): Case =>
  breaks(finds, ({ place }) => {
    const well = place[method] as (...given: unknown[]) => Promise<unknown>;
    const changed = async (...given: unknown[]) =>
      answer((await well(...given)) as never, ...(given as Parameters<Place[M]>));
    Object.assign(place, { [method]: changed });
  });
const fails = (finds: string | string[], method: keyof Place, name: string, message = name): Case =>
  answers(finds, method, () => {
    throw Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });
  });

const minutes = (count: number) => new Date(Date.parse(NOW) + count * 60_000);
const arn = (given: string) => (was: object) => ({ ...was, arn: given });
const bucket = (which: string, change: object | undefined) => (was: BucketLook | undefined, name: string) =>
  name.includes(which) ? change && { ...was, settings: { ...was?.settings, ...change } } : was;
const secret =
  (which: string, answer: unknown) =>
  (was: unknown, secretId: string): unknown =>
    secretId.includes(which) ? answer : was;
const key =
  (which: string, change: object | undefined) =>
  (was: unknown, alias: string): unknown =>
    alias.includes(which) ? change && { ...(was as object), ...change } : was;
const first =
  (change: object | undefined) =>
  (was: unknown[] = []) =>
    change ? [{ ...(was[0] as object), ...change }, ...was.slice(1)] : was.slice(1);
const held =
  (since: Date, run = "a run of CI", host = "there") =>
  () => ({
    holder: { who: "somebody", host, run, promotionId: "two" },
    fence: 1,
    beat: 1,
    since: since.toISOString(),
    durationMs: 60_000,
  });
const lock = () => [{ place: "a-lock.json", held: "somebody on a host (process 1) since a while" }];
const requiring = (publicKey: string) => (ground: Ground) => {
  ground.environment.promotion.requires = [{ attestation: "earlier-validated", publicKey }];
};
const nothingPromoted = (place: Place) => Object.assign(place, { entries: async () => [] });

export const CASES: Record<string, Case> = {
  "the root user's credentials": answers(
    "credentials credentials-of-root",
    "whoami",
    arn("arn:aws:iam::1:root"),
  ),
  "the deployer of another environment": answers(
    "credentials credentials-of-another-environment",
    "whoami",
    arn("arn:aws:iam::1:user/service-later-deployer"),
  ),
  "another environment's release reader": answers(
    "credentials credentials-of-another-environment",
    "whoami",
    arn("arn:aws:sts::1:assumed-role/service-later-release-reader/session"),
  ),
  "an administrator": answers(
    "credentials credentials-not-the-deployers",
    "whoami",
    arn("arn:aws:sts::1:assumed-role/Administrator/service-trial-deployer"),
  ),
  "the environment's own release reader": answers(
    "credentials credentials-not-the-deployers",
    "whoami",
    arn("arn:aws:iam::1:user/service-trial-release-reader"),
  ),
  "a deployer with an administrator's policies": answers(
    "credentials credentials-too-mighty",
    "allowedEverywhere",
    (_, __, [action]) => [action],
  ),
  "a session that ends within the promotion": answers(
    "credentials credentials-end-early",
    "whoami",
    (was) => ({
      ...was,
      expires: minutes(20),
    }),
  ),
  "no credentials": fails(
    [
      "credentials could-not-look",
      ..."clock state-bucket packages-bucket ledger-table signing-key secrets-key secrets source stack ledger alarms alerts limits"
        .split(" ")
        .map((check) => `${check} not-looked-at`),
    ],
    "whoami",
    "CredentialsProviderError",
  ),
  "a clock that is behind": breaks("clock clock-off", (ground) => {
    ground.now = () => minutes(-1);
  }),
  "a clock that is far ahead": breaks("clock clock-wrong", (ground) => {
    ground.now = () => minutes(5);
  }),
  "an answer without a date": answers("clock clock-untold", "whoami", (was) => ({ ...was, date: undefined })),
  "an old Node": breaks("node node-another", ({ machine }) => {
    machine.node = "v22.18.0";
  }),
  "no engine": breaks("engine engine-missing", ({ machine }) => {
    machine.engine = async () => ({ kind: "none", said: "there is no Pulumi here" });
  }),
  "a rehearsal's engine": breaks("engine engine-stands-in", ({ machine }) => {
    machine.engine = async () => ({ kind: "built", said: "a built one" });
  }),
  "no bucket of the state": answers("state-bucket bucket-missing", "bucket", bucket("state", undefined)),
  "a state in a directory": breaks("state-bucket state-on-this-machine", ({ environment }) => {
    environment.promotion.state = "file:///home/state";
  }),
  "no bucket of the releases": answers(
    "packages-bucket bucket-missing",
    "bucket",
    bucket("packages", undefined),
  ),
  "a bucket without versions": answers(
    "state-bucket bucket-unversioned",
    "bucket",
    bucket("state", { versioned: false }),
  ),
  "a bucket in another region": answers("packages-bucket bucket-elsewhere", "bucket", (was, name) =>
    name.includes("packages") ? { region: "eu-central-1" } : was,
  ),
  "a bucket without encryption": answers(
    "packages-bucket bucket-unencrypted",
    "bucket",
    bucket("packages", { encrypted: false }),
  ),
  "a bucket that may be opened": answers(
    "state-bucket bucket-public",
    "bucket",
    bucket("state", { open: ["BlockPublicAcls"] }),
  ),
  "a bucket that keeps every upload": answers(
    "packages-bucket bucket-never-forgets",
    "bucket",
    bucket("packages", { uploadsExpire: false }),
  ),
  "no ledger": answers("ledger-table table-missing", "table", () => undefined),
  "a table in the making": answers("ledger-table table-not-ready", "table", (was) => ({
    ...was,
    status: "CREATING",
  })),
  "a table with other keys": answers("ledger-table table-keys-wrong", "table", (was) => ({
    ...was,
    keys: "id HASH S",
  })),
  "a table without recovery": answers("ledger-table table-not-recoverable", "table", (was) => ({
    ...was,
    recoverable: false,
  })),
  "a table that can be deleted": answers("ledger-table table-deletable", "table", (was) => ({
    ...was,
    deletionProtected: false,
  })),
  "a table of a fixed capacity": answers("ledger-table table-provisioned", "table", (was) => ({
    ...was,
    onDemand: false,
  })),
  "no signing key": answers("signing-key signing-key-missing", "key", key("signing", undefined)),
  "a signing key that is off": answers(
    "signing-key signing-key-off",
    "key",
    key("signing", { enabled: false, state: "Disabled" }),
  ),
  "a signing key of another kind": answers(
    "signing-key signing-key-kind",
    "key",
    key("signing", { spec: "RSA_2048" }),
  ),
  "a signature that does not hold": answers("signing-key signing-key-lies", "sign", (was) =>
    Buffer.from(was).map((byte, index) => (index === 20 ? byte ^ 1 : byte)),
  ),
  "another key that is trusted": breaks("signing-key signing-key-not-trusted", (ground) => {
    ground.trustedBy = [{ environment: "later", publicKey: ANOTHER_KEY }];
  }),
  "no key that is trusted yet": breaks("signing-key signing-key-unknown", (ground) => {
    ground.trustedBy = [{ environment: "later", publicKey: "" }];
  }),
  "a file that names no key": breaks("secrets-key secrets-key-unnamed", (ground) => {
    ground.secretsKey = undefined;
  }),
  "no key for the stack's secrets": answers(
    "secrets-key secrets-key-missing",
    "key",
    key("secrets", undefined),
  ),
  "a key that waits to be deleted": answers(
    "secrets-key secrets-key-off",
    "key",
    key("secrets", { enabled: false, state: "PendingDeletion" }),
  ),
  "a key that cannot encrypt": answers(
    "secrets-key secrets-key-kind",
    "key",
    key("secrets", { usage: "SIGN_VERIFY" }),
  ),
  "an attestation that can be checked": breaks("trust trust-fine", requiring(OWN_KEY)),
  "an attestation without a key": breaks("trust trust-missing", requiring("")),
  "an attestation with half a key": breaks("trust trust-unreadable", requiring(OWN_KEY.slice(0, 60))),
  "an attestation with a key of another kind": breaks(
    "trust trust-unreadable",
    requiring(KEY_OF_ANOTHER_KIND),
  ),
  "no secret": answers("secrets secret-missing", "secret", secret("newsapi", undefined)),
  "an empty secret": answers("secrets secret-empty", "secret", secret("newsapi", { set: false })),
  "a secret that holds something else": answers("secrets secret-malformed", "holdsKey", () => false),
  "a source that can be read": breaks("source source-fine", ({ environment }) => {
    environment.promotion.source = "earlier";
  }),
  "no keys of the source's reader": withSource(
    fails("source source-no-reader", "source", "CredentialsProviderError"),
  ),
  "keys of the source's reader that were taken away": withSource(
    fails("source source-refused", "source", "InvalidAccessKeyId"),
  ),
  "no stack yet": answers("stack stack-not-yet", "stack", () => undefined),
  "an update left undecided": answers("stack stack-pending", "stack", () => ({
    pending: [{ urn: "urn:pulumi:a", operation: "creating" }],
  })),
  "a lock that nobody holds": answers("stack stack-lock-stale", "locks", lock),
  "a promotion under way": breaks(["stack stack-locked", "ledger lease-held"], ({ place }) => {
    Object.assign(place, { locks: async () => lock(), lease: async () => held(minutes(-1))() });
  }),
  "a lease for longer than a promotion lasts": answers("ledger lease-stuck", "lease", held(minutes(-300))),
  "a lease of a process that is gone": breaks("ledger lease-of-the-dead", ({ place, machine }) => {
    machine.isAlive = () => false;
    Object.assign(place, { lease: held(minutes(-1), "process 4711", "here") });
  }),
  "a lease of a process elsewhere": breaks("ledger lease-held", ({ place, machine }) => {
    machine.isAlive = () => false;
    Object.assign(place, { lease: held(minutes(-1), "process 4711", "there") });
  }),
  "an entry that was changed": answers("ledger ledger-chain-broken", "entries", ([one, two]) => [
    { ...one, promotionId: "three" },
    two,
  ]),
  "an entry of a newer version": answers("ledger ledger-newer", "entries", () =>
    chained(started, promoted, { type: "something-new" } as never),
  ),
  "a promotion that died": answers("ledger promotion-died", "entries", () =>
    chained(started, promoted, started),
  ),
  "a hold": answers("ledger held", "entries", () =>
    chained(started, promoted, { type: "held", sha: null, because: "a fair", who: "somebody", until: null }),
  ),
  "a freeze": breaks("ledger frozen", ({ environment }) => {
    const date = (day: number) => ({
      kind: "date" as const,
      wall: { year: 2030, month: 1, day, hour: 0, minute: 0 },
    });
    const [from, to] = [date(1), date(2)];
    environment.promotion.freezes = [{ name: "new year", from, to, zone: "UTC" }];
  }),
  "nothing promoted": breaks(["alarms alarms-not-yet", "alerts alerts-not-yet"], ({ place }) =>
    nothingPromoted(place),
  ),
  "an alarm that is gone": answers("alarms alarm-missing", "alarms", first(undefined)),
  "an alarm that tells nobody": answers("alarms alarm-muted", "alarms", first({ enabled: false })),
  "an alarm that tells somebody else": answers(
    "alarms alarm-unheard",
    "alarms",
    first({ actions: ["arn:aws:sns:us-east-1:1:other"] }),
  ),
  "an alarm that fires": answers("alarms alarm-firing", "alarms", first({ state: "ALARM" })),
  "an address that nobody reads": breaks("alerts alert-email-placeholder", (ground) => {
    ground.alertEmail = "your-email+trial@example.com";
  }),
  "a topic that is gone": answers("alerts alerts-topic-missing", "subscriptions", () => undefined),
  "a mail that nobody confirmed": answers("alerts alerts-pending", "subscriptions", first({ pending: true })),
  "a topic that nobody hears": answers("alerts alerts-unheard", "subscriptions", () => []),
  "an account that is too small": breaks(
    ["limits concurrency-short", "alarms alarms-not-yet", "alerts alerts-not-yet"],
    ({ place }) => {
      nothingPromoted(place);
      Object.assign(place, { concurrency: async () => ({ limit: 150, unreserved: 150 }) });
    },
  ),
  "a place where nothing may be seen": fails(
    "limits may-not-look",
    "concurrency",
    "AccessDeniedException",
    "not authorized",
  ),
  "a check that fails by itself": answers("ledger-table could-not-look", "table", () => {
    throw new TypeError("it is not a function");
  }),
  "a service that does not answer": answers("packages-bucket no-answer-in-time", "bucket", (was, name) =>
    name.includes("packages") ? new Promise(() => {}) : was,
  ),
};

function withSource({ finds, breaking }: Case): Case {
  return breaks(finds, (ground) => {
    ground.environment.promotion.source = "earlier";
    breaking(ground);
  });
}
