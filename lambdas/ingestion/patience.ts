import { NewsError, type Page } from "./news.ts";

/** Time and chance, so that a test needs neither. */
export type Patience = { wait: (ms: number) => Promise<void>; random: () => number };

const TRIES = 3;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;

/**
 * Asks again, at most three times in all, when the service fails, is not reached, or wants to be left alone for a while.
 * The waits double and are drawn at random ("full jitter"), so that many callers do not come back at the same moment.
 * Throws the last error; one that asking again cannot change is thrown at once.
 */
export async function patiently(ask: () => Promise<Page>, { wait, random }: Patience): Promise<Page> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const pause = pauseAfter(error, attempt, random);
      if (attempt === TRIES || pause === undefined) throw error;
      await wait(pause);
    }
  }
}

/** How long to wait after an error, in milliseconds; undefined when another try is of no use now. */
function pauseAfter(error: unknown, attempt: number, random: () => number): number | undefined {
  const drawn = random() * FIRST_WAIT_MS * 2 ** attempt;
  if (!(error instanceof NewsError)) return drawn;
  if (isRateLimit(error)) {
    const wanted = error.retryAfterMs ?? FIRST_WAIT_MS * 4 ** attempt;
    return wanted <= LONGEST_WAIT_MS ? wanted + drawn : undefined;
  }
  return error.status >= 500 ? drawn : undefined;
}

/** Whether the service says that it was asked too often. */
export function isRateLimit(error: unknown): boolean {
  return error instanceof NewsError && (error.status === 429 || error.code === "rateLimited");
}
