/**
 * What the rehearsal's provider covers: the resource types of `@pulumi/aws` and the names that the same things have in
 * the Terraform AWS provider. The words on the left follow no rule, hence a table; a new resource type is one line here
 * and, when a test says so, one in properties.ts.
 */
export const TERRAFORM_RESOURCES: Readonly<Record<string, string>> = {
  "aws:cloudwatch/compositeAlarm:CompositeAlarm": "aws_cloudwatch_composite_alarm",
  "aws:cloudwatch/dashboard:Dashboard": "aws_cloudwatch_dashboard",
  "aws:cloudwatch/eventRule:EventRule": "aws_cloudwatch_event_rule",
  "aws:cloudwatch/eventTarget:EventTarget": "aws_cloudwatch_event_target",
  "aws:cloudwatch/logGroup:LogGroup": "aws_cloudwatch_log_group",
  "aws:cloudwatch/logMetricFilter:LogMetricFilter": "aws_cloudwatch_log_metric_filter",
  "aws:cloudwatch/metricAlarm:MetricAlarm": "aws_cloudwatch_metric_alarm",
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": "aws_ce_anomaly_monitor",
  "aws:costexplorer/anomalySubscription:AnomalySubscription": "aws_ce_anomaly_subscription",
  "aws:dynamodb/table:Table": "aws_dynamodb_table",
  "aws:dynamodb/tableItem:TableItem": "aws_dynamodb_table_item",
  "aws:iam/accessKey:AccessKey": "aws_iam_access_key",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": "aws_iam_openid_connect_provider",
  "aws:iam/policy:Policy": "aws_iam_policy",
  "aws:iam/role:Role": "aws_iam_role",
  "aws:iam/rolePolicy:RolePolicy": "aws_iam_role_policy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "aws_iam_role_policy_attachment",
  "aws:iam/user:User": "aws_iam_user",
  "aws:iam/userPolicy:UserPolicy": "aws_iam_user_policy",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": "aws_iam_user_policy_attachment",
  "aws:kms/alias:Alias": "aws_kms_alias",
  "aws:kms/key:Key": "aws_kms_key",
  "aws:lambda/alias:Alias": "aws_lambda_alias",
  "aws:lambda/eventSourceMapping:EventSourceMapping": "aws_lambda_event_source_mapping",
  "aws:lambda/function:Function": "aws_lambda_function",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": "aws_lambda_function_event_invoke_config",
  "aws:lambda/functionUrl:FunctionUrl": "aws_lambda_function_url",
  "aws:lambda/permission:Permission": "aws_lambda_permission",
  "aws:s3/bucket:Bucket": "aws_s3_bucket",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": "aws_s3_bucket_lifecycle_configuration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": "aws_s3_bucket_ownership_controls",
  "aws:s3/bucketPolicy:BucketPolicy": "aws_s3_bucket_policy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": "aws_s3_bucket_public_access_block",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    "aws_s3_bucket_server_side_encryption_configuration",
  "aws:s3/bucketVersioning:BucketVersioning": "aws_s3_bucket_versioning",
  "aws:secretsmanager/secret:Secret": "aws_secretsmanager_secret",
  "aws:secretsmanager/secretPolicy:SecretPolicy": "aws_secretsmanager_secret_policy",
  "aws:secretsmanager/secretVersion:SecretVersion": "aws_secretsmanager_secret_version",
  "aws:sns/topic:Topic": "aws_sns_topic",
  "aws:sns/topicPolicy:TopicPolicy": "aws_sns_topic_policy",
  "aws:sns/topicSubscription:TopicSubscription": "aws_sns_topic_subscription",
  "aws:sqs/queue:Queue": "aws_sqs_queue",
  "aws:sqs/queuePolicy:QueuePolicy": "aws_sqs_queue_policy",
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "aws_sqs_queue_redrive_allow_policy",
};

/** The data sources, which a program reads by `aws.getRegion()` and the like. */
export const TERRAFORM_DATA_SOURCES: Readonly<Record<string, string>> = {
  "aws:iam/getPolicyDocument:getPolicyDocument": "aws_iam_policy_document",
  "aws:index/getCallerIdentity:getCallerIdentity": "aws_caller_identity",
  "aws:index/getPartition:getPartition": "aws_partition",
  "aws:index/getRegion:getRegion": "aws_region",
};

/** `aws:lambda/function:Function` → `aws:index/lambdaFunction:LambdaFunction`; a type that is not covered stays as it is. */
export function bridgedType(type: string): string {
  const name = TERRAFORM_RESOURCES[type];
  return name === undefined ? type : token(camel(name), pascal(name));
}

/** `aws:iam/getPolicyDocument:…` → `aws:index/getIamPolicyDocument:getIamPolicyDocument`. */
export function bridgedFunction(functionToken: string): string {
  const name = TERRAFORM_DATA_SOURCES[functionToken];
  return name === undefined ? functionToken : token(`get${pascal(name)}`, `get${pascal(name)}`);
}

/** The type of the resource that a URN names, without the types of its parents. */
export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

/** The same URN with the resource's own type as the bridge calls it; the bridge looks at nothing else in it. */
export function bridgedUrn(urn: string): string {
  return withType(urn, bridgedType);
}

/** The way back: the URN that the engine knows. */
export function pulumiUrn(urn: string): string {
  return withType(urn, (type) => PULUMI_TYPES.get(type) ?? type);
}

function withType(urn: string, change: (type: string) => string): string {
  const [stack, project, types, ...name] = urn.split("::");
  if (types === undefined) return urn;
  const own = types.slice(types.lastIndexOf("$") + 1);
  const parents = types.slice(0, types.length - own.length);
  return [stack, project, parents + change(own), ...name].join("::");
}

function token(module: string, member: string): string {
  return `aws:index/${module}:${member}`;
}

function pascal(terraformName: string): string {
  const words = terraformName.replace(/^aws_/, "").split("_");
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function camel(terraformName: string): string {
  const name = pascal(terraformName);
  return name.charAt(0).toLowerCase() + name.slice(1);
}

const PULUMI_TYPES = new Map(Object.keys(TERRAFORM_RESOURCES).map((type) => [bridgedType(type), type]));
