import type { Ports } from "../../orchestrator/promotion/promotion.ts";
import type { FakeEngine } from "./engine.ts";
import type { MemoryLedger } from "./ledger.ts";

/** One call of a port, counted from 1 over the life of a process. */
export type Call = { n: number; port: string; method: string };

/**
 * What befalls a call. It fails, before or after its effect. The process dies, before, in the middle of (an update) or
 * after the effect. It is sent twice. It takes its time. It is given up (`late`), and what it sent arrives all the same,
 * so many milliseconds later. The whole process stands still (`freezes`), before or after it was sent, and goes on later.
 */
export type Fault =
  | "fails"
  | "fails-after"
  | "dies"
  | "dies-amid"
  | "dies-after"
  | "twice"
  | { fails: Error; after?: boolean; takes?: number }
  | { takes: number }
  | { late: number }
  | { freezes: number; after?: boolean };

/** A call whose effect was there, and with what answer. */
export type Landed = Call & { given: unknown[]; answer: unknown; late: boolean };

export type Watched = { sent?(call: Call, fault: Fault | undefined): void; landed?(landed: Landed): void };

export type Mortal = { ports: Ports; death: Promise<"died">; calls: Call[] };

/** A new one each time: whatever waits for it is forgotten together with it. */
const forever = () => new Promise<never>(() => {});

/**
 * The ports as one process sees them. When it has died no call is answered any more, not even one that was under way,
 * so whatever ran in it stands still, its heartbeat too: nothing gets the chance to clean up.
 */
export function mortal(
  ports: Ports,
  befalls: (call: Call) => Fault | undefined,
  watched: Watched = {},
): Mortal {
  const died = Promise.withResolvers<"died">();
  const calls: Call[] = [];
  let dead = false;
  let frozen: Promise<void> | undefined;

  async function freeze(ms: number): Promise<void> {
    frozen = ports.clock.sleep(ms);
    await frozen;
    frozen = undefined;
  }

  async function answer(call: Call, given: unknown[], effect: () => unknown): Promise<unknown> {
    const fault = befalls(call);
    watched.sent?.(call, fault);
    const land = async (late = false) => {
      const answered = await effect();
      watched.landed?.({ ...call, given, answer: answered, late });
      return answered;
    };
    if (fault === undefined) return land();
    if (fault === "dies") return die();
    if (fault === "fails") return failed(call);
    if (fault === "dies-amid" && call.method === "up") {
      (ports.engine as FakeEngine).dieInNextUp();
      await land().catch(() => {});
      return die();
    }
    if (typeof fault === "object") return await hindered(fault, call, land);
    if (fault === "twice") await land();
    const answered = await land();
    if (fault === "dies-after" || fault === "dies-amid") return die();
    return fault === "fails-after" ? failed(call) : answered;
  }

  async function hindered(
    fault: Fault & object,
    call: Call,
    land: (late?: boolean) => Promise<unknown>,
  ): Promise<unknown> {
    if ("late" in fault) {
      const still = unchanged(ports, call);
      ports.clock
        .sleep(fault.late)
        .then(() => (still() ? land(true) : undefined))
        .catch(() => {});
      return failed(call, new Error("socket hang up"));
    }
    if ("freezes" in fault) {
      if (!fault.after) await freeze(fault.freezes);
      const landing = land();
      if (fault.after) await Promise.allSettled([freeze(fault.freezes), landing]);
      return await landing;
    }
    if (!("fails" in fault)) {
      await ports.clock.sleep(fault.takes);
      return await land();
    }
    if (fault.after) await land();
    if (fault.takes) await ports.clock.sleep(fault.takes);
    return failed(call, fault.fails);
  }

  function die(): Promise<never> {
    dead = true;
    died.resolve("died");
    return forever();
  }

  /** Nothing goes on in a process that is dead or stands still: no call is made, and none is answered. */
  async function living(port: string, method: string, given: unknown[], effect: () => unknown) {
    if (frozen) await frozen;
    if (dead) return forever();
    const call = { n: calls.length + 1, port, method };
    calls.push(call);
    try {
      return await answer(call, given, effect);
    } finally {
      if (frozen) await frozen;
      // biome-ignore lint/correctness/noUnsafeFinally: the dead are not answered, whatever the answer was
      if (dead) return forever();
    }
  }

  function seen<T extends object>(port: string, real: T): T {
    return new Proxy(real, {
      get(target, method) {
        const member = Reflect.get(target, method) as unknown;
        if (typeof member !== "function" || SYNCHRONOUS.has(String(method))) return member;
        return (...given: unknown[]) =>
          living(port, String(method), given, () => member.apply(target, given));
      },
    });
  }

  const { credentialsEnd, ...objects } = ports;
  const entries = Object.entries(objects).map(([name, real]) => [name, seen(name, real as object)]);
  const wrapped = {
    ...Object.fromEntries(entries),
    credentialsEnd: () => living("credentialsEnd", "credentialsEnd", [], credentialsEnd),
  } as unknown as Ports;
  return { ports: wrapped, death: died.promise, calls };
}

const SYNCHRONOUS = new Set(["now", "monotonic", "asWritten"]);

/** A conditional write names what it was decided on; late, it counts only if that still is as it was. */
function unchanged({ ledger }: Ports, { port, method }: Call): () => boolean {
  if (port !== "ledger") return () => true;
  const decidedOn = (ledger as MemoryLedger).conditionOf(method);
  return () => (ledger as MemoryLedger).conditionOf(method) === decidedOn;
}

/** A probe never throws: a request that could not be made is an answer that is not ok. */
function failed({ n, port, method }: Call, error?: Error): unknown {
  const message = error?.message ?? `call ${n}, ${port}.${method}, failed`;
  if (port === "probes") return { ok: false, status: 0, ms: 1, problem: message };
  throw error ?? new Error(message);
}
