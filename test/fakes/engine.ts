import type { Artifacts } from "../../orchestrator/ports/artifacts.ts";
import type { Clock } from "../../orchestrator/ports/clock.ts";
import type {
  Change,
  Engine,
  PendingOperation,
  Properties,
  ReleaseProgram,
  StackOutputs,
  SurveyedResource,
} from "../../orchestrator/ports/engine.ts";
import { problem } from "../../orchestrator/problems.ts";
import { promotionProblem } from "../../orchestrator/promotion/problems.ts";
import {
  codeSha256,
  describePart,
  functionParts,
  INFRA,
  type Part,
} from "../../orchestrator/release/manifest.ts";
import type { FakeLambda } from "./lambda.ts";

const FUNCTION = "aws:lambda/function:Function";

/** How long the fake's operations take, in virtual milliseconds. */
const PREVIEW_MS = 2_000;
const UPDATE_MS = 20_000;

export type FakeEngine = Engine & {
  /** The SHA whose infra program was applied last. */
  applied(): string | undefined;
  closed(): boolean;
  /** Takes the functions' code from another bucket from now on. */
  takeCodeFrom(bucket: Artifacts): void;
  /** Every operation so far, such as `up <sha>`. */
  readonly did: string[];
  /** Adds changes to every preview from now on. */
  alsoPlan(...changes: Change[]): void;
  failNextPreview(message: string): void;
  /** Makes the next update fail, of any release or of this one, in the middle: its first function is changed by then. */
  failNextUp(message: string, sha?: string): void;
  /** The process ends in the middle of the next update: its first function is changed, and the lock stays. */
  dieInNextUp(): void;
  /** Leaves operations undecided, as an update does whose process ends in the middle. What it was to create exists. */
  leavePending(...pending: PendingOperation[]): void;
  /** The resources that are undecided and do not exist. */
  readonly absent: Set<string>;
  /** Makes the next settling fail. */
  failNextSettling(error: Error): void;
  /** The next update does not stop when it is told to, and is killed. */
  hangInNextUp(): void;
  /** What is left of what holds data, and the plan did not want. */
  kept(): readonly string[];
  /** Loses the state: the engine knows nothing of what is there, or (`corrupt`) cannot read what it knew. */
  loseState(how: "lost" | "corrupt"): void;
  /** Brings the state back, and takes the lock and what is pending away: what a person does. */
  mend(): void;
  /** What `installed` finds: the version of each package. */
  readonly packages: Record<string, string>;
  /** Leaves the stack locked, as an update does whose process ends in the middle. */
  leaveLocked(): void;
  /** Somebody else changes the stack's state. */
  disturb(): void;
  /** Somebody changes a deployed resource by hand, or takes it away. */
  meddle(name: string, properties: Properties | "take it away"): void;
};

type Settings = {
  lambda: FakeLambda;
  clock: Clock;
  environment: string;
  alarms: string[];
  /** Where the functions' code is taken from; without it the code is as the manifest says. */
  bucket?: Artifacts;
};

/** A stack of functions in the fake Lambda. Of what it plans it tells no inputs: what rules shall judge, a test adds. It publishes versions; the alias it creates once and then leaves alone. */
export function fakeEngine({ lambda, clock, environment, alarms, bucket: first }: Settings): FakeEngine {
  let bucket = first;
  const extra: Change[] = [];
  const did: string[] = [];
  const absent = new Set<string>();
  const failures = {
    preview: [] as string[],
    settle: [] as Error[],
    up: [] as { message: string; sha?: string }[],
  };
  const state = {
    serial: 0,
    locked: false,
    code: new Map<string, string>(),
    program: "",
    sha: undefined as string | undefined,
    pending: [] as PendingOperation[],
    damage: undefined as "lost" | "corrupt" | undefined,
  };
  /** What the engine can see of the state. */
  const known = () =>
    state.damage === "lost" ? { ...state, code: new Map<string, string>(), program: "" } : state;
  const serial = () => `${state.serial} ${state.damage}`;
  const byHand = new Map<string, Properties | "take it away">();
  let closed = false;
  let doomed = false;
  let hangs = false;
  let kept: readonly string[] = [];

  const nameOf = (name: string) => `${environment}-${name}`;

  function changesFor({ manifest, program }: ReleaseProgram): Change[] {
    const functions = Object.entries(functionParts(manifest)).map(([name, part]): Change => {
      const before = known().code.get(name);
      const same = before === codeSha256(part);
      const operation = same ? "same" : before === undefined ? "create" : "update";
      return resource(FUNCTION, nameOf(name), operation, same ? [] : ["code"]);
    });
    const same = known().program === Buffer.from(program).toString("hex");
    const operation = same ? "same" : known().program ? "update" : "create";
    return [
      ...functions,
      resource("aws:iam/role:Role", nameOf(INFRA), operation, same ? [] : ["policy"]),
      ...extra,
    ];
  }

  function outputs(): StackOutputs {
    const functions = [...state.code.keys()].map((name) => {
      const functionName = nameOf(name);
      return [name, { functionName, version: lambda.latest(functionName), alias: "live" }];
    });
    return {
      functions: Object.fromEntries(functions),
      dashboardUrl: `https://${nameOf("dashboard")}.example/`,
      alarms,
      alertsTopicArn: `arn:aws:sns:us-east-1:000000000000:${nameOf("alerts")}`,
      itemsTable: nameOf("items"),
    };
  }

  async function change(name: string, part: Part, sha: string): Promise<void> {
    const functionName = nameOf(name);
    const isNew = !lambda.exists(functionName);
    const bytes = await bucket?.get(part.key);
    if (bucket && !bytes) throw new Error(`NoSuchKey: ${part.key}`);
    const code = bytes ? codeSha256(describePart(part.key, bytes)) : codeSha256(part);
    const version = lambda.publish(functionName, { codeSha256: code, sha });
    if (isNew) lambda.point(functionName, { version });
    state.code.set(name, codeSha256(part));
    state.serial++;
  }

  function requireReadable(): void {
    if (state.damage === "corrupt")
      throw new Error("could not deserialize the stack's deployment: unexpected end of JSON input");
  }

  const packages: Record<string, string> = {};
  function surveyed(
    type: string,
    name: string,
    declared: Properties,
    recorded: Properties,
    leftAlone: string[] = [],
  ) {
    const by = byHand.get(name) ?? {};
    const changed = by === "take it away" ? {} : by;
    const resource: SurveyedResource = {
      key: `${type}::${name}`,
      type,
      name,
      id: name,
      declared,
      recorded: { inputs: recorded, outputs: { ...recorded, arn: `arn:aws:fake:::${name}` } },
      found: by === "take it away" ? undefined : { ...recorded, arn: `arn:aws:fake:::${name}`, ...changed },
      leftAlone,
      changed: Object.keys(declared).filter((each) => each in changed),
    };
    return resource;
  }

  return {
    did,
    packages,
    absent,
    kept: () => kept,
    failNextSettling: (error) => void failures.settle.push(error),
    hangInNextUp() {
      hangs = true;
    },
    async installed(names) {
      return Object.fromEntries(names.flatMap((name) => (packages[name] ? [[name, packages[name]]] : [])));
    },
    applied: () => state.sha,
    closed: () => closed,
    takeCodeFrom(other) {
      bucket = other;
    },
    alsoPlan: (...changes) => void extra.push(...changes),
    failNextPreview: (message) => void failures.preview.push(message),
    failNextUp: (message, sha) => void failures.up.push({ message, sha }),
    leavePending(...pending) {
      state.pending.push(...pending);
      state.serial++;
    },
    loseState(how) {
      state.damage = how;
    },
    mend() {
      state.damage = undefined;
      state.locked = false;
      state.pending = [];
    },
    leaveLocked() {
      state.locked = true;
    },
    dieInNextUp() {
      doomed = true;
    },
    disturb: () => void state.serial++,
    meddle: (name, properties) => void byHand.set(name, properties),
    async preview(release, signal, leaving = []) {
      await clock.sleep(PREVIEW_MS, signal);
      did.push(`preview ${release.manifest.sha}`);
      requireReadable();
      const failure = failures.preview.shift();
      if (failure) throw new Error(failure);
      const { sha } = release.manifest;
      return {
        sha,
        changes: changesFor(release).filter(({ urn }) => !leaving.includes(urn)),
        leaves: leaving,
        basedOn: serial(),
        pending: [...state.pending],
        handle: { plannedFor: sha },
      };
    },
    async up({ manifest, program }, plan, signal) {
      if ((plan.handle as { plannedFor?: string }).plannedFor !== manifest.sha)
        throw new Error("the plan is another release's");
      requireReadable();
      if (plan.basedOn !== serial()) throw problem("plan-stale", { environment });
      if (state.locked) throw problem("stack-locked", { environment, said: "locked by another process" });
      did.push(`up ${manifest.sha}`);
      state.locked = true;
      const dies = doomed;
      const hanging = hangs;
      let cutOff = false;
      doomed = false;
      hangs = false;
      kept = plan.leaves ?? [];
      const due = failures.up.findIndex(({ sha }) => sha === undefined || sha === manifest.sha);
      const [failure] = due < 0 ? [] : failures.up.splice(due, 1);
      try {
        const [exists] = state.pending.filter(({ operation }) => operation === "creating");
        if (exists) throw new Error(`${exists.urn}: it already exists`);
        state.pending = [];
        for (const [name, part] of Object.entries(functionParts(manifest))) {
          if (state.damage) throw new Error(`Function already exist: ${nameOf(name)}`);
          if (state.code.get(name) !== codeSha256(part)) await change(name, part, manifest.sha);
          if (failure) throw new Error(failure.message);
          if (dies) {
            const urn = resource(FUNCTION, nameOf(name), "update", []).urn;
            const made = resource("aws:cloudwatch/logGroup:LogGroup", nameOf("half-made"), "create", []).urn;
            state.pending = [
              { urn, operation: "updating" },
              { urn: made, operation: "creating" },
            ];
            throw new Error("killed");
          }
          await clock.sleep(UPDATE_MS / 2, signal).catch((error) => {
            if (!hanging) throw error;
            cutOff = true;
            const { urn } = resource("aws:dynamodb/table:Table", nameOf("half-made"), "create", []);
            state.pending = [{ urn, operation: "creating" }];
            state.serial++;
            throw promotionProblem("engine-cut-off", { graceSeconds: "2" });
          });
        }
      } finally {
        state.locked = dies || cutOff;
      }
      state.program = Buffer.from(program).toString("hex");
      state.sha = manifest.sha;
      state.serial++;
      return outputs();
    },
    async outputs() {
      return state.sha === undefined ? undefined : outputs();
    },
    async survey({ manifest, program }, signal) {
      await clock.sleep(PREVIEW_MS, signal);
      did.push(`survey ${manifest.sha}`);
      if (state.code.size === 0) throw new Error("no stack named 'fake' found");
      const functions = Object.entries(functionParts(manifest)).flatMap(([name, part]) => {
        const functionName = nameOf(name);
        const inputs = { name: functionName, sourceCodeHash: codeSha256(part) };
        const before = { name: functionName, sourceCodeHash: state.code.get(name) };
        const alias = { functionName, name: "live" };
        return [
          surveyed("aws:lambda/function:Function", functionName, inputs, before),
          surveyed("aws:lambda/alias:Alias", `${functionName}-live`, alias, alias, ["functionVersion"]),
        ];
      });
      const hex = Buffer.from(program).toString("hex");
      const role = surveyed("aws:iam/role:Role", nameOf(INFRA), { policy: hex }, { policy: state.program });
      return [...functions, role];
    },
    async settle({ manifest }) {
      await clock.sleep(PREVIEW_MS);
      did.push(`settle ${manifest.sha}`);
      if (state.locked) throw problem("stack-locked", { environment, said: "locked by another process" });
      const failure = failures.settle.shift();
      if (failure) throw failure;
      const begun = state.pending.filter(({ operation }) => operation === "creating");
      if (begun.length === 0) return [];
      state.pending = state.pending.filter((each) => !begun.includes(each));
      state.serial++;
      return begun.map(({ urn }) => ({ urn, became: absent.has(urn) ? "absent" : "adopted" }));
    },
    async clearLock({ manifest }) {
      did.push(`clear-lock ${manifest.sha}`);
      state.locked = false;
    },
    async close() {
      closed = true;
    },
  };
}

function resource(type: string, name: string, operation: Change["operation"], properties: string[]): Change {
  return { urn: `urn:pulumi:stack::project::${type}::${name}`, type, operation, properties };
}
