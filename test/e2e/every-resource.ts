import aws from "@pulumi/aws";
import pulumi from "@pulumi/pulumi";
import { money, type Naming, watching } from "./watching-resources.ts";

const POLICY = (statement: object) => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
const LAMBDA_MAY_ASSUME = POLICY({
  Effect: "Allow",
  Principal: { Service: "lambda.amazonaws.com" },
  Action: "sts:AssumeRole",
});

export type Inputs = {
  prefix: string;
  /** Where the code of the function is: a bucket and a key that exist. */
  code: { bucket: string; key: string };
  /** Makes one resource fail on AWS's side. */
  withFailure?: boolean;
};

/** A program that uses each resource type that the rehearsal's provider covers at least once, renamed parts included. */
export const everyResource = (inputs: Inputs) => async () => {
  const named = (name: string) => `${inputs.prefix}-${name}`;
  const parts = [messaging, storage, identity, compute, watching, money];
  const outputs = Object.assign({}, ...parts.map((part) => part(named, inputs)));
  const [identityOfCaller, region, partition] = await Promise.all([
    aws.getCallerIdentity(),
    aws.getRegion(),
    aws.getPartition(),
  ]);
  const document = await aws.iam.getPolicyDocument({
    statements: [{ actions: ["s3:GetObject"], resources: ["*"], effect: "Deny" }],
  });
  if (inputs.withFailure)
    new aws.lambda.Alias("failing", { functionName: "absent", functionVersion: "1", name: "a" });
  return {
    ...outputs,
    account: identityOfCaller.accountId,
    region: region.region,
    partition: partition.partition,
    document: document.json,
  };
};

function messaging(named: Naming) {
  const topic = new aws.sns.Topic("topic", { name: named("topic") });
  new aws.sns.TopicPolicy("topic-policy", {
    arn: topic.arn,
    policy: topic.arn.apply((arn) =>
      POLICY({
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sns:Publish",
        Resource: arn,
      }),
    ),
  });
  const queue = new aws.sqs.Queue("queue", { name: named("queue"), messageRetentionSeconds: 3600 });
  new aws.sqs.QueuePolicy("queue-policy", {
    queueUrl: queue.url,
    policy: queue.arn.apply((arn) =>
      POLICY({
        Effect: "Allow",
        Principal: { Service: "sns.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: arn,
      }),
    ),
  });
  new aws.sqs.RedriveAllowPolicy("redrive", {
    queueUrl: queue.url,
    redriveAllowPolicy: JSON.stringify({ redrivePermission: "allowAll" }),
  });
  const subscription = new aws.sns.TopicSubscription("subscription", {
    topic: topic.arn,
    protocol: "sqs",
    endpoint: queue.arn,
  });
  return { topic: topic.arn, subscribedTo: subscription.topic };
}

function storage(named: Naming) {
  const table = new aws.dynamodb.Table("table", {
    name: named("table"),
    billingMode: "PAY_PER_REQUEST",
    hashKey: "id",
    rangeKey: "at",
    attributes: ["id", "at", "kind"].map((name) => ({ name, type: "S" })),
    globalSecondaryIndexes: [{ name: "by-kind", hashKey: "kind", rangeKey: "at", projectionType: "ALL" }],
    localSecondaryIndexes: [{ name: "by-id", rangeKey: "kind", projectionType: "KEYS_ONLY" }],
    ttl: { attributeName: "ttl", enabled: true },
    pointInTimeRecovery: { enabled: true },
    serverSideEncryption: { enabled: true },
  });
  new aws.dynamodb.TableItem("item", {
    tableName: table.name,
    hashKey: "id",
    rangeKey: "at",
    item: JSON.stringify({ id: { S: "1" }, at: { S: "now" } }),
  });
  const bucket = new aws.s3.Bucket("bucket", { bucket: named("bucket"), forceDestroy: true });
  const versioning = new aws.s3.BucketVersioning("versioning", {
    bucket: bucket.id,
    versioningConfiguration: { status: "Enabled" },
  });
  new aws.s3.BucketPublicAccessBlock("public-access", {
    bucket: bucket.id,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new aws.s3.BucketServerSideEncryptionConfiguration("encryption", {
    bucket: bucket.id,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
  });
  new aws.s3.BucketOwnershipControls("ownership", {
    bucket: bucket.id,
    rule: { objectOwnership: "BucketOwnerEnforced" },
  });
  new aws.s3.BucketPolicy("bucket-policy", {
    bucket: bucket.id,
    policy: bucket.arn.apply((arn) =>
      POLICY({ Effect: "Deny", Principal: { AWS: "*" }, Action: "s3:PutBucketAcl", Resource: arn }),
    ),
  });
  const lifecycle = new aws.s3.BucketLifecycleConfiguration(
    "lifecycle",
    {
      bucket: bucket.id,
      rules: [
        {
          id: "expire",
          status: "Enabled",
          filter: { prefix: "reports/" },
          expiration: { days: 90 },
          noncurrentVersionExpiration: { noncurrentDays: 30 },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
        {
          id: "scratch",
          status: "Enabled",
          filter: { tag: { key: "kind", value: "scratch" } },
          expiration: { days: 1 },
        },
      ],
    },
    { dependsOn: versioning },
  );
  return {
    table: table.name,
    index: table.globalSecondaryIndexes.apply((indexes) => indexes?.[0]?.name),
    lifecycle: lifecycle.rules.apply((rules) => rules?.[0]?.expiration?.days),
  };
}

function identity(named: Naming) {
  const policy = POLICY({ Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
  const managed = new aws.iam.Policy("policy", { name: named("policy"), policy });
  const role = new aws.iam.Role("role", { name: named("role"), assumeRolePolicy: LAMBDA_MAY_ASSUME });
  new aws.iam.RolePolicy("role-policy", { name: named("inline"), role: role.id, policy });
  new aws.iam.RolePolicyAttachment("role-attachment", { role: role.name, policyArn: managed.arn });
  const user = new aws.iam.User("user", { name: named("user") });
  new aws.iam.UserPolicy("user-policy", { name: named("inline"), user: user.name, policy });
  new aws.iam.UserPolicyAttachment("user-attachment", { user: user.name, policyArn: managed.arn });
  const key = new aws.iam.AccessKey("access-key", { user: user.name });
  new aws.iam.OpenIdConnectProvider("oidc", {
    url: `https://${named("oidc")}.example.com`,
    clientIdLists: ["sts.amazonaws.com"],
    thumbprintLists: ["6938fd4d98bab03faadb97b34396831e3780aea1"],
  });
  const kms = new aws.kms.Key("key", { description: named("key"), deletionWindowInDays: 7 });
  new aws.kms.Alias("key-alias", { name: `alias/${named("key")}`, targetKeyId: kms.keyId });
  const secret = new aws.secretsmanager.Secret("secret", { name: named("secret"), recoveryWindowInDays: 0 });
  new aws.secretsmanager.SecretVersion("secret-version", {
    secretId: secret.id,
    secretString: pulumi.secret("hush"),
  });
  new aws.secretsmanager.SecretPolicy("secret-policy", {
    secretArn: secret.arn,
    policy: POLICY({
      Effect: "Deny",
      Principal: { AWS: "*" },
      Action: "secretsmanager:DeleteSecret",
      Resource: "*",
      Condition: { StringEquals: { "aws:PrincipalTag/never": "true" } },
    }),
  });
  return { accessKey: key.id };
}

function compute(named: Naming, { code }: Inputs) {
  const role = new aws.iam.Role("function-role", {
    name: named("function"),
    assumeRolePolicy: LAMBDA_MAY_ASSUME,
  });
  const policy = new aws.iam.RolePolicy("function-policy", {
    name: named("function"),
    role: role.id,
    policy: POLICY({ Effect: "Allow", Action: ["sqs:*", "logs:*"], Resource: "*" }),
  });
  const logs = new aws.cloudwatch.LogGroup("logs", {
    name: `/aws/lambda/${named("function")}`,
    retentionInDays: 14,
  });
  const jobs = new aws.sqs.Queue("jobs", { name: named("jobs"), visibilityTimeoutSeconds: 60 });
  const fn = new aws.lambda.Function(
    "function",
    {
      name: named("function"),
      role: role.arn,
      runtime: "nodejs22.x",
      handler: "index.handler",
      s3Bucket: code.bucket,
      s3Key: code.key,
      publish: true,
      memorySize: 256,
      timeout: 10,
      environment: { variables: { STAGE: "e2e" } },
      deadLetterConfig: { targetArn: jobs.arn },
    },
    { dependsOn: [logs, policy] },
  );
  const alias = new aws.lambda.Alias(
    "alias",
    { name: "live", functionName: fn.name, functionVersion: fn.version },
    { ignoreChanges: ["functionVersion", "routingConfig"] },
  );
  const url = new aws.lambda.FunctionUrl("url", {
    functionName: fn.name,
    qualifier: alias.name,
    authorizationType: "NONE",
  });
  const permission = new aws.lambda.Permission("url-permission", {
    statementId: "url",
    action: "lambda:InvokeFunctionUrl",
    function: fn.name,
    qualifier: alias.name,
    principal: "*",
    functionUrlAuthType: "NONE",
  });
  new aws.lambda.FunctionEventInvokeConfig("retries", {
    functionName: fn.name,
    maximumRetryAttempts: 1,
    maximumEventAgeInSeconds: 3600,
  });
  new aws.lambda.EventSourceMapping("source", {
    functionName: fn.arn,
    eventSourceArn: jobs.arn,
    batchSize: 5,
  });
  const rule = new aws.cloudwatch.EventRule("rule", {
    name: named("rule"),
    scheduleExpression: "rate(1 hour)",
  });
  new aws.cloudwatch.EventTarget("target", { rule: rule.name, arn: alias.arn });
  return { function: fn.name, version: fn.version, permitted: permission.function, url: url.functionUrl };
}
