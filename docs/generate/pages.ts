import { join } from "node:path";
import { doctorPage } from "./doctor.ts";
import { faultsPage } from "./faults.ts";
import { ledgerPage } from "./ledger.ts";
import { problemsPage } from "./problems.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** The pages that are made from the code, by their file, from the project's root. */
export const PAGES: Record<string, () => Promise<string>> = {
  "docs/PROBLEMS.md": () => problemsPage(ROOT),
  "docs/LEDGER.md": async () => ledgerPage(),
  "docs/DOCTOR.md": async () => doctorPage(),
  "docs/FAULTS.md": async () => faultsPage(),
};
