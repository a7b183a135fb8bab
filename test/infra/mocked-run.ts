import { readFileSync } from "node:fs";
import pulumi from "@pulumi/pulumi";
import { parse } from "yaml";

export type Registered = { type: string; name: string; inputs: Record<string, unknown> };
export type MockedRun = { resources: Registered[]; outputs: Record<string, unknown> };

const ROOT = new URL("../../", import.meta.url);
const ACCOUNT = "123456789012";

/** A stack file of this project, parsed. */
export function stackFile(environment: string): {
  secretsprovider?: string;
  config: Record<string, unknown>;
} {
  return parse(readFileSync(new URL(`Pulumi.${environment}.yaml`, ROOT), "utf8"));
}

/** Runs a program as the stack of an environment, with its committed configuration and no engine or provider. */
export async function mockedRun(
  environment: string,
  program: () => Promise<Record<string, unknown>>,
): Promise<MockedRun> {
  const resources: Registered[] = [];
  const config = Object.entries(stackFile(environment).config).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(config));
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, custom }) => {
        if (custom === false) return { id: undefined, state: inputs };
        resources.push({ type, name, inputs });
        return { id: `${name}-id`, state: { ...made(type, inputs), ...inputs } };
      },
      call: ({ token }) => {
        throw new Error(`The program calls ${token}, which costs every preview time.`);
      },
    },
    "sentiment-analyzer",
    environment,
    false,
  );
  const outputs = await settled(await program());
  await pulumi.runtime.disconnect();
  return { resources, outputs };
}

// What the provider would add to what was asked for, as far as the programs use it.
function made(type: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const name = String(inputs.name ?? inputs.bucket ?? "");
  const service = type.split(":")[1]?.split("/")[0];
  const [of, resource] = type.includes("logGroup") ? ["logs", `log-group:${name}`] : [service, name];
  return {
    arn: `arn:aws:${of}:us-east-1:${ACCOUNT}:${resource}`,
    version: "1",
    functionUrl: "https://example.lambda-url.us-east-1.on.aws/",
  };
}

function settled(outputs: Record<string, unknown>): Promise<Record<string, unknown>> {
  return new Promise((resolve) => pulumi.output(outputs).apply((values) => resolve(values)));
}
