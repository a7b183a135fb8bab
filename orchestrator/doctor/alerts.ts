import { deployed } from "./alarms.ts";
import { type Finding, findingsOf } from "./finding.ts";
import { checkOf } from "./ground.ts";

type Topic = { topic: string };
const PLACEHOLDER = /^your-|@example\.(com|org|net)$/;

const find = findingsOf("alerts", {
  "alerts-fine": { severity: "fine", seen: (p: { count: number }) => `${p.count} confirmed to be told` },
  "alerts-not-yet": {
    severity: "fine",
    seen: () => "nothing was promoted yet: there is no topic to look at",
  },
  "alert-email-placeholder": {
    severity: "warning",
    seen: (p: { email: string }) => `alerts would go to ${p.email}, which nobody reads`,
    remedy: (p: { environment: string; email: string }) =>
      `set sentiment-analyzer:alertEmail in Pulumi.${p.environment}.yaml, and commit it`,
  },
  "alerts-topic-missing": {
    severity: "problem",
    seen: (p: Topic) => `there is no topic ${p.topic}`,
    remedy: (p: Topic & { environment: string }) => `npm run drift -- --env ${p.environment}`,
  },
  "alerts-pending": {
    severity: "problem",
    seen: (p: Topic & { endpoints: string[] }) => `not yet confirmed: ${p.endpoints.join(", ")}`,
    remedy: () =>
      'follow the link in the mail "AWS Notification - Subscription Confirmation"; it holds for 3 days',
  },
  "alerts-unheard": {
    severity: "problem",
    seen: (p: Topic) => `nobody is subscribed to ${p.topic}: an alarm would reach no one`,
    remedy: (p) =>
      `aws sns subscribe --topic-arn ${p.topic} --protocol email --notification-endpoint <address>, and confirm it`,
  },
});

/** Whether what an alarm says reaches a person. */
export const alerts = checkOf(find, async (ground) => {
  const { alertEmail: email, environment, rehearsed } = ground;
  // A rehearsal sends no mail.
  const unread: Finding[] =
    PLACEHOLDER.test(email) && !rehearsed
      ? [find("alert-email-placeholder", { environment: environment.name, email })]
      : [];
  const running = await deployed(ground);
  if (!running) return [...unread, find("alerts-not-yet", {})];
  const topic = running.alertsTopicArn;
  const subscriptions = await ground.place.subscriptions(topic);
  if (!subscriptions)
    return [...unread, find("alerts-topic-missing", { topic, environment: environment.name })];
  const pending = subscriptions.filter((each) => each.pending).map(({ endpoint }) => endpoint);
  if (pending.length > 0) return [...unread, find("alerts-pending", { topic, endpoints: pending })];
  if (subscriptions.length === 0) return [...unread, find("alerts-unheard", { topic })];
  return unread.length > 0 ? unread : [find("alerts-fine", { count: subscriptions.length })];
});
