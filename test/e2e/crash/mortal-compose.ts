import { appendFileSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { composePromotion as compose } from "../../../orchestrator/cli/compose.ts";
import type { Ports } from "../../../orchestrator/promotion/promotion.ts";
import { effectOf, type Middle, type Point } from "./points.ts";

export * from "../../../orchestrator/cli/compose.ts";

/** A call that was made, or that was answered: what the process knew when it died. */
export type Witness = { call: string; nth: number; stage: "begins" | "ends"; hash?: string };

const point = process.env.MORTAL ? (JSON.parse(process.env.MORTAL) as Point) : undefined;
const testimony = process.env.MORTAL_TESTIMONY;
/** A file that nobody asks for the lease before it is there: all who wait for it ask at once. */
const gate = process.env.MORTAL_GATE;
const counts = new Map<string, number>();

/** As the command line composes it, but for its life. */
export const composePromotion: typeof compose = (...given) => {
  const p = compose(...given);
  return { ...p, ports: mortal(p.ports) };
};

function mortal({ credentialsEnd, clock, ...ports }: Ports): Ports {
  const seen = Object.entries(ports).map(([name, port]) => [name, watched(name, port)]);
  return { credentialsEnd, clock, ...Object.fromEntries(seen) } as Ports;
}

function watched<T extends object>(port: string, real: T): T {
  return new Proxy(real, {
    get(target, method) {
      const member = Reflect.get(target, method) as unknown;
      if (typeof member !== "function") return member;
      return (...given: unknown[]) => {
        const call = effectOf(port, String(method), given);
        const act = () => member.apply(target, given) as Promise<unknown>;
        return call ? answer(call, act) : act();
      };
    },
  });
}

async function answer(call: string, act: () => Promise<unknown>): Promise<unknown> {
  const nth = (counts.get(call) ?? 0) + 1;
  counts.set(call, nth);
  const due = point?.call === call && point.nth === nth ? point.when : undefined;
  if (due === "before") die();
  witness({ call, nth, stage: "begins" });
  if (gate && call === "ledger.acquire") while (!existsSync(gate)) await delay(5);
  if (typeof due === "object") {
    const end = due.machine ? loseTheMachine : die;
    if (due.ms !== undefined) setTimeout(end, due.ms);
    else await listenToUpdate(due, end);
  }
  const answered = await act();
  if (due === "after") die();
  witness({ call, nth, stage: "ends", hash: (answered as { hash?: string } | undefined)?.hash });
  return answered;
}

function witness(seen: Witness): void {
  if (testimony) appendFileSync(testimony, `${JSON.stringify(seen)}\n`);
}

/** Nothing runs after this: no handler, no `finally`, no answer that was under way. */
function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** The engine's processes get no chance either to save what they did. */
function loseTheMachine(): never {
  for (const pid of descendants(process.pid)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }
  die();
}

function descendants(of: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
  const below = (pid: number): number[] =>
    parents.filter(([, parent]) => parent === pid).flatMap(([child]) => [child, ...below(child)]);
  return below(of);
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return 0;
  }
}

/** The engine tells of each resource as it goes; the promotion's port does not, so it is listened to below the port. */
async function listenToUpdate({ resources, resource }: Middle, end: () => never): Promise<void> {
  const { Stack } = await import("@pulumi/pulumi/automation/index.js");
  const up = Stack.prototype.up;
  let changed = 0;
  Stack.prototype.up = function (options) {
    return up.call(this, {
      ...options,
      onEvent(event) {
        const begun = event.resourcePreEvent && event.resourcePreEvent.metadata.op !== "same";
        const ended = event.resOutputsEvent && event.resOutputsEvent.metadata.op !== "same";
        if (begun && resources === 0) end();
        if (ended && ++changed === resources) end();
        if (ended && resource && event.resOutputsEvent?.metadata.urn.includes(`::${resource}`)) end();
        options?.onEvent?.(event);
      },
    });
  };
}
