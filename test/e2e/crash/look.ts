import {
  GetAliasCommand,
  GetFunctionCommand,
  LambdaClient,
  paginateListFunctions,
  paginateListVersionsByFunction,
} from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { type AwsAccess, clientSettings } from "../../../orchestrator/adapters/aws-access.ts";
import { dynamodbLedger } from "../../../orchestrator/adapters/dynamodb-ledger.ts";
import { systemClock } from "../../../orchestrator/adapters/system-clock.ts";
import { loadEnvironment } from "../../../orchestrator/environment.ts";
import type { LeaseRecord } from "../../../orchestrator/ports/ledger.ts";
import type { Entry } from "../../../orchestrator/promotion/events.ts";
import { lookFromOutside } from "../../../rehearsal/story/outside.ts";

export type FunctionSeen = {
  /** The digest of each published version. */
  versions: Record<string, string>;
  /** The share of requests of each version. */
  weights: Record<string, number>;
  /** The digest of the code that the stack gave it last. */
  latest: string;
};

/** An environment as its administrator sees it, without any help of the promotion. */
export type Seen = {
  entries: Entry[];
  lease: LeaseRecord | undefined;
  functions: Record<string, FunctionSeen>;
  /** What the service says of itself through its URL. */
  answers: string;
  /** Pulumi's lock files, and the operations that it began and does not know the end of. */
  locks: string[];
  pending: number;
};

export async function look(root: string, name: string, access: AwsAccess): Promise<Seen> {
  const { promotion } = loadEnvironment(root, name);
  const ledger = dynamodbLedger({ table: promotion.ledger, environment: name, clock: systemClock }, access);
  const outside = await lookFromOutside(name, access);
  const [entries, lease, functions, answers, stack] = await Promise.all([
    ledger.entries(),
    ledger.held(),
    functionsOf(`${name}-`, access),
    outside.version(),
    stackOf(new URL(promotion.state).host, name, access),
  ]);
  return { entries, lease, functions, answers, ...stack };
}

async function functionsOf(prefix: string, access: AwsAccess): Promise<Seen["functions"]> {
  const client = new LambdaClient(clientSettings(access));
  const found: Seen["functions"] = {};
  for await (const { Functions = [] } of paginateListFunctions({ client }, {}))
    for (const { FunctionName = "" } of Functions)
      if (FunctionName.startsWith(prefix)) found[FunctionName] = await functionOf(FunctionName, client);
  return found;
}

async function functionOf(FunctionName: string, client: LambdaClient): Promise<FunctionSeen> {
  const versions: Record<string, string> = {};
  for await (const { Versions = [] } of paginateListVersionsByFunction({ client }, { FunctionName }))
    for (const { Version = "", CodeSha256 = "" } of Versions)
      if (Version !== "$LATEST") versions[Version] = CodeSha256;
  const { FunctionVersion = "", RoutingConfig } = await client.send(
    new GetAliasCommand({ FunctionName, Name: "live" }),
  );
  const others = RoutingConfig?.AdditionalVersionWeights ?? {};
  const rest = 1 - Object.values(others).reduce((sum, weight) => sum + weight, 0);
  const { Configuration } = await client.send(new GetFunctionCommand({ FunctionName }));
  return {
    versions,
    weights: { ...others, [FunctionVersion]: rest },
    latest: Configuration?.CodeSha256 ?? "",
  };
}

async function stackOf(
  Bucket: string,
  name: string,
  access: AwsAccess,
): Promise<Pick<Seen, "locks" | "pending">> {
  const client = new S3Client({ ...clientSettings(access), forcePathStyle: true });
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  const keys = Contents.map(({ Key = "" }) => Key);
  const state = keys.find((key) => key.includes("/stacks/") && key.endsWith(`/${name}.json`));
  if (!state) throw new Error(`the stack ${name} has no state in ${Bucket}`);
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: state }));
  const { checkpoint } = JSON.parse((await Body?.transformToString()) ?? "{}");
  return {
    locks: keys.filter((key) => key.includes("/locks/")),
    pending: checkpoint?.latest?.pending_operations?.length ?? 0,
  };
}
