// The history of what was measured, in a database file of its own.
import type { Clock } from "../base/clock.ts";
import type { ClockDoubt } from "../base/clock_doubt.ts";
import type { Logger } from "../base/log.ts";
import type { Warnings } from "../base/warnings.ts";
import { History } from "../metrics/history/history.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { Database } from "../store/database.ts";
import type { LiveConfig } from "./live_config.ts";
import type { HubOptions } from "./options.ts";

const MB = 1e6;

/** What the history is made of. */
export interface HistoryParts {
  clock: Clock;
  log: Logger;
  doubt: ClockDoubt;
  warnings: Warnings;
  metrics: Metrics;
  config: LiveConfig;
}

/** Built, not yet running. */
export function buildHistory({ dataDir, layout }: HubOptions, parts: HistoryParts): History {
  const { metrics, config, ...others } = parts;
  return new History({
    ...others,
    samples: () => metrics.samples,
    open: () => Database.open(`${dataDir}/history.sqlite`, layout.storeWorker, "history"),
    settings: () => {
      const { interval_s, history } = config.now.metrics;
      return {
        intervalMs: interval_s * 1000,
        writeEveryMs: history.write_every_s * 1000,
        rawHours: history.raw_hours,
        fiveMinuteDays: history.five_minute_days,
        hourlyDays: history.hourly_days,
        maxBytes: history.max_mb * MB,
      };
    },
  });
}
