export type Notice = { subject: string; body: string };

export interface Notifier {
  send(topicArn: string, notice: Notice): Promise<void>;
}

const LONGEST_SUBJECT = 100;

/** A subject as SNS takes it: 100 characters of ASCII at most, on one line. What it cannot say becomes a question mark. */
export const asSubject = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/[^ -~]/gu, "?")
    .slice(0, LONGEST_SUBJECT);
