import { readFileSync } from "node:fs";
import { type IncomingHttpHeaders, type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { setTimeout as wait } from "node:timers/promises";
import { GetFunctionEventInvokeConfigCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";

/** What an HTTP answer was: JSON parsed, anything else as text. */
export type Asked = { status: number; headers: IncomingHttpHeaders; body: unknown; ms: number };

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
  ask: (path: string, key?: string | null, request?: { method?: string; body?: string }) => Promise<Asked>;
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
    ask: (path, key = apiKey, request = {}) =>
      ask(new URL(path, outputs.dashboardUrl), key, request, env.AWS_ENDPOINT_URL),
  };
}

// An emulator serves every function URL at its one endpoint, and knows by the Host header which one is meant.
async function ask(
  url: URL,
  key: string | null,
  { method = "GET", body }: { method?: string; body?: string },
  endpoint: string | undefined,
): Promise<Asked> {
  const target = endpoint ? new URL(endpoint) : url;
  const started = performance.now();
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const send = target.protocol === "https:" ? tlsRequest : plainRequest;
    send({
      hostname: target.hostname,
      port: target.port,
      method,
      path: `${url.pathname}${url.search}`,
      headers: { host: url.host, ...(key === null ? {} : { "x-api-key": key }) },
      signal: AbortSignal.timeout(10_000),
    })
      .once("response", resolve)
      .once("error", reject)
      .end(body);
  });
  const text = (await response.toArray()).join("");
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: parsed(text),
    ms: performance.now() - started,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Asks until the answer is none of false, null and undefined; fails with what was wanted after `patienceMs`. */
export async function eventually<T>(
  wanted: string,
  look: () => Promise<T>,
  patienceMs = 10_000,
): Promise<Exclude<T, false | null | undefined>> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const found = await look();
    if (found) return found as Exclude<T, false | null | undefined>;
    if (performance.now() > end) throw new Error(`${wanted}: not within ${patienceMs / 1000} s`);
    await wait(250);
  }
}

/** Invokes what has the traffic and returns its answer; fails when the function does. */
export async function invoke<T>({ outputs }: Deployed, name: string, event: object = {}): Promise<T> {
  const { functionName, alias } = outputs.functions[name] ?? {};
  const { FunctionError, Payload } = await new LambdaClient().send(
    new InvokeCommand({ FunctionName: functionName, Qualifier: alias, Payload: JSON.stringify(event) }),
  );
  const text = new TextDecoder().decode(Payload);
  if (FunctionError) throw new Error(`${name} failed: ${text}`);
  return JSON.parse(text) as T;
}

/** The queue of the dead letters, as Lambda says where it sends what a function failed on. */
export async function deadLetters({ outputs }: Deployed): Promise<{ name: string; url: string }> {
  const { functionName, alias } = outputs.functions.analysis ?? {};
  const { DestinationConfig } = await new LambdaClient().send(
    new GetFunctionEventInvokeConfigCommand({ FunctionName: functionName, Qualifier: alias }),
  );
  const name = DestinationConfig?.OnFailure?.Destination?.split(":").at(-1) ?? "";
  const { QueueUrl = "" } = await new SQSClient().send(new GetQueueUrlCommand({ QueueName: name }));
  return { name, url: QueueUrl };
}
