import type { APIGatewayProxyStructuredResultV2 as Answer } from "aws-lambda";

const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "strict-transport-security": "max-age=31536000; includeSubDomains",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** A JSON answer with the headers that every answer carries. */
export function answer(statusCode: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return {
    statusCode,
    headers: { "content-type": "application/json; charset=utf-8", ...SECURITY_HEADERS, ...headers },
    body: JSON.stringify(body),
  };
}

/** A refusal: a code for programs and a sentence for people, and nothing of what is inside. */
export function refusal(
  statusCode: number,
  code: string,
  message: string,
  headers?: Record<string, string>,
): Answer {
  return answer(statusCode, { error: { code, message } }, headers);
}
