import { outsideProblem } from "./adapters/problems.ts";
import type { Problem } from "./problem.ts";

/** What a file system says when it takes nothing more, nothing from this user, or does not have what it was given. */
const OF_THE_DISK =
  /^(ENOSPC|EDQUOT|EROFS|EACCES|EPERM|EFBIG|ENOENT|ENOTDIR|EEXIST|EISDIR|ENAMETOOLONG|ELOOP|EMFILE|ENFILE)$/;

/** What a network says when nobody answers, or somebody who is not trusted. */
const OF_THE_NETWORK =
  /^(ECONN(REFUSED|RESET|ABORTED)|ENOTFOUND|EAI_AGAIN|E?TIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|EPROTO|ERR_TLS_.*|ERR_SSL_.*|.*CERT.*)$/;

/** How AWS's services say, each in its own words, that they do not know or do not let these credentials. */
const OF_THE_CREDENTIALS =
  /^(ExpiredToken|ExpiredTokenException|UnrecognizedClientException|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|.*AccessDenied(Exception)?|AuthorizationError|AuthorizationErrorException)$/;

/** How they say that something is not there. */
const OF_A_LACK = /^(NoSuch\w+|\w*NotFound(Exception)?|QueueDoesNotExist)$/;

/** What the SDK adds to an error of a service, whatever the service. */
type ServiceError = NodeJS.ErrnoException & {
  $metadata?: { httpStatusCode?: number };
  $retryable?: { throttling?: boolean };
};

/** What the surroundings refused is no fault of ours: a problem with its own words. Everything else stays as it is. */
export function foreseen(error: unknown): unknown {
  const { code = "", message, name = "", syscall = "", $metadata } = (error ?? {}) as ServiceError;
  const said = message || code;
  if (OF_THE_NETWORK.test(code) || name === "TimeoutError")
    return outsideProblem("aws-unreachable", { said }, error);
  if (syscall && !syscall.startsWith("spawn") && OF_THE_DISK.test(code))
    return outsideProblem("disk-refuses", { said }, error);
  if (name === "CredentialsProviderError") return outsideProblem("credentials-missing", {}, error);
  if (OF_THE_CREDENTIALS.test(name)) return outsideProblem("credentials-refused", { said }, error);
  return $metadata ? ofTheService(error as ServiceError) : error;
}

/** What a service answered that knew and let us, or something that is no service of AWS. */
function ofTheService(error: ServiceError): Problem {
  const { name, message, $metadata, $retryable } = error;
  const said = `${message} (${name})`;
  const status = $metadata?.httpStatusCode ?? 0;
  if (error instanceof SyntaxError || (status >= 300 && status < 400))
    return outsideProblem("aws-is-another", { status }, error);
  if (OF_A_LACK.test(name)) return outsideProblem("aws-lacks", { said }, error);
  if ($retryable?.throttling || /Thrott|TooManyRequests|LimitExceeded|ThroughputExceeded|SlowDown/.test(name))
    return outsideProblem("aws-throttles", { said }, error);
  return status >= 500
    ? outsideProblem("aws-fails", { said }, error)
    : outsideProblem("aws-refuses", { said }, error);
}
