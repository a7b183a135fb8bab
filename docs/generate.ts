import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PAGES } from "./generate/pages.ts";

for (const [file, make] of Object.entries(PAGES)) {
  await writeFile(join(import.meta.dirname, "..", file), await make());
  process.stdout.write(`${file}\n`);
}
