import {
  credentials,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServiceError,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import engineGrpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import plugin, { type PluginAttach } from "@pulumi/pulumi/proto/plugin_pb.js";
import grpc, { type ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { InvokeRequest, InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import empty, { type Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { refusing, remembered } from "./checks.ts";
import { type EngineLog, engineLog } from "./engine-log.ts";
import { ownFailure, passedOn } from "./failures.ts";
import type { Answer, Handler } from "./handler.ts";
import type { KnownInputs } from "./known-inputs.ts";
import * as messages from "./messages.ts";
import { fromBridge, toBridge } from "./properties.ts";
import { bridgedFunction, bridgedType, bridgedUrn, TERRAFORM_RESOURCES, typeOf } from "./tokens.ts";
import { unknownProperties } from "./unknown-properties.ts";

const { ResourceProviderService: methods, ResourceProviderClient: Client } = grpc;
const ANY_SIZE = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

type OfResource = {
  getUrn(): string;
  setUrn(urn: string): unknown;
  getType(): string;
  setType(type: string): unknown;
};

/** A client of a provider that listens on loopback. No limit to a message's size: a resource's state may be large. */
export function connect(port: number): ResourceProviderClient {
  return new Client(`127.0.0.1:${port}`, credentials.createInsecure(), ANY_SIZE);
}

type Options = { version: string; known: () => Promise<KnownInputs>; whyGone: () => string | undefined };

/**
 * Serves the engine, on a free loopback port, a provider of `@pulumi/aws`'s types that the bridge behind `upstream`
 * answers for. `version` is what it says of itself, `known` which properties the bridge has; `whyGone` explains why
 * the bridge does not answer any more.
 */
export async function serve(
  upstream: ResourceProviderClient,
  options: Options,
): Promise<{ port: number; close(): void }> {
  const server = new Server(ANY_SIZE);
  const log = engineLog();
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  server.addService(methods, provider(upstream, { ...options, log, ownAddress: `127.0.0.1:${port}` }));
  server.addService(engineGrpc.EngineService, engineAsTheBridgeSeesIt(log));
  return {
    port,
    close() {
      server.forceShutdown();
      log.close();
    },
  };
}

function engineAsTheBridgeSeesIt(log: EngineLog): UntypedServiceImplementation {
  const passed: Handler<LogRequest, Empty> = ({ request }, answer) => {
    log.pass(request);
    answer(null, new empty.Empty());
  };
  return { log: passed };
}

function provider(
  upstream: ResourceProviderClient,
  { version, known, whyGone, log, ownAddress }: Options & { log: EngineLog; ownAddress: string },
): UntypedServiceImplementation {
  /** Asks the bridge and answers with what `carry` makes of its answer; an error is about `urn`. */
  function ask<Request, Response>(
    { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>,
    request: Request,
    answer: Answer<Response>,
    { urn = "", carry = () => {} }: { urn?: string; carry?: (response: Response) => void } = {},
  ): void {
    const done = (error: ServiceError | null, response?: Response) => {
      const gone = error && whyGone();
      if (gone) return answer(ownFailure(gone));
      try {
        if (error) return answer(passedOn(error, fromBridge(typeOf(urn)), log.takeErrors(urn)));
        if (response !== undefined) carry(response);
        answer(null, response);
      } catch (own) {
        answer(ownFailure(`the answer to ${path} could not be translated: ${own}`));
      }
    };
    upstream.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, done);
  }

  function forwarded<Request, Response>(
    method: MethodDefinition<Request, Response>,
  ): Handler<Request, Response> {
    return ({ request }, answer) => ask(method, request, answer);
  }

  function translated<Request extends OfResource, Response>(
    method: MethodDefinition<Request, Response>,
    translation: messages.Translation<Request, Response>,
  ): Handler<Request, Response> {
    return ({ request }, answer) => {
      const urn = request.getUrn();
      const type = typeOf(urn);
      if (!(type in TERRAFORM_RESOURCES)) return answer(ownFailure(notCovered(type)));
      translation.request(request, toBridge(type));
      request.setUrn(bridgedUrn(urn));
      request.setType(bridgedType(request.getType()));
      ask(method, request, answer, {
        urn,
        carry: (response) => translation.response(response, fromBridge(type)),
      });
    };
  }

  const invoke: Handler<InvokeRequest, InvokeResponse> = ({ request }, answer) => {
    const asked = request.getTok();
    request.setTok(bridgedFunction(asked));
    ask(methods.invoke, request, answer, { carry: (response) => messages.completeResult(asked, response) });
  };

  const attach: Handler<PluginAttach, Empty> = ({ request }, answer) => {
    log.attachedTo(request.getAddress());
    request.setAddress(ownAddress);
    ask(methods.attach, request, answer);
  };

  return {
    attach, // no handshake: the bridge does not know it, and the engine then attaches instead
    getPluginInfo: (_call: unknown, answer: Answer<plugin.PluginInfo>) =>
      answer(null, new plugin.PluginInfo().setVersion(version)),
    checkConfig: remembered(forwarded(methods.checkConfig)),
    diffConfig: forwarded(methods.diffConfig),
    configure: forwarded(methods.configure),
    invoke,
    check: refusing(unknownProperties(known), translated(methods.check, messages.CHECK)),
    diff: translated(methods.diff, messages.DIFF),
    create: translated(methods.create, messages.CREATE),
    read: translated(methods.read, messages.READ),
    update: translated(methods.update, messages.UPDATE),
    delete: translated(methods.delete, messages.DELETE),
    cancel: forwarded(methods.cancel),
  };
}

function notCovered(type: string): string {
  return `the rehearsal's provider does not cover ${type}: add it to rehearsal/provider/tokens.ts`;
}
