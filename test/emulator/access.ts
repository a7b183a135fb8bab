import type { AwsAccess } from "../../orchestrator/adapters/aws-access.ts";
import { clientConfig } from "./emulator-fixture.ts";

/** The shared emulator, as the orchestrator's adapters are told of an AWS to reach. */
export async function emulatorAccess(): Promise<AwsAccess> {
  const { endpoint, region, credentials } = await clientConfig();
  return { endpoint, region, credentials };
}

let made = 0;

/** A name that no other test of this run uses. */
export const unused = (name: string) => `${name}-${++made}`;
