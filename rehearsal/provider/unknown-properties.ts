import type { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto, { type CheckFailure, type CheckRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import { LEFT_OUT, toBridge } from "./properties.ts";
import { bridgedType, typeOf } from "./tokens.ts";

/** The part of the bridge's schema that is read here. */
type Schema = { resources: Record<string, { inputProperties: Record<string, unknown> }> };

/**
 * Finds the properties that a program sets and the bridge does not have, since the SDK is of a newer provider. The
 * bridge leaves them out without a word, and a rehearsal would then pass for what fails or differs on AWS.
 */
export function unknownProperties(
  upstream: ResourceProviderClient,
): (request: CheckRequest) => Promise<CheckFailure[]> {
  let schema: Promise<Schema> | undefined;
  return async (request) => {
    schema ??= schemaOf(upstream);
    const type = typeOf(request.getUrn());
    const known = (await schema).resources[bridgedType(type)]?.inputProperties ?? {};
    const { path: rename } = toBridge(type);
    const leftOut = LEFT_OUT[type] ?? [];
    const names = [...(request.getNews()?.getFieldsMap().keys() ?? [])];
    return names
      .filter((name) => !name.startsWith("__") && !leftOut.includes(name) && !(rename(name) in known))
      .map((name) => new proto.CheckFailure().setProperty(name).setReason(reason(type, name)));
  };
}

function schemaOf(upstream: ResourceProviderClient): Promise<Schema> {
  const request = new proto.GetSchemaRequest().setSubpackageName("aws").setSubpackageVersion("0.0.0");
  return new Promise((resolve, reject) =>
    upstream.getSchema(request, (error, response) =>
      error ? reject(error) : resolve(JSON.parse(response.getSchema()) as Schema),
    ),
  );
}

function reason(type: string, name: string): string {
  return `the Terraform provider that the rehearsal runs on has no ${JSON.stringify(name)} in ${type}`;
}
