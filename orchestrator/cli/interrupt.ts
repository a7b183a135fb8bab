/** npm passes a Ctrl-C on to what it runs, which has it from the terminal too: so soon after, it is the same key. */
const SAME_KEY_MS = 50;

/** Calls `act` at each interrupt by a person or by whoever ends this process politely. */
export function onInterrupt(act: (name: "SIGINT" | "SIGTERM") => void): void {
  let last = Number.NEGATIVE_INFINITY;
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.on(name, () => {
      const now = performance.now();
      if (now - last < SAME_KEY_MS) return;
      last = now;
      act(name);
    });
}
