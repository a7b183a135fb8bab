import { systemClock } from "../adapters/system-clock.ts";
import { sayDuration } from "../duration.ts";
import { readable, trusted } from "../promotion/history.ts";
import { doraMetrics, type Metrics } from "../promotion/metrics.ts";
import { ledgerOf } from "./compose.ts";
import { durationOption, surroundings, type Where } from "./surroundings.ts";
import { warnOfUnknown } from "./unknown-entries.ts";

type Options = Where & { since: string; json?: boolean };

export async function metricsCommand(options: Options): Promise<void> {
  const since = durationOption("--since", options.since) ?? 0;
  const where = await surroundings(options);
  const { name } = where.environment;
  const { entries, unknown } = readable(trusted(await ledgerOf(where).entries(), name));
  warnOfUnknown(unknown);
  const to = systemClock.now();
  const metrics = doraMetrics(entries, new Date(to.getTime() - since), to);
  process.stdout.write(
    options.json ? `${JSON.stringify({ env: name, ...metrics })}\n` : text(name, options.since, metrics),
  );
}

function text(name: string, since: string, metrics: Metrics): string {
  const { deployments, leadTime, changeFailures, restore } = metrics;
  const time = (ms: number | null) => (ms === null ? "nothing to measure" : sayDuration(ms));
  const rate =
    changeFailures.rate === null ? "nothing to measure" : `${Math.round(changeFailures.rate * 100)} %`;
  return `${name}, the last ${since}
deployment frequency  ${deployments.perDay.toFixed(2)} a day (${deployments.count} promoted)
lead time             ${time(leadTime.medianMs)} (median of ${leadTime.of})
change failure rate   ${rate} (${changeFailures.count} of ${changeFailures.of})
time to restore       ${time(restore.medianMs)} (median of ${restore.of}; not restored: ${restore.open})
`;
}
