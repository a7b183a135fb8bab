/** npm passes a Ctrl-C on to what it runs, which has it from the terminal too: so soon after, it is the same key. */
const SAME_KEY_MS = 50;

/** What the first interrupt aborts, with this reason; the second ends the process. `said` tells people what happens then. */
export function stopOnInterrupt(reason: unknown, said = ""): AbortController {
  const stopping = new AbortController();
  onInterrupt((name) => {
    if (stopping.signal.aborted) process.exit(name === "SIGINT" ? 130 : 143);
    process.stderr.write(said);
    stopping.abort(reason);
  });
  return stopping;
}

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
