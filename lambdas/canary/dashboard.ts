import { GetAliasCommand, GetFunctionUrlConfigCommand, type LambdaClient } from "@aws-sdk/client-lambda";

type Lambda = Pick<LambdaClient, "send">;

/** The URL of what has the dashboard's traffic. */
export async function dashboardUrl(lambda: Lambda, alias: AliasOf): Promise<string> {
  const { FunctionUrl } = await lambda.send(
    new GetFunctionUrlConfigCommand({ FunctionName: alias.functionName, Qualifier: alias.name }),
  );
  if (!FunctionUrl) throw new Error(`The function ${alias.functionName} has no URL.`);
  return FunctionUrl;
}

/** Whether the alias sends its requests to two versions. */
export async function isShifting(lambda: Lambda, alias: AliasOf): Promise<boolean> {
  const { RoutingConfig } = await lambda.send(
    new GetAliasCommand({ FunctionName: alias.functionName, Name: alias.name }),
  );
  return Object.keys(RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0;
}

type AliasOf = { functionName: string; name: string };
