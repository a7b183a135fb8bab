import type { Ports } from "../../orchestrator/promotion/promotion.ts";

/** One call of a port, counted from 1 over the life of a process. */
export type Call = { n: number; port: string; method: string };

/** What befalls a call: it fails, before or after its effect; or the process dies, before or after the effect. */
export type Fault = "fails" | "fails-after" | "dies" | "dies-after";

export type Mortal = { ports: Ports; death: Promise<"died">; calls: Call[] };

const FOREVER = new Promise<never>(() => {});

/**
 * The ports as one process sees them. When it has died no call is answered any more, not even one that was under way,
 * so whatever ran in it stands still, its heartbeat too: nothing gets the chance to clean up.
 */
export function mortal(ports: Ports, befalls: (call: Call) => Fault | undefined): Mortal {
  const died = Promise.withResolvers<"died">();
  const calls: Call[] = [];
  let dead = false;

  async function answer(port: string, method: string, effect: () => unknown): Promise<unknown> {
    if (dead) return FOREVER;
    const call = { n: calls.length + 1, port, method };
    calls.push(call);
    const fault = befalls(call);
    if (fault === "dies") return die();
    if (fault === "fails") return failed(call);
    const answered = await effect();
    if (fault === "dies-after") return die();
    if (dead) return FOREVER;
    return fault === "fails-after" ? failed(call) : answered;
  }

  function die(): Promise<never> {
    dead = true;
    died.resolve("died");
    return FOREVER;
  }

  function seen<T extends object>(port: string, real: T): T {
    return new Proxy(real, {
      get(target, method) {
        const member = Reflect.get(target, method) as unknown;
        if (typeof member !== "function" || SYNCHRONOUS.has(String(method))) return member;
        return (...given: unknown[]) => answer(port, String(method), () => member.apply(target, given));
      },
    });
  }

  const { credentialsEnd, ...objects } = ports;
  const entries = Object.entries(objects).map(([name, real]) => [name, seen(name, real as object)]);
  const wrapped = {
    ...Object.fromEntries(entries),
    credentialsEnd: () => answer("credentialsEnd", "credentialsEnd", credentialsEnd),
  } as unknown as Ports;
  return { ports: wrapped, death: died.promise, calls };
}

const SYNCHRONOUS = new Set(["now", "monotonic"]);

/** A probe never throws: a request that could not be made is an answer that is not ok. */
function failed({ n, port, method }: Call): unknown {
  const message = `call ${n}, ${port}.${method}, failed`;
  if (port === "probes") return { ok: false, status: 0, ms: 1, problem: message };
  throw new Error(message);
}
