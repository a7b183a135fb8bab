import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { ZipFile } from "yazl";
import { account, clientConfig, emulator } from "./emulator-fixture.ts";

const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

/** A package of one CommonJS file. */
export async function zipOf(source: string): Promise<Uint8Array> {
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from(source), "index.js", { mtime: new Date(0) });
  zip.end();
  return await buffer(zip.outputStream as unknown as NodeJS.ReadableStream);
}

/** A role that functions run as, allowed what the statement says. */
export async function createRole(
  name: string,
  statement: object = { Effect: "Allow", Action: "logs:*", Resource: "*" },
  config?: Awaited<ReturnType<typeof clientConfig>>,
): Promise<string> {
  const iam = new IAMClient(config ?? (await clientConfig()));
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  const policy = { Version: "2012-10-17", Statement: [statement] };
  await iam.send(
    new PutRolePolicyCommand({ RoleName: name, PolicyName: "own", PolicyDocument: JSON.stringify(policy) }),
  );
  return `arn:aws:iam::${account}:role/${name}`;
}

/** Creates a function and publishes one version for each source: "1", "2", ... */
export async function deploy(
  name: string,
  sources: string[],
  more: { role?: string; config?: Awaited<ReturnType<typeof clientConfig>> } = {},
): Promise<LambdaClient> {
  const lambda = new LambdaClient(more.config ?? (await clientConfig()));
  const role = more.role ?? (await createRole(name));
  const [first = "", ...later] = sources;
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: name,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Role: role,
      Code: { ZipFile: await zipOf(first) },
      Publish: true,
    }),
  );
  await waitUntilFunctionActiveV2(
    { client: lambda, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.2 },
    { FunctionName: name },
  );
  for (const source of later) {
    await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: await zipOf(source) }));
    await waitUntilFunctionUpdatedV2(
      { client: lambda, maxWaitTime: 10, minDelay: 0.1, maxDelay: 0.2 },
      { FunctionName: name },
    );
    await lambda.send(new PublishVersionCommand({ FunctionName: name }));
  }
  return lambda;
}

/** An alias, with a weight for one more version when given, and a public URL on it; gives the URL's host. */
export async function exposeAlias(
  lambda: LambdaClient,
  name: string,
  version: string,
  weights?: Record<string, number>,
): Promise<string> {
  await lambda.send(
    new CreateAliasCommand({
      FunctionName: name,
      Name: "live",
      FunctionVersion: version,
      RoutingConfig: weights && { AdditionalVersionWeights: weights },
    }),
  );
  const url = await lambda.send(
    new CreateFunctionUrlConfigCommand({ FunctionName: name, Qualifier: "live", AuthType: "NONE" }),
  );
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: name,
      Qualifier: "live",
      StatementId: "url",
      Action: "lambda:InvokeFunctionUrl",
      Principal: "*",
      FunctionUrlAuthType: "NONE",
    }),
  );
  return new URL(url.FunctionUrl ?? "").host;
}

/** A request to a function URL: to the emulator, with the URL's own Host header. */
export async function get(host: string, path = "/"): Promise<{ status: number; body: string }> {
  const { endpoint } = await emulator();
  return await new Promise((resolve, reject) => {
    request(new URL(path, endpoint), { headers: { host } }, async (response) => {
      resolve({ status: response.statusCode ?? 0, body: (await buffer(response)).toString() });
    })
      .once("error", reject)
      .end();
  });
}
