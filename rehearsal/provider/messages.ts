import type * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { ALSO_CALLED, type Translator } from "./properties.ts";

/** How one kind of call is carried over: its request to the bridge, the bridge's answer back. Both in place. */
export type Translation<Request, Response> = {
  request(message: Request, toBridge: Translator): void;
  response(message: Response, fromBridge: Translator): void;
};

export const CHECK: Translation<proto.CheckRequest, proto.CheckResponse> = {
  request(message, toBridge) {
    toBridge.struct(message.getOlds());
    toBridge.struct(message.getNews());
  },
  response(message, fromBridge) {
    fromBridge.struct(message.getInputs());
    for (const failure of message.getFailuresList())
      failure.setProperty(fromBridge.path(failure.getProperty()));
  },
};

export const DIFF: Translation<proto.DiffRequest, proto.DiffResponse> = {
  request(message, toBridge) {
    toBridge.struct(message.getOlds());
    toBridge.struct(message.getNews());
    toBridge.struct(message.getOldInputs());
    message.setIgnorechangesList(message.getIgnorechangesList().map(toBridge.path));
  },
  response(message, fromBridge) {
    message.setDiffsList(message.getDiffsList().map(fromBridge.path));
    message.setReplacesList(message.getReplacesList().map(fromBridge.path));
    message.setStablesList(message.getStablesList().map(fromBridge.path));
    const detailed = message.getDetaileddiffMap();
    const entries = [...detailed.entries()];
    detailed.clear();
    for (const [path, diff] of entries) detailed.set(fromBridge.path(path), diff);
  },
};

export const CREATE: Translation<proto.CreateRequest, proto.CreateResponse> = {
  request: (message, toBridge) => toBridge.struct(message.getProperties()),
  response: (message, fromBridge) => fromBridge.struct(message.getProperties()),
};

export const READ: Translation<proto.ReadRequest, proto.ReadResponse> = {
  request(message, toBridge) {
    toBridge.struct(message.getProperties());
    toBridge.struct(message.getInputs());
  },
  response(message, fromBridge) {
    fromBridge.struct(message.getProperties());
    fromBridge.struct(message.getInputs());
    // Read for an import it gives what it then refuses to be told: its own id, and the period of a key that does not rotate.
    const inputs = message.getInputs()?.getFieldsMap();
    inputs?.del(fromBridge.ownId);
    if (!inputs?.get("enableKeyRotation")?.getBoolValue()) inputs?.del("rotationPeriodInDays");
  },
};

export const UPDATE: Translation<proto.UpdateRequest, proto.UpdateResponse> = {
  request(message, toBridge) {
    toBridge.struct(message.getOlds());
    toBridge.struct(message.getNews());
    toBridge.struct(message.getOldInputs());
    message.setIgnorechangesList(message.getIgnorechangesList().map(toBridge.path));
  },
  response: (message, fromBridge) => fromBridge.struct(message.getProperties()),
};

export const DELETE: Translation<proto.DeleteRequest, unknown> = {
  request(message, toBridge) {
    toBridge.struct(message.getProperties());
    toBridge.struct(message.getOldInputs());
  },
  response() {},
};

/** Adds to a data source's result the properties that newer versions of `@pulumi/aws` have by another name. */
export function completeResult(functionToken: string, response: proto.InvokeResponse): void {
  const fields = response.getReturn()?.getFieldsMap();
  for (const [from, to] of Object.entries(ALSO_CALLED[functionToken] ?? {})) {
    const value = fields?.get(from);
    if (value !== undefined && !fields?.has(to)) fields?.set(to, value);
  }
}
