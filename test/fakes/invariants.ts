import { expect } from "chai";
import { brokenLink, promotedReleases } from "../../orchestrator/promotion/history.ts";
import type { Conclusion } from "../../orchestrator/promotion/run.ts";
import type { World } from "./world.ts";

/** What must hold after every promotion that was not killed, whatever happened to it. */
export async function expectInOrder(world: World, { outcome, steps }: Conclusion): Promise<void> {
  const entries = await world.ledger.entries();
  expect(brokenLink(entries), "the chain").to.equal(undefined);
  const of = (type: string) =>
    entries.filter(({ event }) => event.type === type).map(({ promotionId }) => promotionId);
  expect(of("promotion-ended").sort(), "ends").to.deep.equal(of("promotion-started").sort());
  expect(new Set(of("promotion-ended")).size, "ends of one promotion").to.equal(of("promotion-ended").length);
  expect(await world.ledger.held(), "the lease").to.equal(undefined);
  expect(new Set(steps.map(({ name }) => name)).size, "a step runs once").to.equal(steps.length);
  if (outcome !== "needs-human") await expectWhole(world);
}

/** All traffic of all functions goes to one release, and that was promoted. */
export async function expectWhole(world: World): Promise<void> {
  if (world.lambda.names().length === 0) return;
  const promoted = promotedReleases(await world.ledger.entries()).map(({ sha }) => sha);
  expect(
    promoted.filter((sha) => world.share(sha) === 1),
    "the promoted releases that have all the traffic",
  ).to.have.length(1);
}
