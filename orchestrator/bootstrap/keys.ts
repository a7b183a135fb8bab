import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from "@aws-sdk/client-iam";
import { type AwsAccess, clientSettings } from "../adapters/aws-access.ts";
import { bootstrapProblem } from "./problems.ts";

export type AccessKey = { accessKeyId: string; secretAccessKey: string };

/** The access keys of users. A secret is told once, by the call that makes it, and AWS has it no more. */
export function accessKeys(administrator: AwsAccess) {
  const iam = new IAMClient(clientSettings(administrator));

  async function of(UserName: string) {
    const { AccessKeyMetadata = [] } = await iam.send(new ListAccessKeysCommand({ UserName }));
    const keys = AccessKeyMetadata.map(({ AccessKeyId: id = "", Status, CreateDate }) => ({
      id,
      active: Status === "Active",
      made: CreateDate?.getTime() ?? 0,
    }));
    return keys.sort((a, b) => a.made - b.made);
  }

  async function make(UserName: string): Promise<AccessKey> {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
    const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "" } = AccessKey ?? {};
    return { accessKeyId, secretAccessKey };
  }

  return {
    make,
    /** A first key; undefined where there is one already. */
    async first(user: string): Promise<AccessKey | undefined> {
      return (await of(user)).length === 0 ? await make(user) : undefined;
    },
    /** A second key beside the one in use. Throws keys-at-most-two. */
    async rotate(user: string): Promise<AccessKey> {
      if ((await of(user)).length >= 2) throw bootstrapProblem("keys-at-most-two", { user });
      return await make(user);
    },
    /**
     * Takes the older of two keys out of use; the next time, when nobody missed it, it is deleted. Gives what became of it.
     * Throws keys-only-one.
     */
    async retire(UserName: string): Promise<{ accessKeyId: string; now: "inactive" | "deleted" }> {
      const [older, newer] = await of(UserName);
      if (!older || !newer) throw bootstrapProblem("keys-only-one", { user: UserName });
      const AccessKeyId = older.id;
      if (!older.active) {
        await iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId }));
        return { accessKeyId: AccessKeyId, now: "deleted" };
      }
      await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: "Inactive" }));
      return { accessKeyId: AccessKeyId, now: "inactive" };
    },
  };
}
