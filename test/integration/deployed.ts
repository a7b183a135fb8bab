import { readFileSync } from "node:fs";
import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";

/** The stack's outputs, as far as the suite looks at them. */
export type Outputs = {
  functions: Record<string, { functionName: string; version: string; alias: string }>;
  dashboardUrl: string;
  alarms: string[];
  alertsTopicArn: string;
  itemsTable: string;
};

export type Deployed = {
  outputs: Outputs;
  apiKey: string;
  sha: string;
  /** Asks the dashboard for a path, with the key unless another or none (`null`) is given. */
  ask: (path: string, key?: string | null) => Promise<{ status: number; body: unknown; ms: number }>;
};

/**
 * What is deployed, from the environment variables INTEGRATION_OUTPUTS (a file with the stack's outputs),
 * INTEGRATION_API_KEY and INTEGRATION_SHA. Throws when one is not set: a suite that looked at nothing must not pass.
 */
export function deployed(env: NodeJS.ProcessEnv = process.env): Deployed {
  const { INTEGRATION_OUTPUTS: file, INTEGRATION_API_KEY: apiKey, INTEGRATION_SHA: sha } = env;
  if (!file || !apiKey || !sha) {
    throw new Error("INTEGRATION_OUTPUTS, INTEGRATION_API_KEY and INTEGRATION_SHA must be set.");
  }
  const outputs = JSON.parse(readFileSync(file, "utf8")) as Outputs;
  return {
    outputs,
    apiKey,
    sha,
    ask: (path, key = apiKey) => ask(new URL(path, outputs.dashboardUrl), key, env.AWS_ENDPOINT_URL),
  };
}

// An emulator serves every function URL at its one endpoint, and knows by the Host header which one is meant.
async function ask(url: URL, key: string | null, endpoint: string | undefined) {
  const target = endpoint ? new URL(endpoint) : url;
  const started = performance.now();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const send = target.protocol === "https:" ? tlsRequest : plainRequest;
    send({
      hostname: target.hostname,
      port: target.port,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, ...(key === null ? {} : { "x-api-key": key }) },
      signal: AbortSignal.timeout(10_000),
    })
      .once("response", resolve)
      .once("error", reject)
      .end();
  });
  const text = (await response.toArray()).join("");
  return {
    status: response.statusCode ?? 0,
    body: JSON.parse(text) as unknown,
    ms: performance.now() - started,
  };
}
