import type { APIGatewayProxyStructuredResultV2 as Answer } from "aws-lambda";

const NOTHING = "default-src 'none'; frame-ancestors 'none'";
const SECURITY_HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": NOTHING,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
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

/** A page, with what its own policy lets it do. */
export function pageAnswer(html: string, policy: string): Answer {
  return {
    statusCode: 200,
    headers: {
      ...SECURITY_HEADERS,
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy,
    },
    body: html,
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
