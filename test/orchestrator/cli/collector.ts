import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

type Value = { stringValue?: string };
type Attribute = { key: string; value: Value };
type RawSpan = {
  traceId: Uint8Array;
  spanId: Uint8Array;
  parentSpanId?: Uint8Array;
  name: string;
  attributes: Attribute[];
  events: { name: string }[];
  status?: { code?: number; message?: string };
};
type Request = {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: RawSpan[] }[] }[];
};

// The exporter's own messages, of which it only publishes the half that writes.
const messages = createRequire(import.meta.url)(
  "@opentelemetry/otlp-transformer/build/src/generated/root.js",
);
const { ExportTraceServiceRequest } = messages.opentelemetry.proto.collector.trace.v1 as {
  ExportTraceServiceRequest: { decode(bytes: Uint8Array): Request };
};

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("hex");
const plain = (attributes: Attribute[]) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));

export type Received = {
  path: string | undefined;
  headers: IncomingHttpHeaders;
  resource: Record<string, unknown>;
  spans: ReturnType<typeof spanOf>[];
};

const spanOf = (span: RawSpan) => ({
  trace: hex(span.traceId),
  id: hex(span.spanId),
  parent: hex(span.parentSpanId),
  name: span.name,
  attributes: plain(span.attributes),
  events: span.events.map(({ name }) => name),
  // 2 is an error.
  failure: span.status?.code === 2 ? span.status.message : undefined,
});

export type Collector = Awaited<ReturnType<typeof collector>>;

/** A collector of traces on this machine, which reads what it is sent and answers as it is told to. */
export async function collector(answer: (response: ServerResponse) => void = (response) => response.end()) {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    const { resourceSpans } = ExportTraceServiceRequest.decode(await buffer(request));
    for (const { resource, scopeSpans } of resourceSpans)
      received.push({
        path: request.url,
        headers: request.headers,
        resource: plain(resource.attributes),
        spans: scopeSpans.flatMap(({ spans }) => spans.map(spanOf)),
      });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    received,
    spans: () => received.flatMap(({ spans }) => spans),
    address: `http://127.0.0.1:${port}`,
    /** How many connections are open. */
    open: () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count))),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
