import { setTimeout as delay } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { s3Artifacts } from "../../orchestrator/adapters/s3-artifacts.ts";
import { planRemoval } from "../../orchestrator/keeping/plan.ts";
import { removeReleases } from "../../orchestrator/keeping/remove.ts";
import type { Artifacts } from "../../orchestrator/ports/artifacts.ts";
import { attestationKey } from "../../orchestrator/release/manifest.ts";
import { keepingWorld } from "../fakes/keeping.ts";
import { makeRelease, putRelease, shaNamed } from "../fakes/release.ts";
import { nameOf } from "../fakes/two-hundred.ts";
import { emulatorAccess, unused } from "./access.ts";

const DAY_MS = 24 * 60 * 60_000;
const all = (from: number, to: number) => Array.from({ length: to - from }, (_, n) => n + from);

/** The last five that were promoted, one that is held, and those that are too young. */
const STAY = new Set([60, 70, 80, 90, 100, 7, ...all(150, 200)]);

describe("orchestrator: gc over two hundred releases in a bucket", function () {
  this.timeout(120_000);
  let store: Artifacts;
  /** In the middle of the one second in which the old ones end and the young ones begin. */
  let between: number;

  async function arrive(numbers: number[]): Promise<void> {
    const put = async (n: number) => {
      await putRelease(store, makeRelease(nameOf(n)));
      for (const name of ["trial-validated", "trial-deployed"])
        await store.put(attestationKey(shaNamed(nameOf(n)), name), Buffer.from("signed"));
    };
    await Promise.all(numbers.map(put));
  }

  before(async () => {
    const access = await emulatorAccess();
    const Bucket = unused("releases");
    await new S3Client({ ...access, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket }));
    store = s3Artifacts(Bucket, access);
    await arrive(all(0, 150));
    between = Date.now() + 1;
    await delay(1_100); // S3 tells whole seconds
    await arrive(all(150, 200));
  });

  async function whatIsThere(): Promise<Map<string, string[]>> {
    const there = new Map<string, string[]>();
    for (const { key } of await store.list("")) {
      const sha = /[0-9a-f]{40}/.exec(key)?.[0] ?? "";
      there.set(sha, [...(there.get(sha) ?? []), key]);
    }
    return there;
  }

  it("removes exactly what the rules say, as its dry run said, and nothing the second time", async () => {
    const w = keepingWorld({}, new Date(between - 300 * DAY_MS).toISOString());
    for (let n = 0; n <= 100; n += 10) await w.promoted(nameOf(n));
    const hold = { sha: shaNamed(nameOf(7)), because: "an audit", who: "somebody", until: null };
    await w.journal("hold", { type: "held", ...hold });
    const clock = { ...w.clock, now: () => new Date(between + 90 * DAY_MS) };
    const ports = { clock, store, ledger: w.ledger, versions: w.versions };
    const gc = async () => await removeReleases({ ...w.gcOf(ports), environment: w.environment });

    const before = await whatIsThere();
    expect([...before.values()].flat().length, "more than one page").to.be.greaterThan(1_000);
    const said = await planRemoval(ports, w.environment);
    expect(await whatIsThere()).to.deep.equal(before);
    expect(await gc()).to.deep.equal(said);
    expect(said.removed.map(({ sha }) => sha)).to.have.members(
      all(0, 200)
        .filter((n) => !STAY.has(n))
        .map((n) => shaNamed(nameOf(n))),
    );

    const left = await whatIsThere();
    for (const n of all(0, 200)) {
      const sha = shaNamed(nameOf(n));
      const wanted = before.get(sha)?.filter((key) => STAY.has(n) || key.includes("/attestations/"));
      expect(left.get(sha), nameOf(n)).to.deep.equal(wanted);
    }
    expect((await gc()).removed).to.deep.equal([]);
    expect(w.versions.removed.sort()).to.deep.equal(
      said.removed
        .flatMap(({ versions }) => versions.map((each) => `${each.functionName}:${each.version}`))
        .sort(),
    );
    expect(w.versions.removed).to.have.length(12);
  });
});
