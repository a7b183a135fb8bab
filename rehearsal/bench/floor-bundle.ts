import { bundleFunction, bundleInfra } from "../../orchestrator/release/bundle.ts";
import { readStacks } from "../../orchestrator/release/stacks.ts";

/** The floor of packaging: esbuild alone over the same sources, without a checkout, zips, digests or a manifest. */
const [root = "", sha = "", ...functions] = process.argv.slice(2);
for (const name of functions) await bundleFunction(root, name, sha);
await bundleInfra(root, await readStacks(root));
