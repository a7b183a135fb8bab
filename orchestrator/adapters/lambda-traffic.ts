import {
  type AliasConfiguration,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import type { ReadRoute, Traffic } from "../ports/traffic.ts";
import { problem } from "../problems.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

const ALIAS = "live";

/** The alias `live` of Lambda functions. A write names the revision it was decided on; Lambda refuses any other. */
export function lambdaTraffic(access: AwsAccess): Traffic {
  const lambda = new LambdaClient(clientSettings(access));
  return {
    async read(functionName) {
      return routeOf(await lambda.send(new GetAliasCommand({ FunctionName: functionName, Name: ALIAS })));
    },
    async route(functionName, { version, canary }, revision) {
      const AdditionalVersionWeights: Record<string, number> = canary
        ? { [canary.version]: canary.weight }
        : {};
      try {
        const written = await lambda.send(
          new UpdateAliasCommand({
            FunctionName: functionName,
            Name: ALIAS,
            FunctionVersion: version,
            RoutingConfig: { AdditionalVersionWeights },
            RevisionId: revision,
          }),
        );
        return routeOf(written);
      } catch (error) {
        if (error instanceof Error && error.name === "PreconditionFailedException")
          throw problem("route-changed", { functionName }, error);
        throw error;
      }
    },
    async codeSha256(functionName, version) {
      const input = { FunctionName: functionName, Qualifier: version };
      try {
        return (await lambda.send(new GetFunctionConfigurationCommand(input))).CodeSha256;
      } catch (error) {
        if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
        throw error;
      }
    },
  };
}

function routeOf({ FunctionVersion, RoutingConfig, RevisionId }: AliasConfiguration): ReadRoute {
  const [canary] = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {});
  return {
    version: FunctionVersion ?? "",
    revision: RevisionId ?? "",
    ...(canary ? { canary: { version: canary[0], weight: canary[1] } } : {}),
  };
}
