import { type Laying, layFoundation } from "../../../orchestrator/bootstrap/lay.ts";
import type { Toolchain } from "../../../orchestrator/ports/toolchain.ts";

/** One run of a bootstrap in a process of its own, to be killed. */
const { laying, toolchain } = JSON.parse(process.argv[2] ?? "{}") as { laying: Laying; toolchain: Toolchain };
await layFoundation({ ...laying, progress: () => {} }, toolchain);
