import type { Ledger } from "../ports/ledger.ts";
import type { Notifier } from "../ports/notifier.ts";
import type { Secrets } from "../secrets.ts";
import type { LedgerEvent } from "./events.ts";
import type { Tell } from "./progress.ts";

// What the engine, an SDK or a test says may hold a secret. It loses it here, on its way to whoever reads it.

/** A ledger whose events are written without secrets. An entry is read for ever. */
export function discreetLedger(ledger: Ledger, secrets: Secrets): Ledger {
  const asWritten = (event: LedgerEvent) => secrets.redactAll(event);
  return {
    ...ledger,
    asWritten,
    append: (lease, event, promotionId) => ledger.append(lease, secrets.redactAll(event), promotionId),
  };
}

/** A notifier that tells no secret. */
export const discreetNotifier = (notifier: Notifier, secrets: Secrets): Notifier => ({
  send: (topicArn, notice) => notifier.send(topicArn, secrets.redactAll(notice)),
});

/** Progress without secrets. */
export const discreetTell =
  (tell: Tell, secrets: Secrets): Tell =>
  (progress) =>
    tell(secrets.redactAll(progress));
