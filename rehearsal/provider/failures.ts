import { Metadata, type ServiceError, type StatusObject, status } from "@grpc/grpc-js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import rpc from "@pulumi/pulumi/proto/status_pb.js";
import type { Translator } from "./properties.ts";

const DETAILS = "grpc-status-details-bin";
const INIT_FAILED = "pulumirpc.ErrorResourceInitFailed";

/**
 * The bridge's error as we pass it on, with AWS's own message, which may be in what was logged before (`said`). A
 * resource that was created but not finished travels inside the error; its properties go into the engine's state, so
 * they are translated like any answer.
 */
export function passedOn(error: ServiceError, fromBridge: Translator, said: string): Partial<StatusObject> {
  const metadata = error.metadata?.clone() ?? new Metadata();
  const [unfinished] = metadata.get(DETAILS);
  if (unfinished instanceof Buffer) metadata.set(DETAILS, translateDetails(unfinished, fromBridge));
  const text = [error.details, said].filter((part) => part !== "").join("\n");
  return { code: error.code, details: text, metadata };
}

/** What the engine is told when this process itself is at fault, or the bridge is gone. */
export function ownFailure(text: string): Partial<StatusObject> {
  return { code: status.INTERNAL, details: text };
}

function translateDetails(bytes: Buffer, fromBridge: Translator): Buffer {
  const details = rpc.Status.deserializeBinary(bytes);
  for (const detail of details.getDetailsList()) {
    if (detail.getTypeName() !== INIT_FAILED) continue;
    const unfinished = proto.ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    fromBridge.struct(unfinished.getProperties());
    fromBridge.struct(unfinished.getInputs());
    detail.setValue(unfinished.serializeBinary());
  }
  return Buffer.from(details.serializeBinary());
}
