import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { z } from "zod";
import type { DirectTarget, Probe, Probes } from "../ports/probes.ts";
import type { Secrets } from "../secrets.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";
import { healthKey } from "./health-key.ts";

const TIMEOUT_MS = 10_000;
/** Marks our requests, so that a service can tell them from its users'. */
const MARK = "x-promotion-probe";

const HEALTH = z.object({ status: z.literal("healthy"), version: z.string(), timestamp: z.string() });
const REPLY = z.object({ statusCode: z.number(), body: z.string().default("") });

type Answer = { status: number; body: string; problem?: string };

/** Health requests by invocation of a version, and by HTTP through the function URL. */
export function healthProbes(
  settings: { path: string; keySecret: string; promotionId: string; secrets: Secrets },
  access: AwsAccess,
): Probes {
  const lambda = new LambdaClient(clientSettings(access));
  const key = healthKey(settings.keySecret, access, settings.secrets);

  /** A key that was rotated meanwhile is no fault of the release: the one in its place is tried before that is said. */
  async function withHeaders(
    withKey: boolean,
    ask: (headers: Record<string, string>) => Promise<Answer>,
  ): Promise<Answer> {
    const mark = { [MARK]: settings.promotionId };
    if (!withKey) return await ask(mark);
    const used = await key();
    const answer = await ask({ ...mark, "x-api-key": used });
    const next = answer.status === 401 ? await key(used) : used;
    return next === used ? answer : await ask({ ...mark, "x-api-key": next });
  }

  async function probe(withKey: boolean, ask: () => Promise<Answer>): Promise<Probe> {
    const began = performance.now();
    const took = () => performance.now() - began;
    try {
      const answer = await ask();
      return { ...judge(answer, withKey), ms: took() };
    } catch (error) {
      return {
        ok: false,
        status: 0,
        ms: took(),
        problem: error instanceof Error ? error.message : String(error),
      };
    }
  }

  /** As a function URL answers then; status 0 is for a question that was not answered at all. */
  function broken(said: string): Answer {
    // Before it is cut: half a secret would not be known again.
    return { status: 502, body: "", problem: settings.secrets.redact(said).slice(0, 200) };
  }

  /** Invokes a version and gives what its handler returned, as the body. */
  async function invoke({ functionName, version }: DirectTarget, event: object): Promise<Answer> {
    const sent = await lambda.send(
      new InvokeCommand({ FunctionName: functionName, Qualifier: version, Payload: JSON.stringify(event) }),
      { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
    );
    const text = new TextDecoder().decode(sent.Payload);
    return sent.FunctionError ? broken(`${sent.FunctionError}: ${text}`) : { status: 200, body: text };
  }

  return {
    direct: (target, { withKey }) =>
      probe(withKey, () =>
        withHeaders(withKey, async (headers) => {
          const answer = await invoke(target, functionUrlEvent(settings.path, headers));
          if (answer.problem) return answer;
          const reply = REPLY.safeParse(parsed(answer.body));
          if (!reply.success) return broken(`the answer is no reply: ${answer.body}`);
          return { status: reply.data.statusCode, body: reply.data.body };
        }),
      ),
    ready: (target) => probe(true, () => invoke(target, { promotionProbe: settings.promotionId })),
    throughUrl: ({ url }, { withKey }) =>
      probe(withKey, () =>
        withHeaders(withKey, (headers) => send(new URL(settings.path, url), headers, access.endpoint)),
      ),
  };
}

function judge({ status, body, problem }: Answer, withKey: boolean): Omit<Probe, "ms"> {
  if (problem) return { ok: false, status, problem };
  if (!withKey) {
    if (status === 401) return { ok: true, status };
    return { ok: false, status, problem: `status ${status} where 401 is due` };
  }
  if (status !== 200) return { ok: false, status, problem: `status ${status}` };
  const health = HEALTH.safeParse(parsed(body));
  if (!health.success) return { ok: false, status, problem: "the answer is not a health report" };
  return { ok: true, status, version: health.data.version };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A function URL's event (payload format 2.0), as far as a handler can rely on it. */
function functionUrlEvent(path: string, headers: Record<string, string>) {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    headers,
    requestContext: {
      http: { method: "GET", path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: MARK },
    },
    isBase64Encoded: false,
  };
}

/** Sends a GET request. With `endpoint` it goes there and keeps the URL's host in its Host header, as an emulator wants it. */
export function send(url: URL, headers: Record<string, string>, endpoint?: string): Promise<Answer> {
  const target = endpoint ? new URL(endpoint) : url;
  const request = target.protocol === "http:" ? httpRequest : httpsRequest;
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname: target.hostname,
        port: target.port || undefined,
        path: url.pathname + url.search,
        headers: { ...headers, host: url.host },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      async (response) => {
        try {
          const chunks: Buffer[] = [];
          for await (const chunk of response) chunks.push(chunk);
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
        } catch (error) {
          reject(error);
        }
      },
    );
    sent.once("error", reject);
    sent.end();
  });
}
