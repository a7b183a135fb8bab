import { join } from "node:path";
import { foundation, principals } from "../../infra/foundation/index.ts";
import type { Principal } from "../../infra/foundation/principal.ts";
import type { FoundationSettings } from "../../infra/foundation/settings.ts";
import { NOTHING, type Standing } from "../../infra/foundation/standing.ts";
import type { AwsAccess } from "../adapters/aws-access.ts";
import { type FoundationStack, openStack } from "../adapters/foundation-stack.ts";
import type { Toolchain } from "../ports/toolchain.ts";
import type { Found } from "./found.ts";
import { ensureGithubProvider } from "./github-provider.ts";
import { accountOf, look } from "./look.ts";
import { type BootstrapPlan, planOf } from "./plan.ts";
import { firstStateIn, moveState, stateOf } from "./state.ts";

export type Laying = {
  settings: FoundationSettings;
  administrator: AwsAccess;
  /** Where the first state lies until there is a bucket for it. */
  directory: string;
  progress: (line: string) => void;
  /** Whether a lock that a dead run left may be broken. */
  breakLock?: boolean;
};

/** What stands, and what would be made of it. */
export type Surveyed = { found: Found; plan: BootstrapPlan; principals: Principal[] };

/** Looks at what stands and changes nothing. Throws foundation-unfit. */
export async function surveyFoundation({ settings, administrator }: Laying): Promise<Surveyed> {
  const account = await accountOf(administrator);
  // The ARNs of the keys change nothing of what is looked for.
  const known = { account, keys: { secrets: "", signing: "" } };
  const made = principals(settings, known).filter(({ part }) => part !== "function");
  const found = await look(settings, made, account, administrator);
  return { found, plan: planOf(settings, made, found), principals: made };
}

/**
 * Makes what an environment stands on, or what is missing of it. What exists and is in no state of ours is taken over; what
 * somebody made stricter stays. Ended anywhere, the next run goes on from what it finds.
 * @throws foundation-unfit, bootstrap-running, bootstrap-failed
 */
export async function layFoundation(laying: Laying, toolchain: Toolchain): Promise<Surveyed> {
  const { settings, administrator, directory, progress } = laying;
  const surveyed = await surveyFoundation(laying);
  const { found, plan } = surveyed;
  if (settings.github.repository) await ensureGithubProvider(found, administrator);
  const first = firstStateIn(directory, settings.environment);
  const inBucket = found.buckets.state !== undefined && !(await first.exists());
  const backend = inBucket ? stateOf(settings) : first.url;
  if (!inBucket) await first.prepare();
  const stack = await openStack({ ...laying, backend, toolchain, home: join(directory, "home") });
  const before = await stack.resources();
  const adopt = Object.fromEntries(Object.entries(plan.adopt).filter(([key]) => !before.has(key)));
  const apply = (standing: Standing, refresh: boolean) =>
    update(stack, foundation(settings, found.account, standing), refresh);
  if (Object.keys(adopt).length > 0) {
    progress(`Taking over what stands: ${Object.values(adopt).join(", ")}`);
    await apply({ ...plan, adopt }, before.size > 0);
  }
  await apply({ ...plan, adopt: NOTHING.adopt }, before.size > 0);
  if (!inBucket) await moveState(settings, first, administrator);
  return surveyed;
}

async function update(
  stack: FoundationStack,
  program: () => Promise<Record<string, unknown>>,
  refresh: boolean,
): Promise<void> {
  await stack.up(program, { refresh });
}
