import {
  GetAliasCommand,
  LambdaClient,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { bundleFunction } from "../../orchestrator/release/bundle.ts";
import { reproducibleZip } from "../../orchestrator/release/zip.ts";
import type { Service } from "./service-fixture.ts";

/** What a version does otherwise than the release does, as JavaScript; both sides of it are as they are unless said. */
export type Lie = {
  /** `(event) => event`, before the function sees it. */
  hears?: string;
  /** `(event, answer) => answer`, after it. */
  says?: string;
  /** The release that the version says it is of. */
  sha?: string;
};

/** Gives the traffic of a function to a version that is the release's own but for one lie; returns the way back. */
export async function lying(at: Service, name: string, lie: Lie): Promise<() => Promise<unknown>> {
  const lambda = new LambdaClient(clientSettings(at.access));
  const FunctionName = `${at.environment}-sentiment-${name}`;
  const alias = { FunctionName, Name: "live" };
  const { code } = await bundleFunction(at.checkout.root, name, lie.sha ?? at.sha);
  const { FunctionVersion } = await lambda.send(new GetAliasCommand(alias));
  const ZipFile = await reproducibleZip({ "index.js": Buffer.from(wrapper(lie)), "real.js": code });
  const { Version } = await lambda.send(
    new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true }),
  );
  await waitUntilFunctionUpdatedV2(
    { client: lambda, maxWaitTime: 20, minDelay: 0.1, maxDelay: 0.2 },
    { FunctionName },
  );
  await lambda.send(new UpdateAliasCommand({ ...alias, FunctionVersion: Version }));
  return () => lambda.send(new UpdateAliasCommand({ ...alias, FunctionVersion }));
}

/** What is deployed next starts from the release's own code again. */
export async function tellTheTruth(at: Service, name: string): Promise<void> {
  await new LambdaClient(clientSettings(at.access)).send(
    new UpdateFunctionCodeCommand({
      FunctionName: `${at.environment}-sentiment-${name}`,
      S3Bucket: `sentiment-analyzer-lambda-packages-${at.environment}`,
      S3Key: `${name}/${at.sha}/lambda.zip`,
    }),
  );
}

const wrapper = ({ hears = "(event) => event", says = "(event, answer) => answer" }: Lie) => `
const { handler } = require("./real.js");
const hears = ${hears};
const says = ${says};
exports.handler = async (event) => says(event, await handler(hears(event)));
`;
