// PostgreSQL as a store for many hubs and for long. What was sent once and is sent again changes nothing.
import type { NetworkGuard } from "../base/network.ts";
import type { PostgresConfig } from "../config/push.ts";
import { eventView } from "../operations/event_views.ts";
import type { EventTarget } from "./journal_source.ts";
import { PostgresLink } from "./postgres_link.ts";
import { eventsReached, insertSeries, insertValues, upsertEvents } from "./postgres_schema.ts";
import { fullName, type MetricTarget, type Snapshot } from "./snapshot.ts";
import type { Parcel } from "./target.ts";

/** The targets of one store: values, and events where they are wanted. Each has a connection of its own. */
export function postgresTargets(
  config: PostgresConfig,
  hub: string,
  network: Pick<NetworkGuard, "resolve">,
): { values: MetricTarget; events: EventTarget | undefined } {
  return {
    values: valuesTarget(config, hub, new PostgresLink(config, network)),
    events: config.events ? eventsTarget(config, hub, new PostgresLink(config, network)) : undefined,
  };
}

function valuesTarget({ id, schema }: PostgresConfig, hub: string, link: PostgresLink): MetricTarget {
  return {
    id,
    kind: "postgres",
    encode: valuesParcel,
    send: (parcels, signal) => {
      const list = `[${parcels.map(({ text }) => text).join(",")}]`;
      return link.transaction(async (ask) => {
        await ask(insertSeries(schema), [list, hub]);
        await ask(insertValues(schema), [list, hub]);
      }, signal);
    },
    close: () => link.close(),
  };
}

function eventsTarget({ id, schema }: PostgresConfig, hub: string, link: PostgresLink): EventTarget {
  return {
    // A dot stands in no id of the configuration.
    id: `${id}.events`,
    kind: "postgres",
    encode: (event) => ({ count: 1, text: storable(JSON.stringify(eventView(event))) }),
    send: (parcels, signal) =>
      link.transaction(async (ask) => {
        await ask(upsertEvents(schema), [`[${parcels.map(({ text }) => text).join(",")}]`, hub]);
      }, signal),
    reached: (signal) =>
      link.transaction(async (ask) => {
        const change = (await ask(eventsReached(schema), [hub]))[0]?.["change"];
        return change === null || change === undefined ? undefined : Number(change);
      }, signal),
    close: () => link.close(),
  };
}

/** A row for each value: time, metric, labels, value. */
function valuesParcel({ atMs, samples }: Snapshot): Parcel {
  const rows = samples.filter(({ value }) => Number.isFinite(value)).map((sample) => {
    const labels = Object.fromEntries(Object.entries(sample.labels).filter(([, value]) => value !== ""));
    return JSON.stringify({ t: Math.round(atMs), m: fullName(sample), l: labels, v: sample.value });
  });
  return { count: rows.length, text: storable(rows.join(",")) };
}

/** PostgreSQL's jsonb has no NUL. */
function storable(json: string): string {
  return json.replace(/(?<!\\)((?:\\\\)*)\\u0000/g, "$1");
}
