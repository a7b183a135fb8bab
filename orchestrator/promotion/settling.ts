import type { Plan, ReleaseProgram } from "../ports/engine.ts";
import { Problem } from "../problem.ts";
import { proveAgain } from "./lease.ts";
import { reasonOf } from "./outcome.ts";
import { promotionProblem } from "./problems.ts";
import { journal, type Promotion } from "./promotion.ts";

/**
 * Settles what an update before this one began to create and did not end, its machine having been lost: what exists is
 * taken into the stack's state, or making it again would be refused. Whoever only looks leaves it.
 * @returns whether the state is another now, so that a plan made before does not hold
 */
export async function settle(
  p: Promotion,
  program: ReleaseProgram,
  { pending = [] }: Plan,
): Promise<boolean> {
  const { clock, engine } = p.ports;
  const urns = pending.filter(({ operation }) => operation === "creating").map(({ urn }) => urn);
  if (!p.lease || urns.length === 0) return false;
  const { sha } = program.manifest;
  const began = clock.monotonic();
  await journal(p, { type: "settling-intended", sha, urns });
  try {
    await proveAgain(p, began);
    const settled = await engine.settle(program);
    const those = (became: string) => settled.filter((each) => each.became === became).map(({ urn }) => urn);
    await journal(p, { type: "settled", sha, adopted: those("adopted"), absent: those("absent") });
    return settled.length > 0;
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw promotionProblem("creations-undecided", { urns, said: reasonOf(error).message }, error);
  }
}
