import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Lie = (response: ServerResponse, key: string | undefined) => void;

const VERSION = "1".repeat(40);
export const KEY = "the-key";
export const EXPECTED = VERSION;

/** A dashboard as it should be. */
export const honest: Lie = (response, key) => {
  if (key !== KEY) response.writeHead(401).end('{"error":{}}');
  else
    response.end(JSON.stringify({ status: "healthy", version: VERSION, timestamp: "2025-11-20T12:00:00Z" }));
};

/** A dashboard that can be told to lie. */
export async function startLiar(): Promise<{ url: string; tell(lie: Lie): void; close(): Promise<void> }> {
  let lie = honest;
  const server = createServer((request, response) => lie(response, request.headers["x-api-key"]?.toString()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    tell: (next) => {
      lie = next;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
