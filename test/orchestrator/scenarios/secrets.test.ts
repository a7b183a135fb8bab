import { expect } from "chai";
import { knownSecrets, knowVariables } from "../../../orchestrator/secrets.ts";
import { FORMS, leaksIn, PLANTED, plantedVariables } from "../../fakes/planted.ts";
import { type World, world } from "../../fakes/world.ts";

/** Every planted secret in every form, as one text. */
const EVERYTHING = Object.values(PLANTED)
  .flatMap(({ secret }) => Object.values(FORMS).map((write) => write(secret)))
  .join(" ; ");
const ill = { ok: false, status: 500, version: undefined, problem: `status 500: ${EVERYTHING}` };

/** Who may say a secret, and how a promotion ends when they do. */
const SAYING: [who: string, outcome: string, arrange: (w: World, sha: string) => void][] = [
  ["the engine, in its preview", "refused", (w) => w.engine.failNextPreview(EVERYTHING)],
  ["the engine, in its update", "rolled-back", (w) => w.engine.failNextUp(EVERYTHING)],
  [
    "the engine, on the way back",
    "needs-human",
    (w) => {
      w.engine.failNextUp("no");
      w.engine.failNextUp(EVERYTHING);
    },
  ],
  [
    "the new version, asked for its health",
    "rolled-back",
    (w, sha) => w.probes.answer((asked) => (asked.sha === sha ? ill : undefined)),
  ],
  [
    "an alarm's reason",
    "rolled-back",
    (w, sha) => {
      w.alarms.set("trial-dashboard-errors", { reason: EVERYTHING });
      w.alarms.fire("trial-dashboard-errors", () => w.share(sha) === 1);
    },
  ],
  ["an integration test", "rolled-back", (w) => w.validation.find({ failed: 1, failures: [EVERYTHING] })],
  ["the signer", "needs-human", (w) => [1, 2, 3].map(() => w.signer.failNext(EVERYTHING))],
  ["the notifier", "needs-human", (w) => w.notifier.fail(3, EVERYTHING)],
];

/** Everything that a promotion leaves behind, by where it is. */
function sinksOf(w: World, conclusion: unknown): Record<string, string> {
  const objects = [...w.store.objects, ...w.source.objects].map(
    ([key, bytes]) => `${key} ${Buffer.from(bytes)}`,
  );
  return {
    "the progress": JSON.stringify(w.told),
    "the ledger": JSON.stringify(w.ledger.written),
    "the notices": JSON.stringify(w.notifier.sent),
    "the buckets, attestations among what they hold": objects.join("\n"),
    // What is printed goes through the one guard of the command line.
    "the document": w.secrets.redact(JSON.stringify(conclusion)),
  };
}

describe("a secret that somebody says during a promotion", () => {
  for (const [who, outcome, arrange] of SAYING)
    it(`is nowhere afterwards: said by ${who}`, async () => {
      const w = world();
      knowVariables(w.secrets, plantedVariables());
      await w.settled();
      const sha = await w.release("second");
      arrange(w, sha);
      const conclusion = await w.promote(sha);
      expect(conclusion.outcome).to.equal(outcome);
      expect(JSON.stringify(conclusion), "it was said").to.contain(
        FORMS.plain?.("dash-7hYt2kQp9wZx4mNv8bRc"),
      );
      for (const [sink, text] of Object.entries(sinksOf(w, conclusion)))
        expect(leaksIn(text), sink).to.deep.equal([]);
    });

  it("would be found in the progress, the ledger and the notices if it were not kept back", async () => {
    const w = world();
    await w.settled();
    const sha = await w.release("second");
    w.validation.find({ failed: 1, failures: [EVERYTHING] });
    const sinks = sinksOf(w, await w.promote(sha));
    for (const sink of ["the progress", "the ledger", "the notices", "the document"])
      expect(leaksIn(sinks[sink] ?? "").sort(), sink).to.deep.equal(
        Object.keys(PLANTED).filter(hasNoShape).sort(),
      );
  });
});

/** What looks like a secret is taken out even where nobody named it. */
function hasNoShape(name: string): boolean {
  const { secret = "" } = PLANTED[name] ?? {};
  const written = Object.values(FORMS).map((write) => knownSecrets().redact(write(secret)));
  return leaksIn(written.join(" ; ")).includes(name);
}
