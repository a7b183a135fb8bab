import proto, {
  type CheckFailure,
  type CheckRequest,
  type CheckResponse,
} from "@pulumi/pulumi/proto/provider_pb.js";
import { ownFailure } from "./failures.ts";
import type { Handler } from "./handler.ts";

/** Answers with the failures that are found before the bridge is asked. */
export function refusing(
  find: (request: CheckRequest) => Promise<CheckFailure[]>,
  check: Handler<CheckRequest, CheckResponse>,
): Handler<CheckRequest, CheckResponse> {
  return (call, answer) => {
    find(call.request).then(
      (failures) =>
        failures.length > 0
          ? answer(null, new proto.CheckResponse().setFailuresList(failures))
          : check(call, answer),
      (error) => answer(ownFailure(`the bridge's schema could not be read: ${error}`)),
    );
  };
}

/** The bridge takes seconds to check a configuration, and the engine asks it the same at each operation. */
export function remembered(
  check: Handler<CheckRequest, CheckResponse>,
): Handler<CheckRequest, CheckResponse> {
  const answers = new Map<string, CheckResponse>();
  return (call, answer) => {
    const question = Buffer.from(call.request.serializeBinary()).toString("base64");
    const known = answers.get(question);
    if (known !== undefined) return answer(null, known);
    check(call, (error, response) => {
      if (response?.getFailuresList().length === 0) answers.set(question, response);
      answer(error, response);
    });
  };
}
