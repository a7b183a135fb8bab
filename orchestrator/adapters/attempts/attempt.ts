import type { Place } from "../../isolation/place.ts";

/**
 * Real requests that change nothing, by kind and class as `kind/class`: reads; and writes that cannot succeed, because they
 * are about something that does not exist, or ask for a condition that never holds. AWS asks for the permission first, so
 * what comes back tells whether it was there.
 */
export type Attempts = Record<string, (place: Place) => Promise<unknown>>;

/** A name that nothing has. */
export const NONE = "isolation-none";

/** What AWS's services call a missing permission. */
const REFUSALS =
  /^(AccessDenied|AccessDeniedException|AuthorizationError|AuthorizationErrorException|UnauthorizedOperation|403)$/;
/** Errors that are no answer: of credentials, of throttling, of AWS itself. */
const NO_ANSWER =
  /Token|Signature|Throttl|TooManyRequests|RequestExpired|UnrecognizedClient|InvalidAccessKeyId|Timeout/;

type ServiceError = { name?: string; $metadata?: { httpStatusCode?: number } };

/**
 * What became of the permission that an attempt needs. Whatever AWS objects to after it has let somebody in counts as let in.
 * Throws on what is no answer, and on everything that is not AWS's.
 */
export async function fateOf(attempt: Promise<unknown>): Promise<"allowed" | "refused"> {
  try {
    await attempt;
    return "allowed";
  } catch (error) {
    const { name = "", $metadata } = error as ServiceError;
    const status = $metadata?.httpStatusCode;
    if (REFUSALS.test(name)) return "refused";
    if (status === undefined || status >= 500 || NO_ANSWER.test(name)) throw error;
    return "allowed";
  }
}
