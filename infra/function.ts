import aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";
import type { FunctionSpec, Shared } from "./functions.ts";
import { packageOf, type ReleaseInputs } from "./release-inputs.ts";
import { functionRole, type Grant } from "./role.ts";
import { serviceName } from "./settings.ts";

/** The alias that has the traffic. */
export const LIVE = "live";

/** A function with its log group, its role and the alias that has the traffic. Every change publishes a version. */
export class ServiceFunction extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;
  readonly live: aws.lambda.Alias;

  constructor(spec: FunctionSpec, shared: Shared, release: ReleaseInputs) {
    super("sentiment:service:Function", spec.name);
    const { settings, deadLetters } = shared;
    const functionName = serviceName(settings.environment, spec.name);
    const { key, codeSha256 } = packageOf(release, spec.name);
    const logGroup = new aws.cloudwatch.LogGroup(
      `${spec.name}-logs`,
      { name: `/aws/lambda/${functionName}`, retentionInDays: settings.logRetentionDays },
      { parent: this },
    );
    const deadLetter: Grant[] = spec.asynchronous
      ? [{ actions: ["sqs:SendMessage"], resources: [deadLetters.arn] }]
      : [];
    const { role, policy } = functionRole(`${spec.name}-role`, {
      functionName,
      logGroup,
      grants: [...spec.grants(shared), ...deadLetter],
      parent: this,
    });
    this.function = new aws.lambda.Function(
      spec.name,
      {
        name: functionName,
        description: spec.description,
        role: role.arn,
        runtime: "nodejs22.x",
        handler: "index.handler",
        memorySize: spec.memoryMb,
        timeout: spec.timeoutSeconds,
        s3Bucket: settings.packagesBucket,
        s3Key: key,
        sourceCodeHash: codeSha256,
        publish: true,
        environment: { variables: spec.environment(shared) },
        ...(spec.asynchronous ? { deadLetterConfig: { targetArn: deadLetters.arn } } : {}),
      },
      // Without its policy a function that is invoked at once fails; without the group Lambda makes one of its own.
      { parent: this, dependsOn: [policy, logGroup] },
    );
    // Traffic has one writer, and it is not this program: it only makes the alias exist.
    this.live = new aws.lambda.Alias(
      `${spec.name}-live`,
      { name: LIVE, functionName: this.function.name, functionVersion: this.function.version },
      { parent: this, ignoreChanges: ["functionVersion", "routingConfig"] },
    );
    this.registerOutputs();
  }
}
