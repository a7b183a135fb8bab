import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** An answer of AWS; undefined hangs up without one. */
export type Answer = { status?: number; headers?: Record<string, string>; body?: string } | undefined;

export type RecordingAws = {
  endpoint: string;
  /** Every request that asks for a change, as `PutItem` or `PUT /bucket/key`. */
  readonly writes: string[];
  readonly requests: string[];
  close(): void;
};

const READS = /^(Get|Query|Scan|Describe|List|BatchGet|AssumeRole)/;

/** Something that answers as AWS would, the same to every request, and writes down what it was asked to change. */
export async function recordingAws(
  answer: (operation: string) => Answer = () => ({}),
): Promise<RecordingAws> {
  const [writes, requests]: [string[], string[]] = [[], []];
  const server = createServer(async (request, response) => {
    const operation = operationOf(request, await text(request));
    requests.push(operation);
    if (!isRead(operation)) writes.push(operation);
    const answered = answer(operation);
    if (!answered) return void request.socket.destroy();
    const { status = 200, headers = {}, body = "{}" } = answered;
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0", ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    writes,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What a request asks for, in each of the ways in which AWS's services are asked. */
function operationOf({ headers, method, url }: IncomingMessage, body: string): string {
  const target = String(headers["x-amz-target"] ?? "")
    .split(".")
    .at(-1);
  return (
    target ||
    (/\/operation\/(\w+)/.exec(url ?? "") ?? /(?:^|&)Action=(\w+)/.exec(body))?.[1] ||
    `${method} ${url}`
  );
}

const isRead = (operation: string) => READS.test(operation) || /^(GET|HEAD) /.test(operation);

/** The error of a service that speaks JSON. */
export const refusal = (type: string, message: string, status = 400): Answer => ({
  status,
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }),
});
