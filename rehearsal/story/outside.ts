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

/** The URL that the service answers at, and the header that lets one in. */
async function entrance(environment: string, access: AwsAccess) {
  const { FunctionUrl = "" } = await new LambdaClient(clientSettings(access)).send(
    new GetFunctionUrlConfigCommand({
      FunctionName: `${environment}-sentiment-dashboard`,
      Qualifier: "live",
    }),
  );
  const { SecretString } = await new SecretsManagerClient(clientSettings(access)).send(
    new GetSecretValueCommand({ SecretId: `${environment}-dashboard-api-key` }),
  );
  return { url: FunctionUrl, key: { "x-api-key": String(JSON.parse(SecretString ?? "{}").api_key) } };
}

/** The health request as another program can send it: to the emulator, with the host that the service answers to. */
export async function healthRequest(environment: string, access: AwsAccess) {
  const { url, key } = await entrance(environment, access);
  return { url: new URL("/health", access.endpoint).href, headers: { ...key, host: new URL(url).host } };
}

export async function lookFromOutside(environment: string, access: AwsAccess): Promise<Outside> {
  const lambda = new LambdaClient(clientSettings(access));
  const { url: FunctionUrl, key } = await entrance(environment, access);
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
