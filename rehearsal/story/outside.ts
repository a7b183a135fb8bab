import { GetAliasCommand, GetFunctionUrlConfigCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { send } from "../../orchestrator/adapters/health-probes.ts";

/** An environment as anybody sees it who did not deploy it: by HTTP, and through the AWS SDK. */
export type Outside = {
  /** The SHA that the service reports of itself through its URL. */
  version(): Promise<string>;
  /** The status of a request without a key. */
  statusWithoutKey(): Promise<number>;
  /** The share of requests on each version of a function, by its alias. */
  weights(functionName: string): Promise<Record<string, number>>;
  /** Asks for a list of items as long as people like it. Returns the status. */
  visit(): Promise<number>;
};

export async function lookFromOutside(environment: string, access: AwsAccess): Promise<Outside> {
  const lambda = new LambdaClient(clientSettings(access));
  const secrets = new SecretsManagerClient(clientSettings(access));
  const { FunctionUrl } = await lambda.send(
    new GetFunctionUrlConfigCommand({
      FunctionName: `${environment}-sentiment-dashboard`,
      Qualifier: "live",
    }),
  );
  const { SecretString } = await secrets.send(
    new GetSecretValueCommand({ SecretId: `${environment}-dashboard-api-key` }),
  );
  const key = { "x-api-key": String(JSON.parse(SecretString ?? "{}").api_key) };
  const get = (path: string, headers: Record<string, string>) =>
    send(new URL(path, FunctionUrl), headers, access.endpoint);
  return {
    async version() {
      const { status, body } = await get("/health", key);
      return status === 200 ? String(JSON.parse(body).version) : `status ${status}`;
    },
    async statusWithoutKey() {
      return (await get("/health", {})).status;
    },
    async weights(functionName) {
      const { FunctionVersion = "", RoutingConfig } = await lambda.send(
        new GetAliasCommand({ FunctionName: functionName, Name: "live" }),
      );
      const others = RoutingConfig?.AdditionalVersionWeights ?? {};
      const rest = 1 - Object.values(others).reduce((sum, weight) => sum + weight, 0);
      return { ...others, [FunctionVersion]: rest };
    },
    async visit() {
      return (await get("/api/items?limit=50", key)).status;
    },
  };
}
