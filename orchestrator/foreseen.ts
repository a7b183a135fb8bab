import { problem } from "./problems.ts";

/** What a file system says when it takes nothing more, or nothing from this user. */
const OF_THE_DISK = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "EFBIG"]);

/** How AWS's services say, each in its own words, that they do not know or do not let these credentials. */
const OF_THE_CREDENTIALS =
  /^(ExpiredToken|ExpiredTokenException|UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|AccessDenied|AccessDeniedException|AuthorizationError|AuthorizationErrorException)$/;

/** How they say that they have too much to do, or trouble of their own, or do not answer in time. */
const OF_THE_MOMENT =
  /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|RequestLimitExceeded|ProvisionedThroughputExceededException|SlowDown|InternalServerError|InternalServiceError|InternalError|InternalFailure|InternalFailureException|ServiceException|ServiceUnavailable|ServiceUnavailableException|TimeoutError|RequestTimeout|RequestTimeoutException)$/;

/** What the surroundings refused is no fault of ours: a problem with its own words. Everything else stays as it is. */
export function foreseen(error: unknown): unknown {
  const { code, message, name = "", syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall && OF_THE_DISK.has(code ?? "")) return problem("disk-refuses", { said: message }, error);
  if (name === "CredentialsProviderError") return problem("credentials-missing", {}, error);
  if (OF_THE_CREDENTIALS.test(name)) return problem("credentials-refused", { said: message }, error);
  if (OF_THE_MOMENT.test(name)) return problem("aws-unavailable", { said: message }, error);
  return error;
}
