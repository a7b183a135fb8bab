import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KMSClient, ListAliasesCommand } from "@aws-sdk/client-kms";
import { clientSettings } from "../../../orchestrator/adapters/aws-access.ts";
import { environmentNames } from "../../../orchestrator/environment.ts";
import { checkOutNow } from "../checkout.ts";
import { raised, razed } from "../promotions.ts";
import { generalise, type RawCall } from "./generalise.ts";
import { tour } from "./tour.ts";

/** What the deployer's policies are made of. Written anew by `npm run calls`; ten minutes. */
const RECORD = join(import.meta.dirname, "../../../infra/foundation/calls.json");

const checkout = checkOutNow();
const file = join(checkout.rehearsal, "..", "calls.jsonl");
checkout.env.EMULATOR_CALLS = file;
const tell = (line: string) => void process.stderr.write(`${line}\n`);
try {
  const administrator = await raised(checkout);
  await tour(checkout, tell);
  const { Aliases = [] } = await new KMSClient(clientSettings(administrator)).send(
    new ListAliasesCommand({}),
  );
  const keys = new Map(Aliases.map(({ TargetKeyId = "", AliasName = "" }) => [TargetKeyId, AliasName]));
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const raw = lines.map((line) => JSON.parse(line) as RawCall);
  const calls = generalise(raw, environmentNames(checkout.root), keys);
  writeFileSync(process.env.CALLS_OUT ?? RECORD, `${JSON.stringify(calls, null, 2)}\n`);
} finally {
  if (process.env.CALLS_RAW) writeFileSync(process.env.CALLS_RAW, readFileSync(file));
  await razed(checkout);
}
