import proto, { type CheckFailure, type CheckRequest } from "@pulumi/pulumi/proto/provider_pb.js";
import type { KnownInputs } from "./known-inputs.ts";
import { LEFT_OUT, toBridge } from "./properties.ts";
import { bridgedType, typeOf } from "./tokens.ts";

/**
 * Finds the properties that a program sets and the bridge does not have, since the SDK is of a newer provider. The
 * bridge leaves them out without a word, and a rehearsal would then pass for what fails or differs on AWS.
 */
export function unknownProperties(
  known: () => Promise<KnownInputs>,
): (request: CheckRequest) => Promise<CheckFailure[]> {
  let answer: Promise<KnownInputs> | undefined;
  return async (request) => {
    answer ??= known();
    const type = typeOf(request.getUrn());
    const inputs = (await answer)[bridgedType(type)] ?? [];
    const { path: rename } = toBridge(type);
    const leftOut = LEFT_OUT[type] ?? [];
    const names = [...(request.getNews()?.getFieldsMap().keys() ?? [])];
    return names
      .filter((name) => !name.startsWith("__") && !leftOut.includes(name) && !inputs.includes(rename(name)))
      .map((name) => new proto.CheckFailure().setProperty(name).setReason(reason(type, name)));
  };
}

function reason(type: string, name: string): string {
  return `the Terraform provider that the rehearsal runs on has no ${JSON.stringify(name)} in ${type}`;
}
