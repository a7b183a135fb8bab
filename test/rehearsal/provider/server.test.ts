import { credentials, Metadata, Server, ServerCredentials, type ServiceError, status } from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine from "@pulumi/pulumi/proto/engine_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import grpc, { type ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import rpc from "@pulumi/pulumi/proto/status_pb.js";
import { expect } from "chai";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import pb from "google-protobuf/google/protobuf/struct_pb.js";
import { LEFT_OUT } from "../../../rehearsal/provider/properties.ts";
import { connect, serve } from "../../../rehearsal/provider/server.ts";

const FUNCTION = "aws:lambda/function:Function";
const LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const urnOf = (type: string) => `urn:pulumi:s::p::${type}::name`;
const struct = (value: object) => pb.Struct.fromJavaScript(value as never);

// biome-ignore lint/suspicious/noExplicitAny: a fake answers each method with a message of its own
type Answers = Record<string, (request: any, answer: (error: any, response?: any) => void) => void>;

/** A gRPC server on a free port with just the given methods. */
async function fake(service: object, answers: Answers): Promise<{ port: number; close(): void }> {
  const server = new Server();
  const methods = Object.entries(answers).map(([name, answer]) => [
    name,
    (call: { request: unknown }, callback: (error: unknown) => void) => answer(call.request, callback),
  ]);
  server.addService(service as never, Object.fromEntries(methods));
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  return { port, close: () => server.forceShutdown() };
}

const KNOWN = { "aws:index/lambdaFunction:LambdaFunction": ["functionName", "role"] };

describe("the translating provider", () => {
  const opened: { close(): void }[] = [];
  let bridge: Answers;
  let client: ResourceProviderClient;
  let gone: string | undefined;

  before(async () => {
    const names = ["attach", "check", "checkConfig", "create", "diff", "invoke", "update"];
    const lateBound = names.map((name) => [name, (...args: [never, never]) => bridge[name]?.(...args)]);
    const behind = await fake(grpc.ResourceProviderService, Object.fromEntries(lateBound));
    const upstream = connect(behind.port);
    const server = await serve(upstream, {
      version: "7.48.0",
      known: async () => KNOWN,
      whyGone: () => gone,
    });
    client = connect(server.port);
    opened.push(behind, upstream, server, client);
  });
  beforeEach(() => {
    bridge = {};
    gone = undefined;
  });
  after(() => {
    for (const thing of opened.reverse()) thing.close();
  });

  /** Calls as the engine does. */
  function ask<Request, Response>(method: string, request: Request): Promise<Response> {
    return new Promise((resolve, reject) =>
      (client as never as Record<string, (...args: unknown[]) => void>)[method]?.call(
        client,
        request,
        (error: Error | null, response: Response) => (error ? reject(error) : resolve(response)),
      ),
    );
  }

  it("says the version that the engine expects", async () => {
    const info = await ask<unknown, InstanceType<typeof plugin.PluginInfo>>(
      "getPluginInfo",
      new empty.Empty(),
    );
    expect(info.getVersion()).to.equal("7.48.0");
  });

  it("asks the bridge in its own words and answers in the SDK's", async () => {
    bridge.check = (request, answer) => {
      expect(request.getUrn()).to.equal("urn:pulumi:s::p::aws:index/lambdaFunction:LambdaFunction::name");
      expect(request.getType()).to.equal("aws:index/lambdaFunction:LambdaFunction");
      expect(request.getNews().toJavaScript()).to.deep.equal({ functionName: "f", role: "r" });
      expect(request.getOlds().toJavaScript()).to.deep.equal({ functionName: "e" });
      const response = new proto.CheckResponse().setInputs(request.getNews());
      answer(
        null,
        response.setFailuresList([new proto.CheckFailure().setProperty("functionName").setReason("bad")]),
      );
    };
    const request = new proto.CheckRequest().setUrn(urnOf(FUNCTION)).setType(FUNCTION);
    request.setNews(struct({ name: "f", role: "r" })).setOlds(struct({ name: "e" }));
    const response = await ask<unknown, InstanceType<typeof proto.CheckResponse>>("check", request);
    expect(response.getInputs()?.toJavaScript()).to.deep.equal({ name: "f", role: "r" });
    expect(response.getFailuresList()[0]?.getProperty()).to.equal("name");
  });

  it("translates the paths of a diff, nested ones too, and of what to ignore", async () => {
    bridge.diff = (request, answer) => {
      expect(request.getIgnorechangesList()).to.deep.equal(["rules[*].filters"]);
      const response = new proto.DiffResponse()
        .setDiffsList(["rules"])
        .setReplacesList(["rules[0].filters[0].prefix"])
        .setStablesList(["bucket"]);
      response.getDetaileddiffMap().set("rules[0].filters[0].prefix", new proto.PropertyDiff());
      answer(null, response);
    };
    const request = new proto.DiffRequest()
      .setUrn(urnOf(LIFECYCLE))
      .setIgnorechangesList(["rules[*].filter"]);
    const response = await ask<unknown, InstanceType<typeof proto.DiffResponse>>("diff", request);
    expect(response.getReplacesList()).to.deep.equal(["rules[0].filter.prefix"]);
    expect(response.getStablesList()).to.deep.equal(["bucket"]);
    expect([...response.getDetaileddiffMap().keys()]).to.deep.equal(["rules[0].filter.prefix"]);
  });

  it("refuses a type that it does not cover, and says where to add it", async () => {
    const request = new proto.CheckRequest().setUrn(urnOf("aws:ec2/vpc:Vpc"));
    const error = await ask("check", request).catch((refused: ServiceError) => refused);
    expect((error as ServiceError).details)
      .to.contain("aws:ec2/vpc:Vpc")
      .and.to.contain("tokens.ts");
  });

  it("refuses a property that the bridge would leave out without a word", async () => {
    const request = new proto.CheckRequest()
      .setUrn(urnOf(FUNCTION))
      .setNews(struct({ name: "f", region: "eu" }));
    const response = await ask<unknown, InstanceType<typeof proto.CheckResponse>>("check", request);
    expect(response.getFailuresList().map((failure) => failure.getProperty())).to.deep.equal(["region"]);
    expect(response.getFailuresList()[0]?.getReason()).to.contain(FUNCTION);
  });

  it("lets a property pass that a rehearsal knowingly does without", async () => {
    bridge.check = (request, answer) => answer(null, new proto.CheckResponse().setInputs(request.getNews()));
    const [type, [leftOut]] = Object.entries(LEFT_OUT)[0] as [string, string[]];
    const request = new proto.CheckRequest()
      .setUrn(urnOf(type))
      .setNews(struct({ [leftOut as string]: true }));
    const response = await ask<unknown, InstanceType<typeof proto.CheckResponse>>("check", request);
    expect(response.getFailuresList()).to.deep.equal([]);
  });

  it("asks for the check of one configuration once, and again for another or after a failure", async () => {
    let asked = 0;
    bridge.checkConfig = (request, answer) => {
      asked += 1;
      const bad = request.getNews()?.getFieldsMap().has("bad");
      answer(null, new proto.CheckResponse().setFailuresList(bad ? [new proto.CheckFailure()] : []));
    };
    const config = (value: object) => new proto.CheckRequest().setNews(struct(value));
    for (const value of [{ region: "a" }, { region: "a" }, { region: "b" }, { bad: 1 }, { bad: 1 }]) {
      await ask("checkConfig", config(value));
    }
    expect(asked).to.equal(4);
  });

  it("reads data sources, and knows what newer SDKs call their results", async () => {
    bridge.invoke = (request, answer) => {
      expect(request.getTok()).to.equal("aws:index/getRegion:getRegion");
      answer(null, new proto.InvokeResponse().setReturn(struct({ name: "eu-west-1" })));
    };
    const request = new proto.InvokeRequest().setTok("aws:index/getRegion:getRegion");
    const response = await ask<unknown, InstanceType<typeof proto.InvokeResponse>>("invoke", request);
    expect(response.getReturn()?.toJavaScript()).to.deep.equal({ name: "eu-west-1", region: "eu-west-1" });
  });

  it("gives a failure the reason that the bridge only logged, and the log's other lines to the engine", async () => {
    const logged: { urn: string; text: string }[] = [];
    const realEngine = await fake(engineGrpc.EngineService, {
      log: (request, answer) => {
        logged.push({ urn: request.getUrn(), text: request.getMessage() });
        answer(null, new empty.Empty());
      },
    });
    opened.push(realEngine);
    let address = "";
    bridge.attach = (request, answer) => {
      address = request.getAddress();
      answer(null, new empty.Empty());
    };
    await ask("attach", new plugin.PluginAttach().setAddress(`127.0.0.1:${realEngine.port}`));
    const toEngine = new engineGrpc.EngineClient(address, credentials.createInsecure());
    opened.push(toEngine);
    const log = (urn: string, severity: number, text: string) =>
      new Promise((resolve) =>
        toEngine.log(new engine.LogRequest().setUrn(urn).setSeverity(severity).setMessage(text), resolve),
      );
    bridge.create = async (request, answer) => {
      await log(request.getUrn(), engine.LogSeverity.WARNING, "[WARNING] : slow");
      await log(request.getUrn(), engine.LogSeverity.ERROR, "[ERROR] : AccessDenied: no");
      answer({ code: status.UNKNOWN, details: "" });
    };
    const create = () => ask("create", new proto.CreateRequest().setUrn(urnOf(FUNCTION)));
    const error = await create().catch((refused: ServiceError) => refused);
    expect((error as ServiceError).details).to.equal("AccessDenied: no");
    while (logged.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(logged).to.deep.equal([{ urn: urnOf(FUNCTION), text: "slow" }]);
    const again = await create().catch((refused: ServiceError) => refused);
    expect((again as ServiceError).details).to.equal("AccessDenied: no");
  });

  it("translates the resource that a failure says was created but not finished", async () => {
    bridge.create = (request, answer) => {
      const unfinished = new proto.ErrorResourceInitFailed().setId("f").setReasonsList(["timeout"]);
      unfinished.setProperties(request.getProperties());
      const detail = new any.Any();
      detail.pack(unfinished.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
      const metadata = new Metadata();
      const details = new rpc.Status().setDetailsList([detail]);
      metadata.set("grpc-status-details-bin", Buffer.from(details.serializeBinary()));
      answer({ code: status.UNKNOWN, details: "not finished", metadata });
    };
    const request = new proto.CreateRequest().setUrn(urnOf(FUNCTION)).setProperties(struct({ name: "f" }));
    const error = (await ask("create", request).catch((refused: ServiceError) => refused)) as ServiceError;
    const [details] = error.metadata.get("grpc-status-details-bin");
    const [detail] = rpc.Status.deserializeBinary(details as Buffer).getDetailsList();
    const unfinished = proto.ErrorResourceInitFailed.deserializeBinary(
      detail?.getValue_asU8() ?? new Uint8Array(),
    );
    expect(unfinished.getProperties()?.toJavaScript()).to.deep.equal({ name: "f" });
    expect(error.details).to.equal("not finished");
  });

  it("says why the bridge does not answer any more", async () => {
    bridge.update = (_request, answer) => answer({ code: status.UNAVAILABLE, details: "connection refused" });
    gone = "the provider's process ended unexpectedly (SIGKILL)";
    const request = new proto.UpdateRequest().setUrn(urnOf(FUNCTION));
    const error = (await ask("update", request).catch((refused: ServiceError) => refused)) as ServiceError;
    expect(error.details).to.equal(gone);
  });
});
