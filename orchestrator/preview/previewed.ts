import type { Environment } from "../environment.ts";
import type { Clock } from "../ports/clock.ts";
import type { Change, Engine, Plan } from "../ports/engine.ts";
import type { Ledger } from "../ports/ledger.ts";
import { Problem } from "../problem.ts";
import { problem } from "../problems.ts";
import { runningRelease, trusted } from "../promotion/history.ts";
import { losses } from "../promotion/losses.ts";
import { type Reason, reasonOf } from "../promotion/outcome.ts";
import { type LoadedRelease, programOf } from "../release/load.ts";
import { misfit } from "../release/needs.ts";
import { gatesMet } from "./gates.ts";
import { type PropertyChange, propertiesOf } from "./properties.ts";

export type PreviewPorts = {
  engine: Pick<Engine, "preview" | "installed">;
  ledger: Pick<Ledger, "entries" | "held">;
  clock: Pick<Clock, "now">;
};

/** A resource that would change, as people are told of it. */
export type Previewed = Pick<Change, "operation" | "type" | "urn"> & {
  name: string;
  properties: PropertyChange[];
  losesData: boolean;
};

/** What a release would do to an environment, and what would be in its way. */
export type Preview = {
  env: string;
  sha: string;
  /** Whether it was made of a working tree with changes that are in no commit. */
  uncommitted: boolean;
  /** The release that runs there by the ledger, null where none was ever promoted. */
  runs: string | null;
  unchanged: number;
  changes: Previewed[];
  /** What would refuse a promotion of this at this moment. */
  gates: Reason[];
  /** The attestations that it will need. */
  needs: string[];
  /** Who changes the environment meanwhile, so that the plan may be of a moment in between. */
  inFlight: string | null;
  /** Why there is no plan. */
  failure: Reason | null;
};

/** A preview that could not be made, and why. */
export const failedPreview = (
  about: Pick<Preview, "env" | "sha" | "uncommitted">,
  error: unknown,
): Preview => ({
  ...about,
  runs: null,
  unchanged: 0,
  changes: [],
  gates: [],
  needs: [],
  inFlight: null,
  failure: reasonOf(error),
});

/** Asks the engine and the ledger. It takes no lease and writes nothing. Throws what a promotion would be refused by before its plan. */
export async function previewOf(
  environment: Environment,
  release: LoadedRelease,
  { ports, uncommitted, signal }: { ports: PreviewPorts; uncommitted: boolean; signal: AbortSignal },
): Promise<Preview> {
  const { engine, ledger, clock } = ports;
  const { name, promotion } = environment;
  const { sha } = release.manifest;
  const [all, held, unfit] = await Promise.all([
    ledger.entries(),
    ledger.held(),
    misfit(engine, release.manifest),
  ]);
  if (unfit) throw unfit;
  const entries = trusted(all, name);
  const plan = await planned(engine, release, signal);
  const lost = new Set(losses(plan.changes));
  const touched = plan.changes.filter(({ operation }) => operation !== "same");
  return {
    env: name,
    sha,
    uncommitted,
    runs: runningRelease(entries)?.sha ?? null,
    unchanged: plan.changes.length - touched.length,
    changes: touched.map((change) => ({
      operation: change.operation,
      type: change.type,
      urn: change.urn,
      name: change.urn.split("::").slice(3).join("::") || change.urn,
      properties: propertiesOf(change),
      losesData: lost.has(change.urn),
    })),
    gates: gatesMet(environment, { plan, entries, now: clock.now(), sha }).map(reasonOf),
    needs: promotion.requires.map(({ attestation }) => attestation),
    inFlight: held ? `${held.holder.who} (${held.holder.run})` : null,
    failure: null,
  };
}

async function planned(
  engine: PreviewPorts["engine"],
  release: LoadedRelease,
  signal: AbortSignal,
): Promise<Plan> {
  try {
    return await engine.preview(programOf(release), signal);
  } catch (error) {
    if (signal.aborted || error instanceof Problem) throw error;
    throw problem("preview-failed", { said: reasonOf(error).message }, error);
  }
}
