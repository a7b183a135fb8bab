import { credentials } from "@grpc/grpc-js";
import engineGrpc, { type EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engine, { type LogRequest } from "@pulumi/pulumi/proto/engine_pb.js";
import { pulumiUrn } from "./tokens.ts";

const LEVEL = /^\[[A-Z]+\] : /; // the bridge repeats the severity in the text

/**
 * What the bridge says to the engine, put in the engine's words: it passes through here because the bridge names
 * resources by types that the engine never heard of.
 */
export type EngineLog = {
  /** The address of the engine that has just attached; what the bridge says goes there from now on. */
  attachedTo(address: string): void;
  pass(message: LogRequest): void;
  /** The errors said about a resource, once: the bridge logs the reason of a failure and then fails without any. */
  takeErrors(urn: string): string;
  close(): void;
};

export function engineLog(): EngineLog {
  let client: EngineClient | undefined;
  const errors = new Map<string, string[]>();
  return {
    attachedTo(address) {
      client?.close();
      client = new engineGrpc.EngineClient(address, credentials.createInsecure());
      errors.clear();
    },
    pass(message) {
      const urn = pulumiUrn(message.getUrn());
      message.setUrn(urn);
      message.setMessage(message.getMessage().replace(LEVEL, ""));
      if (message.getSeverity() === engine.LogSeverity.ERROR && urn !== "") {
        errors.set(urn, [...(errors.get(urn) ?? []), message.getMessage()]);
      } else {
        client?.log(message, () => {}); // an engine that is gone has no use for it
      }
    },
    takeErrors(urn) {
      const said = errors.get(urn) ?? [];
      errors.delete(urn);
      return said.join("\n");
    },
    close: () => client?.close(),
  };
}
