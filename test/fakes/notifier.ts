import { asSubject, type Notice, type Notifier } from "../../orchestrator/ports/notifier.ts";

export type FakeNotifier = Notifier & {
  readonly sent: (Notice & { topicArn: string })[];
  /** Makes the next notices fail. */
  fail(times: number, message?: string): void;
};

/** Keeps the notices. Like SNS it takes an ARN only, and neither an empty subject nor an empty body. */
export function fakeNotifier(): FakeNotifier {
  const sent: FakeNotifier["sent"] = [];
  const failures: string[] = [];
  return {
    sent,
    fail: (times, message = "the topic is throttled") =>
      void failures.push(...Array<string>(times).fill(message)),
    async send(topicArn, { subject, body }) {
      const failure = failures.shift();
      if (failure) throw new Error(failure);
      if (!/^arn:aws:sns:[a-z0-9-]+:\d{12}:[\w-]+$/.test(topicArn))
        throw new Error("Invalid parameter: TopicArn");
      if (!subject || !body) throw new Error("Invalid parameter: empty");
      sent.push({ topicArn, subject: asSubject(subject), body });
    },
  };
}
