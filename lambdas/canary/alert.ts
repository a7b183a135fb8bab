import { PublishCommand, type SNSClient } from "@aws-sdk/client-sns";
import type { Finding } from "./check.ts";

/** Tells the alerts topic what the canary found, and what to do about it. */
export async function alert(
  sns: Pick<SNSClient, "send">,
  finding: Finding,
  about: { topic: string; canary: string; dashboard: string; version: string },
): Promise<void> {
  const lines = [
    `${about.canary} found ${about.dashboard} unwell:`,
    ...finding.faults.map((fault) => `- ${fault}`),
    "",
    `Expected release: ${about.version}`,
    "What to do: npm run status shows what runs, and npm run rollback takes the last promotion back.",
  ];
  await sns.send(
    new PublishCommand({
      TopicArn: about.topic,
      Subject: `${about.canary}: the dashboard is unwell`,
      Message: lines.join("\n"),
    }),
  );
}
