import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** AWS grants 15 requests a second, and as many at once; here a second passes faster. */
const AT_ONCE = 15;
const REQUESTS_PER_SECOND = 60;

/**
 * Lambda's service of aliases as a local server, with AWS's limit of requests: what goes beyond it is refused with the error
 * that AWS gives, and a refused request counts for nothing.
 */
export async function throttledLambda(versions: Record<string, string>) {
  const aliases = new Map(
    Object.entries(versions).map(([name, version]) => [name, { FunctionVersion: version, RevisionId: "1" }]),
  );
  let granted = AT_ONCE;
  let since = performance.now();
  let refused = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const now = performance.now();
    granted = Math.min(AT_ONCE, granted + ((now - since) / 1_000) * REQUESTS_PER_SECOND);
    since = now;
    response.setHeader("content-type", "application/json");
    if (granted < 1) {
      refused += 1;
      response.statusCode = 429;
      response.setHeader("x-amzn-errortype", "TooManyRequestsException");
      return response.end(JSON.stringify({ Reason: "CallerRateLimitExceeded", message: "Rate exceeded" }));
    }
    granted -= 1;
    const [, name = ""] = /functions\/([^/]+)\/aliases\/live/.exec(request.url ?? "") ?? [];
    const alias = aliases.get(decodeURIComponent(name));
    if (!alias) return response.writeHead(404).end("{}");
    if (request.method === "PUT") {
      const { FunctionVersion, RevisionId } = JSON.parse(Buffer.concat(chunks).toString("utf8"));
      if (RevisionId !== alias.RevisionId) {
        response.statusCode = 412;
        response.setHeader("x-amzn-errortype", "PreconditionFailedException");
        return response.end("{}");
      }
      alias.FunctionVersion = FunctionVersion;
      alias.RevisionId = String(Number(RevisionId) + 1);
    }
    response.end(JSON.stringify({ Name: "live", ...alias }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    version: (name: string) => aliases.get(name)?.FunctionVersion,
    refused: () => refused,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
