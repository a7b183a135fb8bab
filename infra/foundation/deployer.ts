import type aws from "@pulumi/aws";
import type pulumi from "@pulumi/pulumi";
import { allowed } from "./allowed.ts";
import { denied } from "./denied.ts";
import type { FoundationSettings } from "./settings.ts";
import { user } from "./user.ts";

/** The user that runs promotions. */
export function deployer(
  settings: FoundationSettings,
  keys: { secrets: pulumi.Input<string>; signing: pulumi.Input<string> },
): aws.iam.User {
  const { environment, project } = settings;
  return user("deployer", `${project}-${environment}-deployer`, {
    "deployer-allowed": [`${environment}-deployer-allowed`, allowed(settings, keys)],
    "deployer-denied": [`${environment}-deployer-denied`, denied(settings)],
  });
}
