import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { expect } from "chai";
import { spansOf } from "../../../orchestrator/adapters/otel-traces.ts";
import { secrets } from "../../../orchestrator/cli/secrets.ts";
import { traced, wantsTraces } from "../../../orchestrator/cli/traces.ts";
import { promotion } from "../../../orchestrator/promotion/course.ts";
import type { Progress } from "../../../orchestrator/promotion/progress.ts";
import { virtualClock } from "../../fakes/clock.ts";
import { type World, world } from "../../fakes/world.ts";
import { type Collector, collector } from "./collector.ts";

const VARIABLES = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
  "OTEL_EXPORTER_OTLP_HEADERS",
  "OTEL_SERVICE_NAME",
  "OTEL_RESOURCE_ATTRIBUTES",
] as const;

describe("whether a promotion is traced", () => {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.example" };
  const cases: [what: string, variables: Record<string, string>, wanted: boolean][] = [
    ["nothing is set", {}, false],
    ["there is an endpoint", endpoint, true],
    ["there is an endpoint for traces", { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://a.example" }, true],
    ["the endpoint is blank", { OTEL_EXPORTER_OTLP_ENDPOINT: " " }, false],
    ["the exporter is named, whose default endpoint then counts", { OTEL_TRACES_EXPORTER: "otlp" }, true],
    ["there shall be no exporter of traces", { ...endpoint, OTEL_TRACES_EXPORTER: "none" }, false],
    ["the exporter is one that there is not", { ...endpoint, OTEL_TRACES_EXPORTER: "zipkin" }, false],
    ["all of it is switched off", { ...endpoint, OTEL_SDK_DISABLED: "TRUE" }, false],
  ];
  for (const [what, variables, wanted] of cases)
    it(`is ${wanted ? "so" : "not so"} when ${what}`, () => expect(wantsTraces(variables)).to.equal(wanted));
});

describe("the trace of a promotion", function () {
  this.timeout(30_000);
  const before = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));
  const open: Collector[] = [];
  let w: World;
  let sha: string;

  beforeEach(async () => {
    w = world();
    await w.settled();
    sha = await w.release("second");
  });

  afterEach(() => {
    for (const each of open.splice(0)) each.close();
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  async function collecting(answer?: (response: ServerResponse) => void): Promise<Collector> {
    const made = await collector(answer);
    open.push(made);
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = made.address;
    return made;
  }

  /** Promotes, and tells how it ended and how long the end of the traces took, in milliseconds. */
  async function promote() {
    let outcome = "";
    let endedAt = 0;
    const heard: Progress[] = [];
    await traced(
      (progress) => void heard.push(progress),
      async (tell) => {
        outcome = (await w.promote(sha, { tell })).outcome;
        endedAt = performance.now();
      },
    );
    return { outcome, heard, endMs: performance.now() - endedAt };
  }

  it("has a span for each step under one for the promotion, with what it is about", async () => {
    process.env.OTEL_EXPORTER_OTLP_HEADERS = "x-collector-key=sesame-open-9";
    process.env.OTEL_SERVICE_NAME = "deliveries";
    process.env.OTEL_RESOURCE_ATTRIBUTES = "team=news";
    const { received, spans } = await collecting();
    expect((await promote()).outcome).to.equal("promoted");
    expect(received[0]?.path).to.equal("/v1/traces");
    expect(received[0]?.headers["x-collector-key"]).to.equal("sesame-open-9");
    expect(received[0]?.resource).to.include({ "service.name": "deliveries", team: "news" });
    const [root, ...others] = spans().filter(({ parent }) => parent === "");
    if (!root) throw new Error("there is no span of the promotion");
    expect(others).to.deep.equal([]);
    const about = { "promotion.id": "promotion-2", "promotion.environment": "trial", "release.sha": sha };
    expect(root.attributes).to.deep.equal({ ...about, "promotion.outcome": "promoted" });
    const steps = spans().filter(({ parent }) => parent === root.id);
    expect(steps.map(({ name }) => name)).to.deep.equal(promotion.steps.map(({ name }) => name));
    for (const { name, attributes, trace, failure } of steps) {
      expect(attributes).to.deep.equal({ ...about, "step.name": name, "step.outcome": "passed" });
      expect(trace).to.equal(root.trace);
      expect(failure).to.equal(undefined);
    }
    expect(steps.find(({ name }) => name === "drill")?.events.join()).to.contain("traffic back on");
  });

  it("shows which step failed, why and with which code, and that it was taken back", async () => {
    const { spans } = await collecting();
    w.validation.find({ failed: 1, failures: ["items are listed: timeout"] });
    expect((await promote()).outcome).to.equal("rolled-back");
    const named = (name: string) => spans().find((each) => each.name === name);
    expect(named("validate")?.attributes).to.include({
      "step.outcome": "failed",
      "step.code": "validation-failed",
    });
    expect(named("validate")?.failure).to.contain("items are listed: timeout");
    expect(named("rollback")?.attributes).to.include({ "step.outcome": "passed" });
    expect(named("promotion")?.attributes).to.include({
      "promotion.outcome": "rolled-back",
      "promotion.code": "validation-failed",
    });
    expect(named("promotion")?.failure).to.contain("integration tests: ");
  });

  it("goes where the variable for traces says, exactly", async () => {
    const { received, address } = await collecting();
    process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT = `${address}/another/path`;
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = "http://127.0.0.1:9";
    await promote();
    expect(received[0]?.path).to.equal("/another/path");
  });

  it("has no secret in it", async () => {
    const { spans } = await collecting();
    w.secrets.know("correct horse battery");
    w.engine.failNextUp("denied for correct horse battery");
    await promote();
    expect(spans().length).to.be.greaterThan(5);
    expect(JSON.stringify(spans())).to.contain("denied for").and.not.to.contain("horse");
  });

  it("makes secrets of what is sent in headers", async () => {
    process.env.OTEL_EXPORTER_OTLP_HEADERS = "api-key=nobody-may-read-this, other=nor-this-either";
    await promote();
    expect(secrets.redact("nobody-may-read-this; nor-this-either")).to.equal("[redacted]; [redacted]");
  });

  const troubles: [what: string, answer: ((response: ServerResponse) => void) | "down"][] = [
    ["is down", "down"],
    ["answers 500", (response) => void response.writeHead(500).end("broken")],
    [
      "asks to be tried again, much later",
      (response) => void response.writeHead(503, { "retry-after": "60" }).end(),
    ],
    [
      "asks to be tried again at once, for ever",
      (response) => void response.writeHead(503, { "retry-after": "0" }).end(),
    ],
    ["answers with nonsense", (response) => void response.end("<html>")],
    ["never answers", () => {}],
    [
      "trickles its answer",
      (response) => {
        const trickling = setInterval(() => response.write("."), 100);
        response.writeHead(200).once("close", () => clearInterval(trickling));
      },
    ],
    ["hangs up", (response) => void response.destroy()],
  ];
  for (const [what, answer] of troubles)
    it(`is lost, and no more than that, when the collector ${what}`, async () => {
      const made = await collecting(answer === "down" ? undefined : answer);
      if (answer === "down") made.close();
      const { outcome, heard, endMs } = await promote();
      expect(outcome).to.equal("promoted");
      expect(heard.at(-1)?.type).to.equal("ended");
      expect(endMs).to.be.below(2_500);
      await wait(50);
      if (answer !== "down") expect(await made.open(), "connections that keep the process").to.equal(0);
    });

  it("does not go wrong with whoever else listens", async () => {
    const { spans } = await collecting();
    await traced(
      () => {
        throw new Error("the terminal went away");
      },
      async (tell) => void (await w.promote(sha, { tell })),
    );
    expect(spans().length).to.be.greaterThan(10);
  });

  it("is told by the promotion's own clock, which nobody sets", () => {
    const clock = virtualClock();
    const exporter = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const tell = spansOf(provider.getTracer("test"), clock);
    tell({ type: "started", promotionId: "p", environment: "trial", sha, steps: ["up"] });
    tell({ type: "step-started", step: "up" });
    clock.set(-3_600_000);
    tell({ type: "step-finished", step: "up", outcome: "passed", ms: 0, text: "" });
    tell({
      type: "ended",
      outcome: "promoted",
      reason: null,
      sha: "0123456789012345678901234567890123456789",
    });
    const [up, root] = exporter.getFinishedSpans();
    expect(up?.startTime[0]).to.equal(Date.parse("2030-01-01T00:00:00.000Z") / 1_000);
    expect(up?.duration).to.deep.equal([0, 0]);
    expect(root?.endTime).to.deep.equal(up?.endTime);
  });
});
