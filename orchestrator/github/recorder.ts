import type { DeploymentNews, DeploymentState, Deployments } from "../ports/github-deployments.ts";
import type { Outcome, Reason } from "../promotion/outcome.ts";
import type { Progress, Tell } from "../promotion/progress.ts";

const STATES: Record<Outcome, DeploymentState> = {
  promoted: "success",
  unchanged: "success",
  // It was never deployed, and what ran before runs on.
  refused: "inactive",
  "rolled-back": "failure",
  "needs-human": "error",
};

export type Recorder = {
  tell: Tell;
  /** Waits until all is recorded, or for this long. In milliseconds. */
  settled(within: number): Promise<void>;
};

const isWhole = (sha: string) => /^[0-9a-f]{40}$/.test(sha);

/**
 * Records a promotion as a deployment on GitHub while it runs. Nothing hangs on it: what GitHub refuses is said in one line,
 * once, and the promotion neither waits for it nor learns of it.
 * @param url where the run can be read
 */
export function deploymentRecorder(
  github: Deployments,
  { url, say }: { url: string; say: (text: string) => void },
): Recorder {
  let recorded: number | undefined;
  let last: Promise<void> = Promise.resolve();
  let about: { promotionId: string; environment: string } | undefined;
  let trouble: unknown;

  /** One after the other. What failed on the way does not matter once the end is recorded. */
  function then(act: () => Promise<void>): void {
    last = last.then(async () => {
      trouble = await act().then(
        () => undefined,
        (error) => error ?? "unknown",
      );
    });
  }

  async function begin(sha: string, description: string): Promise<number> {
    const order = { ...(about as { promotionId: string; environment: string }), sha, description };
    try {
      return await github.recordDeployment(order);
    } catch (error) {
      // It may have been recorded although the answer was lost.
      const found = await github.deploymentsOf(order.environment).catch(() => []);
      const known = found.find(({ promotionId }) => promotionId === order.promotionId);
      if (known) return known.id;
      throw error;
    }
  }

  /** Said twice it is the same. */
  const reach = (id: number, news: DeploymentNews) =>
    github.recordDeploymentState(id, news).catch(() => github.recordDeploymentState(id, news));

  function start({ promotionId, environment, sha }: Progress & { type: "started" }): void {
    about = { promotionId, environment };
    if (!isWhole(sha)) return;
    then(async () => {
      recorded = await begin(sha, `promotion ${promotionId}`);
      await reach(recorded, { state: "in_progress", description: "under way", url });
    });
  }

  function end(outcome: Outcome, reason: Reason | null, sha: string): void {
    then(async () => {
      // Where the release was chosen only on the way, it is known by now, or nothing was done.
      if (isWhole(sha)) recorded ??= await begin(sha, `promotion ${about?.promotionId}`);
      const id = recorded;
      if (id === undefined) return;
      const description = reason ? `${outcome}: ${reason.message}` : outcome;
      await reach(id, { state: STATES[outcome], description, url });
    });
  }

  return {
    tell(progress) {
      if (progress.type === "started") start(progress);
      if (progress.type === "ended") end(progress.outcome, progress.reason, progress.sha);
    },
    async settled(within) {
      const late = Symbol("late");
      const { promise, resolve } = Promise.withResolvers<symbol>();
      const timer = setTimeout(resolve, within, late);
      const answer = await Promise.race([last, promise]);
      clearTimeout(timer);
      if (answer === late) say("GitHub does not answer: it has no whole record of this promotion");
      else if (trouble !== undefined)
        say(
          `GitHub has no whole record of this promotion: ${trouble instanceof Error ? trouble.message : trouble}`,
        );
    },
  };
}
