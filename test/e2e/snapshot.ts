import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  LambdaClient,
  ListAliasesCommand,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
} from "@aws-sdk/client-lambda";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";
import { loadEnvironment } from "../../orchestrator/environment.ts";

/** What an environment is made of, as the AWS SDK shows it to its administrator. */
export type Snapshot = {
  versions: Record<string, string[]>;
  aliases: Record<string, unknown>;
  /** Every object of the stack's state and of the packages bucket, with the digest of its bytes. */
  objects: Record<string, string>;
  alarms: unknown[];
};

/** Looks at everything that a promotion may change, but for the ledger, which records attempts too. */
export async function snapshot(root: string, name: string, access: AwsAccess): Promise<Snapshot> {
  const { promotion } = loadEnvironment(root, name);
  const state = new URL(promotion.state).host;
  const [functions, alarms, ...objects] = await Promise.all([
    functionsOf(`${name}-`, access),
    alarmsOf(promotion.alarmPrefix, access),
    objectsOf(state, access),
    objectsOf(promotion.packages, access),
  ]);
  return { ...functions, alarms, objects: Object.assign({}, ...objects) };
}

async function functionsOf(
  prefix: string,
  access: AwsAccess,
): Promise<Pick<Snapshot, "versions" | "aliases">> {
  const client = new LambdaClient(clientSettings(access));
  const { Functions = [] } = await client.send(new ListFunctionsCommand());
  const names = Functions.map(({ FunctionName = "" }) => FunctionName).filter((each) =>
    each.startsWith(prefix),
  );
  const versions: Snapshot["versions"] = {};
  const aliases: Snapshot["aliases"] = {};
  for (const FunctionName of names) {
    const { Versions = [] } = await client.send(new ListVersionsByFunctionCommand({ FunctionName }));
    const { Aliases = [] } = await client.send(new ListAliasesCommand({ FunctionName }));
    versions[FunctionName] = Versions.map(({ Version, CodeSha256 }) => `${Version} ${CodeSha256}`);
    aliases[FunctionName] = Aliases;
  }
  return { versions, aliases };
}

/** Alarms as they are set; their state lives. */
async function alarmsOf(AlarmNamePrefix: string, access: AwsAccess): Promise<unknown[]> {
  const client = new CloudWatchClient(clientSettings(access));
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix }));
  return MetricAlarms.map(
    ({ AlarmName, MetricName, Dimensions, Threshold, AlarmActions, ActionsEnabled }) => ({
      AlarmName,
      MetricName,
      Dimensions,
      Threshold,
      AlarmActions,
      ActionsEnabled,
    }),
  );
}

async function objectsOf(Bucket: string, access: AwsAccess): Promise<Record<string, string>> {
  const client = new S3Client({ ...clientSettings(access), forcePathStyle: true });
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  return Object.fromEntries(Contents.map(({ Key, ETag }) => [`${Bucket}/${Key}`, String(ETag)]));
}
