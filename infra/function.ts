import aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";
import type { FunctionSpec } from "./function-spec.ts";
import { boundaryName, LIVE, serviceName } from "./names.ts";
import { packageOf, type ReleaseInputs } from "./release-inputs.ts";
import { functionRole } from "./role.ts";
import { arnOf, deadLettersArn, type Shared } from "./shared.ts";

/** How long an event may wait for its turn and its retries: six hours is the longest that Lambda keeps one. */
const OLDEST_EVENT_SECONDS = 6 * 3600;

/**
 * A function with its log group, its role, the alias that has the traffic, and the place where events go that it fails
 * on for good. Every change publishes a version.
 */
export class ServiceFunction extends pulumi.ComponentResource {
  readonly function: aws.lambda.Function;
  readonly live: aws.lambda.Alias;

  constructor(spec: FunctionSpec, shared: Shared, release: ReleaseInputs) {
    super("sentiment:service:Function", spec.name);
    const { settings } = shared;
    const functionName = serviceName(settings.environment, spec.name);
    const { key, codeSha256 } = packageOf(release, spec.name);
    const logGroup = new aws.cloudwatch.LogGroup(
      `${spec.name}-logs`,
      {
        name: `/aws/lambda/${functionName}`,
        retentionInDays: settings.logRetentionDays,
        tags: settings.tags,
      },
      // What a function said before it was taken away is wanted most then; its retention ends it.
      { parent: this, retainOnDelete: true },
    );
    const { role, policy } = functionRole(`${spec.name}-role`, {
      functionName,
      logGroup,
      grants: [
        ...spec.grants({ ...settings, arn: (service, resource) => arnOf(service, resource, shared) }),
        { actions: ["sqs:SendMessage"], resources: [deadLettersArn(settings, shared)] },
      ],
      boundary: arnOf("iam", `policy/${boundaryName(settings.environment)}`, shared),
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
        reservedConcurrentExecutions: settings.reservedConcurrency[spec.name] ?? -1,
        environment: { variables: spec.environment(shared) },
        tags: settings.tags,
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
    // Not the function's own dead-letter setting: that keeps the event, this keeps the reason as well.
    new aws.lambda.FunctionEventInvokeConfig(
      `${spec.name}-events`,
      {
        functionName: this.function.name,
        qualifier: this.live.name,
        maximumRetryAttempts: spec.retries,
        maximumEventAgeInSeconds: OLDEST_EVENT_SECONDS,
        destinationConfig: { onFailure: { destination: shared.deadLetters.arn } },
      },
      { parent: this },
    );
    this.registerOutputs();
  }
}
