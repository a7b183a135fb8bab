import { canary } from "../steps/canary.ts";
import { drill } from "../steps/drill.ts";
import { finish } from "../steps/finish.ts";
import { gate } from "../steps/gate.ts";
import { lease } from "../steps/lease.ts";
import { look } from "../steps/look.ts";
import { permissions } from "../steps/permissions.ts";
import { preview } from "../steps/preview.ts";
import { recover } from "../steps/recover.ts";
import { rollback } from "../steps/rollback.ts";
import { shift } from "../steps/shift.ts";
import { stage } from "../steps/stage.ts";
import { target } from "../steps/target.ts";
import { up } from "../steps/up.ts";
import { validate } from "../steps/validate.ts";
import { verify } from "../steps/verify.ts";
import { watch } from "../steps/watch.ts";
import type { Course } from "./step.ts";

/** How a release gets to an environment. */
export const promotion: Course = {
  steps: [lease, recover, verify, stage, preview, gate, up, canary, shift, watch, drill, validate, finish],
  takeBack: rollback,
};

/** All of a promotion that changes nothing. Without a lease nothing is recorded either. */
export const dryRun: Course = {
  steps: [look, verify, preview, permissions, gate],
};

/** How an environment gets back to a release that it ran before, on request. */
export const requestedRollback: Course = {
  steps: [lease, recover, target, rollback],
};
