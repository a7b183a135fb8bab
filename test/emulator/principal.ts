import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { clientConfig } from "./emulator-fixture.ts";

/** A user who may do what the statements say and nothing else: the configuration of a client that acts as this user. */
export async function clientConfigOf(UserName: string, Statement: object[]) {
  const iam = new IAMClient(await clientConfig());
  await iam.send(new CreateUserCommand({ UserName }));
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "own", PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return await clientConfig({
    accessKeyId: AccessKey?.AccessKeyId ?? "",
    secretAccessKey: AccessKey?.SecretAccessKey ?? "",
  });
}

/** What became of a request: "allowed", or the name of the refusal. */
export async function fate(sent: Promise<unknown>): Promise<string> {
  return await sent.then(
    () => "allowed",
    (error) =>
      /denied|authoriz/i.test(`${error.name} ${error.message}`)
        ? "denied"
        : `${error.name}: ${error.message}`,
  );
}
