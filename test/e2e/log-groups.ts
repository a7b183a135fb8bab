import { LambdaClient } from "@aws-sdk/client-lambda";
import { type AwsAccess, clientSettings } from "../../orchestrator/adapters/aws-access.ts";

/**
 * How many days each log group with this prefix keeps what it is told. Asked for by hand, and signed by a client that is
 * there: one more SDK client for one question would be installed by everybody.
 */
export async function logRetention(access: AwsAccess, prefix: string): Promise<Record<string, number>> {
  const { config } = new LambdaClient(clientSettings(access));
  const signing = { name: "sigv4", signingName: "logs", signingRegion: access.region, properties: {} };
  const signer = await config.signer?.(signing);
  const { protocol, hostname, port } = new URL(access.endpoint ?? "");
  const request = {
    protocol,
    hostname,
    port: Number(port),
    method: "POST",
    path: "/",
    query: {},
    headers: {
      host: `${hostname}:${port}`,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "Logs_20140328.DescribeLogGroups",
    },
    body: JSON.stringify({ logGroupNamePrefix: prefix }),
  };
  const signed = await signer?.sign(request as never);
  const response = await fetch(new URL("/", access.endpoint), {
    method: "POST",
    headers: signed?.headers ?? {},
    body: request.body,
  });
  const answer = (await response.json()) as {
    logGroups?: { logGroupName: string; retentionInDays: number }[];
  };
  if (!answer.logGroups) throw new Error(`the log groups were not told: ${JSON.stringify(answer)}`);
  return Object.fromEntries(answer.logGroups.map((group) => [group.logGroupName, group.retentionInDays]));
}
