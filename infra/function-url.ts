import aws from "@pulumi/aws";
import type { ServiceFunction } from "./function.ts";

/** A public URL for what has the traffic; the function itself asks for a key. */
export function functionUrl(name: string, target: ServiceFunction): aws.lambda.FunctionUrl {
  const parent = target;
  const onLive = { function: target.function.name, qualifier: target.live.name, principal: "*" };
  const url = new aws.lambda.FunctionUrl(
    `${name}-url`,
    { functionName: target.function.name, qualifier: target.live.name, authorizationType: "NONE" },
    { parent },
  );
  new aws.lambda.Permission(
    `${name}-url`,
    {
      ...onLive,
      statementId: `${name}-live-url`,
      action: "lambda:InvokeFunctionUrl",
      functionUrlAuthType: "NONE",
    },
    { parent },
  );
  // Newer accounts ask for both: the URL may be called, and the call may invoke the function, through the URL only.
  new aws.lambda.Permission(
    `${name}-url-invoke`,
    {
      ...onLive,
      statementId: `${name}-live-url-invoke`,
      action: "lambda:InvokeFunction",
      invokedViaFunctionUrl: true,
    },
    { parent },
  );
  return url;
}
