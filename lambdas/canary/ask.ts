import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";

export type Answer = { status: number; body: string; ms: number };

const TIMEOUT_MS = 10_000;
const LONGEST_BODY = 64 * 1024;

/**
 * Asks the dashboard for its health. Rejects when there is no whole answer within the timeout, 10 s unless told.
 * @param endpoint where requests go instead, as AWS_ENDPOINT_URL says it to the AWS SDK: whoever serves all of AWS at
 * one address knows by the Host header which function URL is meant
 */
export function askHealth(dashboardUrl: string, endpoint?: string, timeoutMs = TIMEOUT_MS) {
  const url = new URL("/health", dashboardUrl);
  const target = new URL(endpoint || url);
  const send = target.protocol === "https:" ? tlsRequest : plainRequest;
  return async (key?: string): Promise<Answer> => {
    const started = performance.now();
    const signal = AbortSignal.timeout(timeoutMs);
    const headers = { host: url.host, ...(key === undefined ? {} : { "x-api-key": key }) };
    const { hostname, port } = target;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      send({ hostname, port, path: url.pathname, headers, signal })
        .once("response", resolve)
        .once("error", reject)
        .end();
    });
    const body = await read(response);
    return { status: response.statusCode ?? 0, body, ms: performance.now() - started };
  };
}

async function read(response: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of response.setEncoding("utf8")) {
    body += chunk;
    if (body.length > LONGEST_BODY) throw new Error("the answer does not end");
  }
  return body;
}
