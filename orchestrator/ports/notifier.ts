export type Notice = { subject: string; body: string };

export interface Notifier {
  send(topicArn: string, notice: Notice): Promise<void>;
}
