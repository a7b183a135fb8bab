import { expect } from "chai";
import type { Notice, Notifier } from "../../orchestrator/ports/notifier.ts";

/** A notifier, a topic, and a way to see what came through it. */
export type Notified = { notifier: Notifier; topicArn: string; delivered(): Promise<Notice[]> };

/** What every notifier must do. */
export function notifierContract(make: () => Promise<Notified>): void {
  it("delivers subject and body", async () => {
    const { notifier, topicArn, delivered } = await make();
    const notice = {
      subject: "trial: 0123456 promoted",
      body: "Promotion 1 gave all traffic to it.\nDetails: …",
    };
    await notifier.send(topicArn, notice);
    expect(await delivered()).to.deep.include(notice);
  });

  it("cuts a subject that is longer than 100 characters", async () => {
    const { notifier, topicArn, delivered } = await make();
    await notifier.send(topicArn, { subject: "s".repeat(140), body: "body" });
    expect((await delivered()).at(-1)?.subject).to.equal("s".repeat(100));
  });

  it("says a subject on one line and in ASCII", async () => {
    const { notifier, topicArn, delivered } = await make();
    await notifier.send(topicArn, { subject: "trial:\n„0123456“ → promoted", body: "body" });
    expect((await delivered()).at(-1)?.subject).to.equal("trial: ?0123456? ? promoted");
  });

  it("throws when there is no such topic", async () => {
    const { notifier } = await make();
    const error = await notifier.send("no topic", { subject: "s", body: "b" }).catch((reason) => reason);
    expect(error).to.be.an("error");
  });
}
