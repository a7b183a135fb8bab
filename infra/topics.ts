import aws from "@pulumi/aws";
import { type Settings, serviceName } from "./settings.ts";

export type Topics = { notifications: aws.sns.Topic; alerts: aws.sns.Topic };

/** The topic that announces new items, and the one whose messages reach a person. */
export function topics({ environment, alertEmail }: Settings): Topics {
  const notifications = new aws.sns.Topic("analysis-notifications", {
    name: serviceName(environment, "analysis-notifications"),
  });
  // Not encrypted with the AWS-managed key: its policy does not let CloudWatch publish, and no alarm would arrive.
  const alerts = new aws.sns.Topic("alerts", { name: serviceName(environment, "alerts") });
  new aws.sns.TopicSubscription("alerts-email", {
    topic: alerts.arn,
    protocol: "email",
    endpoint: alertEmail,
  });
  return { notifications, alerts };
}
