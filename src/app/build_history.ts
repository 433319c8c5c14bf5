// The history of what was measured, in a database file of its own.
import type { Clock } from "../base/clock.ts";
import type { ClockDoubt } from "../base/clock_doubt.ts";
import type { Logger } from "../base/log.ts";
import type { Warnings } from "../base/warnings.ts";
import type { MetricsConfig } from "../config/metrics.ts";
import { History, type HistorySettings } from "../metrics/history/history.ts";
import type { Metrics } from "../metrics/metrics.ts";
import { openRecovering } from "../store/recovery.ts";
import { historyPath, tellDamage } from "./build_backups.ts";
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
    open: async () => {
      const file = { path: historyPath(dataDir), schema: "history", worker: layout.storeWorker } as const;
      const opened = await openRecovering(file, others.clock.now());
      await tellDamage({ ...opened, schema: "history" }, others);
      return opened.database;
    },
    settings: () => historySettings(config.now.metrics),
  });
}

/** What the section `metrics` says of the history, in the history's own units. */
export function historySettings({ interval_s, history }: MetricsConfig): HistorySettings {
  return {
    intervalMs: interval_s * 1000,
    writeEveryMs: history.write_every_s * 1000,
    rawHours: history.raw_hours,
    fiveMinuteDays: history.five_minute_days,
    hourlyDays: history.hourly_days,
    maxBytes: history.max_mb * MB,
  };
}
