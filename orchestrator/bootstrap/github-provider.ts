import {
  AddClientIDToOpenIDConnectProviderCommand,
  CreateOpenIDConnectProviderCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { AUDIENCE, GITHUB } from "../../infra/foundation/trust.ts";
import { type AwsAccess, clientSettings } from "../adapters/aws-access.ts";
import type { Found } from "./found.ts";

/**
 * The provider of GitHub's identities belongs to the account, not to an environment: an account has one for everybody in
 * it. It is made where it is missing, in no stack, so that who removes an environment does not lock out the others.
 */
export async function ensureGithubProvider(
  { account, githubProvider }: Found,
  administrator: AwsAccess,
): Promise<void> {
  const iam = new IAMClient(clientSettings(administrator));
  if (githubProvider) {
    // One that others made may not know our audience; to add it takes nothing from them, and twice is once.
    const added = { OpenIDConnectProviderArn: GITHUB.arn(account), ClientID: AUDIENCE };
    await iam.send(new AddClientIDToOpenIDConnectProviderCommand(added));
    return;
  }
  const made = { Url: GITHUB.url, ClientIDList: [AUDIENCE] };
  await iam.send(new CreateOpenIDConnectProviderCommand(made)).catch((error: Error) => {
    // The run of another environment was faster.
    if (error.name !== "EntityAlreadyExistsException") throw error;
  });
}
