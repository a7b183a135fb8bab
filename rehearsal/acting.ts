import { CreateAccessKeyCommand, DeleteAccessKeyCommand, IAMClient } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { type AwsAccess, clientSettings } from "../orchestrator/adapters/aws-access.ts";

/**
 * Lets the emulator's administrator act as anybody: as a user with a key of its own, which is gone afterwards; as a role
 * because the emulator lets its administrator be every service that a role trusts. On AWS nobody can do that.
 */
export function acting(administrator: AwsAccess) {
  const iam = new IAMClient(clientSettings(administrator));
  const sts = new STSClient(clientSettings(administrator));
  const made: { UserName: string; AccessKeyId: string }[] = [];

  return {
    /** @param arn of a user or a role */
    async as(arn: string): Promise<AwsAccess> {
      const name = arn.split("/").at(-1) ?? "";
      const { region, endpoint } = administrator;
      const access = (credentials: NonNullable<AwsAccess["credentials"]>) => ({
        region,
        ...(endpoint ? { endpoint } : {}),
        credentials,
      });
      if (arn.includes(":role/")) {
        const { Credentials } = await sts.send(
          new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: "isolation" }),
        );
        const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
        return access({
          accessKeyId: AccessKeyId,
          secretAccessKey: SecretAccessKey,
          sessionToken: SessionToken,
        });
      }
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: name }));
      const { AccessKeyId = "", SecretAccessKey = "" } = AccessKey ?? {};
      made.push({ UserName: name, AccessKeyId });
      return access({ accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey });
    },
    /** Takes away every key that was made. */
    async close(): Promise<void> {
      for (const key of made.splice(0)) await iam.send(new DeleteAccessKeyCommand(key));
    },
  };
}
