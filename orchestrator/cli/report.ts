import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { problem } from "../problems.ts";
import { trusted } from "../promotion/history.ts";
import { renderPromotion } from "../report/promotion.ts";
import { storyOf } from "../report/story.ts";
import { ledgerOf } from "./compose.ts";
import { secrets } from "./secrets.ts";
import { ROOT, surroundings, type Where } from "./surroundings.ts";

type Options = Where & { out?: string; json?: boolean };

/** Writes one promotion, as its ledger tells it, as a page. */
export async function reportCommand(promotionId: string, options: Options): Promise<void> {
  const where = await surroundings(options);
  const { name } = where.environment;
  const told = storyOf(trusted(await ledgerOf(where).entries(), name), promotionId);
  if (!told) throw problem("promotion-unknown", { environment: name, promotionId });
  const file = options.out ? resolve(options.out) : join(ROOT, ".reports", `${promotionId}.html`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, secrets.redact(renderPromotion(told, name)));
  process.stdout.write(options.json ? `${JSON.stringify({ env: name, promotionId, file })}\n` : `${file}\n`);
}
