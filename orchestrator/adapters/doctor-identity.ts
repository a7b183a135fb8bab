import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Identity } from "../doctor/place.ts";
import type { Secrets } from "../secrets.ts";
import { type AwsAccess, clientSettings } from "./aws-access.ts";

/** Whose the credentials are, when they end, and what time it is where they were asked about. */
export async function identify(access: AwsAccess, secrets: Secrets): Promise<Identity> {
  const sts = new STSClient(clientSettings(access));
  let date: Date | undefined;
  sts.middlewareStack.add(
    (next) => async (given) => {
      const answered = await next(given);
      const { headers = {} } = answered.response as { headers?: Record<string, string> };
      const told = Date.parse(headers.date ?? "");
      date = Number.isNaN(told) ? undefined : new Date(told);
      return answered;
    },
    { step: "deserialize", name: "dateOfTheAnswer", priority: "low" },
  );
  const used = await sts.config.credentials();
  for (const value of [used.secretAccessKey, used.sessionToken]) secrets.know(value);
  const { Arn = "", Account = "" } = await sts.send(new GetCallerIdentityCommand());
  return { arn: Arn, account: Account, expires: used.expiration, date };
}
