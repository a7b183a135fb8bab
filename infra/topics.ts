import aws from "@pulumi/aws";
import type pulumi from "@pulumi/pulumi";
import { serviceName } from "./names.ts";
import type { Settings } from "./settings.ts";

export type Topics = { notifications: aws.sns.Topic; alerts: aws.sns.Topic };

/** The topic that announces new items, and the one whose messages reach a person. */
export function topics({ environment, alertEmail, tags }: Settings): Topics {
  const notifications = new aws.sns.Topic("analysis-notifications", {
    name: serviceName(environment, "analysis-notifications"),
    tags,
  });
  // Not encrypted with the AWS-managed key: its policy does not let CloudWatch publish, and no alarm would arrive.
  const alerts = new aws.sns.Topic("alerts", { name: serviceName(environment, "alerts"), tags });
  new aws.sns.TopicPolicy("alerts", { arn: alerts.arn, policy: publishers(alerts.arn) });
  new aws.sns.TopicSubscription("alerts-email", {
    topic: alerts.arn,
    protocol: "email",
    endpoint: alertEmail,
  });
  return { notifications, alerts };
}

/** Alarms and cost anomalies of this account. Its own users and roles need no word here: their policies allow them. */
function publishers(topic: pulumi.Output<string>): pulumi.Output<string> {
  return topic.apply((Resource) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: ["cloudwatch.amazonaws.com", "costalerts.amazonaws.com"].map((Service) => ({
        Effect: "Allow",
        Principal: { Service },
        Action: "sns:Publish",
        Resource,
        Condition: { StringEquals: { "aws:SourceAccount": Resource.split(":")[4] } },
      })),
    }),
  );
}
