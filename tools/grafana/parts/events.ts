// The hub's journal as Grafana wants it: rows of a log, marks on graphs. The selectors are jq.
import type { Column, InfinityQuery } from "./infinity.ts";

/** Events of the time that is shown, the newest thousand. Grafana fills in milliseconds since 1970. */
export const EVENTS_URL = "/api/events?from=${__timeFrom}&to=${__timeTo}&limit=1000";

/** Where it was, what it was, how long it took. */
const SAID = '(.camera_id // "hub") + ": " + (.kind | gsub("_"; " ")) + ' +
  'if .details.status then " " + (.details.status | tostring) else "" end + ' +
  'if .active then ", goes on" elif (.duration_s // 0) >= 1 ' +
  'then " for " + (.duration_s | round | tostring) + " s" else "" end';

/** By how much it matters: Grafana colours the lines by it. */
const LEVEL = 'if .kind == "alert" or .kind == "alarm" or .kind == "tamper" then "critical" ' +
  'elif .kind == "gap" or (.kind == "camera_state" and .details.status != "online") then "error" ' +
  'elif .kind == "person" or .kind == "doorbell" or .kind == "package" then "warning" ' +
  'elif .kind == "motion" then "info" else "debug" end';

const text = (key: string): Column => ({ key, type: "string" });
const time = (key: string): Column => ({ key, type: "timestamp" });

/** A log: Grafana knows its columns by these names. */
export function eventLog(which = "."): InfinityQuery {
  return {
    url: EVENTS_URL,
    format: "logs",
    rows: `[.events[] | select(${which}) | {timestamp: .started_at, body: (${SAID}), level: (${LEVEL}), ` +
      'id: (.seq | tostring), camera: (.camera_id // "hub"), kind}]',
    columns: [time("timestamp"), text("body"), text("level"), text("id"), text("camera"), text("kind")],
  };
}

/** Marks on graphs, from the beginning of an event to its end. */
export function eventMarksQuery(which: string): InfinityQuery {
  return {
    url: EVENTS_URL,
    format: "dataframe",
    rows: `[.events[] | select(${which}) | {time: .started_at, timeEnd: (.ended_at // .started_at), ` +
      "text: (" + SAID + '), tags: ([.kind, .camera_id // empty] | join(","))}]',
    columns: [time("time"), time("timeEnd"), text("text"), text("tags")],
  };
}
