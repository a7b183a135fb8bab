import {
  type Attributes,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { envDetectorSync, Resource } from "@opentelemetry/resources";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import type { Clock } from "../ports/clock.ts";
import type { Tell } from "../promotion/progress.ts";

/** How long one try to send may take, and how long the end waits for what is not sent yet. In milliseconds. */
const SEND_MS = 1_500;
const END_MS = 2_000;

/** What listens to a promotion and tells a collector. `end` never throws, and never takes longer than two seconds. */
export type Traces = { tell: Tell; end(): Promise<void> };

/**
 * One trace a promotion, one span a step, sent where the standard variables say. Nothing is logged, not even a failure: what
 * the exporter has to say may hold its headers.
 */
export function otelTraces(clock: Clock, serviceName: string): Traces {
  const ending = new AbortController();
  // A collector that trickles its answer would keep the process alive: its sockets end with the traces.
  const httpAgentOptions = { keepAlive: false, signal: ending.signal };
  const exporter = new OTLPTraceExporter({ timeoutMillis: SEND_MS, httpAgentOptions });
  const provider = new BasicTracerProvider({
    resource: new Resource({ "service.name": serviceName }).merge(envDetectorSync.detect()),
    spanProcessors: [new BatchSpanProcessor(exporter, { exportTimeoutMillis: SEND_MS })],
  });
  return {
    tell: spansOf(provider.getTracer("promotion"), clock),
    async end() {
      const waiting = new AbortController();
      await Promise.race([
        provider.shutdown().catch(() => {}),
        clock.sleep(END_MS, waiting.signal).catch(() => {}),
      ]);
      waiting.abort();
      ending.abort();
    },
  };
}

/** Makes spans of what a promotion tells. Times are of the promotion's clock; one that is set meanwhile bends none. */
export function spansOf(tracer: Tracer, clock: Clock): Tell {
  const [origin, began] = [clock.now().getTime(), clock.monotonic()];
  const now = () => new Date(origin + clock.monotonic() - began);
  const steps = new Map<string, Span>();
  let root: Span | undefined;
  let about: Attributes = {};

  function start(name: string, attributes: Attributes): Span {
    const parent = root ? trace.setSpan(ROOT_CONTEXT, root) : ROOT_CONTEXT;
    return tracer.startSpan(name, { startTime: now(), attributes: { ...about, ...attributes } }, parent);
  }

  function finish(span: Span, failure: string | undefined, attributes: Attributes): void {
    span.setAttributes(attributes);
    if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
    span.end(now());
  }

  return (told) => {
    switch (told.type) {
      case "started": {
        about = { "promotion.id": told.promotionId, "promotion.environment": told.environment };
        if (told.sha) about["release.sha"] = told.sha;
        root = start("promotion", {});
        return;
      }
      case "step-started":
        steps.set(told.step, start(told.step, { "step.name": told.step }));
        return;
      case "note":
        steps.get(told.step)?.addEvent(told.text, now());
        return;
      case "step-finished": {
        const span = steps.get(told.step);
        steps.delete(told.step);
        if (!span) return;
        const failure = told.outcome === "failed" ? told.text : undefined;
        const code = told.code ? { "step.code": told.code } : {};
        return finish(span, failure, { "step.outcome": told.outcome, ...code });
      }
      case "ended": {
        const { outcome, reason } = told;
        const code = reason ? { "promotion.code": reason.code } : {};
        const good = outcome === "promoted" || outcome === "unchanged";
        for (const span of steps.values()) span.end(now());
        if (root) finish(root, good ? undefined : reason?.message, { "promotion.outcome": outcome, ...code });
      }
    }
  };
}
