// The targets that a configuration names.
import { NetworkGuard } from "../base/network.ts";
import type { Clock } from "../base/clock.ts";
import type { PushConfig } from "../config/push.ts";
import { webSender } from "../protocols/http/web_request.ts";
import { influxTarget } from "./influx.ts";
import type { EventTarget } from "./journal_source.ts";
import { lokiTarget } from "./loki.ts";
import { otlpTarget } from "./otlp.ts";
import { postgresTargets } from "./postgres.ts";
import type { MetricTarget } from "./snapshot.ts";

export interface Wanted {
  values: readonly { target: MetricTarget; intervalMs: number }[];
  events: readonly { target: EventTarget }[];
}

/** The job under which Prometheus scrapes hubs, in docs/metrics.md: queries fit what is scraped and what is pushed. */
const JOB = "tapocam";

/** Builds them; nothing connects yet. */
export function buildTargets(
  config: PushConfig,
  { hostname, clock }: { hostname: string; clock: Pick<Clock, "now"> },
): Wanted {
  const network = new NetworkGuard(config.allow, { option: "metrics.push.allow" });
  const send = webSender({ network, clock });
  const hub = config.hub ?? hostname;
  const sending = { job: JOB, instance: hub };
  const stores = config.postgres.map((each) => ({ each, ...postgresTargets(each, hub, network) }));
  const every = (seconds: number) => ({ intervalMs: seconds * 1000 });
  return {
    values: [
      ...config.influx.map((each) => ({
        target: influxTarget(each, sending, send),
        ...every(each.interval_s),
      })),
      ...config.otlp.map((each) => ({ target: otlpTarget(each, sending, send), ...every(each.interval_s) })),
      ...stores.map(({ each, values }) => ({ target: values, ...every(each.interval_s) })),
    ],
    events: [
      ...config.loki.map((each) => ({ target: lokiTarget(each, sending, send) })),
      ...stores.flatMap(({ events }) => events === undefined ? [] : [{ target: events }]),
    ],
  };
}
