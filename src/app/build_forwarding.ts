// What the hub sends to stores elsewhere: built from what is measured and from the journal.
import type { Clock } from "../base/clock.ts";
import type { Logger } from "../base/log.ts";
import type { Warnings } from "../base/warnings.ts";
import type { Journal } from "../events/journal.ts";
import { Forwarding } from "../forward/forwarding.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { LiveConfig } from "./live_config.ts";

/** Nothing is sent where the configuration names no target. */
export function buildForwarding(
  { metrics, config, ...parts }: {
    clock: Clock;
    log: Logger;
    warnings: Warnings;
    journal: Journal;
    metrics: Metrics;
    config: LiveConfig;
  },
  startedAtMs: number,
): Forwarding {
  return new Forwarding({
    ...parts,
    config: () => config.now.metrics.push,
    samples: () => metrics.samples,
    startedAtMs,
    hostname: Deno.hostname(),
  });
}
