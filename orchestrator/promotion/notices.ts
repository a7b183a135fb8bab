import type { Notice } from "../ports/notifier.ts";
import type { RunningRelease } from "./events.ts";
import { type Outcome, type Reason, reasonOf } from "./outcome.ts";
import { journal, type Promotion, shaOf } from "./promotion.ts";

const TITLES = {
  started: "is being promoted",
  promoted: "promoted",
  "rolled-back": "taken back",
  blocked: "taken back, goes no further",
  died: "left by a process that died",
  "needs-human": "needs a person",
};

/** What people are told of a promotion. A refusal is not among it: nothing was touched, and whoever asked was answered. */
export type About = keyof typeof TITLES;

/** One thing that happened to a promotion: to ours, or to a dead one that we cleared up after. */
export type News = {
  about: About;
  promotionId: string;
  sha: string;
  happened: string;
  /** What has all the traffic, where that was proved. */
  running: RunningRelease | undefined;
  /** The next command, or what to do. */
  next: string;
};

const nameOf = ({ promotionId, about }: { promotionId: string; about: string }) => `${promotionId}/${about}`;

/** The one message: what happened, what runs now, the next command, and where to read more. */
function noticeOf(environment: string, run: string, news: News): Notice {
  const { about, promotionId, sha, happened, running, next } = news;
  const lines = [
    `What happened: ${happened}`,
    `Running now: ${running ? `${running.sha}, with all the traffic` : "not known"}`,
    `Next: ${next}`,
    `Report: npm run history -- --env ${environment} (promotion ${promotionId}, ${run})`,
    `This is notice ${nameOf(news)}. Should it come twice, it is the same.`,
  ];
  return {
    subject: `${environment}: ${sha.slice(0, 7) || promotionId} ${TITLES[about]}`,
    body: lines.join("\n"),
  };
}

/**
 * Tells people, once for each thing that happened. That it was told is recorded when SNS has taken it: should the process
 * die between the two it may be told again, under the same name, as a page that comes twice is better than none. Throws
 * when it could not be told. Before the first release is published nobody is known who could be told.
 */
export async function tellPeople(p: Promotion, news: News): Promise<void> {
  const { entries, published, wayBack, previous } = p.found;
  const topic = (published ?? wayBack ?? previous)?.alertsTopicArn;
  const name = nameOf(news);
  p.told ??= new Set(
    entries.flatMap(({ promotionId, event }) =>
      event.type === "notified" ? [nameOf({ promotionId, about: event.about })] : [],
    ),
  );
  if (!topic || p.told.has(name)) return;
  await p.ports.notifier.send(topic, noticeOf(p.environment.name, p.order.holder.run, news));
  p.told.add(name);
  await journal(p, { type: "notified", about: news.about }, news.promotionId);
}

const TRIES = 3;
const PAUSE_MS = 1_000;

/** Tells people if it can be done, and never fails: what it is about is done already, or matters more. */
export async function tryToTellPeople(p: Promotion, news: News): Promise<void> {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    try {
      return await tellPeople(p, news);
    } catch (error) {
      const text = `people could not be told: ${reasonOf(error).message}`;
      p.tell({ type: "note", step: news.about, text });
      if (attempt < TRIES) await p.ports.clock.sleep(PAUSE_MS);
    }
  }
}

/** Pages a person where only a person can go on. */
export async function callForHelp(
  p: Promotion,
  { outcome, reason }: { outcome: Outcome; reason: Reason | null },
): Promise<void> {
  if (outcome !== "needs-human" || !reason) return;
  const { message: happened, remedy: next } = reason;
  const { running } = p.found;
  await tryToTellPeople(p, {
    about: "needs-human",
    promotionId: p.id,
    sha: shaOf(p),
    happened,
    running,
    next,
  });
}
