import { GetFunctionUrlConfigCommand, InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { send } from "../../orchestrator/adapters/health-probes.ts";
import { environmentNames, loadEnvironment } from "../../orchestrator/environment.ts";
import { type Checkout, checkOutNow } from "./checkout.ts";
import { documentOf, launch, run } from "./command.ts";
import { razed } from "./promotions.ts";

const QUICK = ["--bake", "1s", "--strategy", "all-at-once"];

/** The service as it runs in one environment of a machine of its own, and what its administrator may do with it. */
export type Service = {
  checkout: Checkout;
  environment: string;
  sha: string;
  access: AwsAccess;
  url: string;
  key: string;
  /** Promotes what is checked out once more, or to another environment; returns the document. */
  promote(to?: string): Promise<Record<string, unknown>>;
  invoke<T>(name: string, event?: object): Promise<T>;
  /** Asks the API with the key; fails unless the answer is 200. */
  get<T>(path: string): Promise<T>;
};

let shared: Promise<Service> | undefined;

/** The one deployed service that the suites of a run share; it ends with the run. */
export function service(): Promise<Service> {
  shared ??= deploy();
  return shared;
}

async function deploy(): Promise<Service> {
  const checkout = checkOutNow();
  const [environment = ""] = environmentNames(checkout.root).filter(
    (name) => loadEnvironment(checkout.root, name).promotion.requires.length === 0,
  );
  await must(run(checkout, ["local", "up", "--json"]));
  const variables = documentOf(await run(checkout, ["local", "env", "--json"])) as Record<string, string>;
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region = "" } = variables;
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "" } = variables;
  const access = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  const sha = checkout.git("rev-parse", "HEAD");
  await must(launch(checkout, ["npm", "run", "--silent", "package"]).ended);
  const promote = async (to = environment) => {
    const command = ["promote", "--env", to, "--sha", sha, "--local", "--json", ...QUICK];
    return documentOf(await must(run(checkout, command)));
  };
  await promote();
  const lambda = new LambdaClient(clientSettings(access));
  const named = (name: string) => ({
    FunctionName: `${environment}-sentiment-${name}`,
    Qualifier: "live",
  });
  const { FunctionUrl: url = "" } = await lambda.send(new GetFunctionUrlConfigCommand(named("dashboard")));
  const key = await apiKey(environment, access);
  return {
    checkout,
    environment,
    sha,
    access,
    url,
    key,
    promote,
    async invoke(name, event = {}) {
      const { FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ ...named(name), Payload: JSON.stringify(event) }),
      );
      const text = new TextDecoder().decode(Payload);
      if (FunctionError) throw new Error(text);
      return JSON.parse(text);
    },
    async get(path) {
      const { status, body } = await send(new URL(path, url), { "x-api-key": key }, endpoint);
      if (status !== 200) throw new Error(`${path}: ${status} ${body}`);
      return JSON.parse(body);
    },
  };
}

async function must<T extends { code: number | null; err: string }>(ending: Promise<T>): Promise<T> {
  const ended = await ending;
  if (ended.code !== 0) throw new Error(ended.err);
  return ended;
}

async function apiKey(environment: string, access: AwsAccess): Promise<string> {
  const { SecretString } = await new SecretsManagerClient(clientSettings(access)).send(
    new GetSecretValueCommand({ SecretId: `${environment}-dashboard-api-key` }),
  );
  return String(JSON.parse(SecretString ?? "{}").api_key);
}

after(async function () {
  this.timeout(60_000);
  const started = await shared?.catch(() => undefined);
  if (started) await razed(started.checkout);
});
