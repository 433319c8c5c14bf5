// Samples as Influx line protocol. The measurement is what stands before the first `_` of a metric's name and the
// field is the rest: VictoriaMetrics joins them with `_`, and has each metric under the name that /metrics gives it.
// https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/
import type { Labels } from "../metrics/sample.ts";
import { fullName, type Sending, type Snapshot } from "./snapshot.ts";

/** The lines of a snapshot, one for each set of labels, with its time in nanoseconds. Values are always floats. */
export function influxLines({ atMs, samples }: Snapshot, sending: Sending): { count: number; text: string } {
  const series = new Map<string, string[]>();
  let count = 0;
  for (const sample of samples) {
    if (!Number.isFinite(sample.value)) continue;
    const name = fullName(sample);
    const cut = name.indexOf("_");
    const key = name.slice(0, cut) + tags({ ...sending, ...sample.labels });
    const fields = series.get(key);
    // Names of the catalogue hold nothing that must be escaped.
    const field = `${name.slice(cut + 1)}=${sample.value}`;
    if (fields) fields.push(field);
    else series.set(key, [field]);
    count++;
  }
  const lines = [...series].map(([key, fields]) => `${key} ${fields.join(",")} ${Math.round(atMs)}000000\n`);
  return { count, text: lines.join("") };
}

/** In the order of their names, as the reference advises; one without a value is the same as none. */
function tags(labels: Labels): string {
  let text = "";
  for (const name of Object.keys(labels).sort()) {
    const value = labels[name] ?? "";
    if (value !== "") text += `,${escaped(name)}=${escaped(value)}`;
  }
  return text;
}

/**
 * Without what the format cannot carry: line breaks, and backslashes, which stores read differently where they stand
 * before what is escaped or at the end.
 */
function escaped(text: string): string {
  // deno-lint-ignore no-control-regex -- camera names come from people
  if (!/[\x00-\x1f\x7f\\,= ]/.test(text)) return text;
  // deno-lint-ignore no-control-regex -- as above
  return text.replace(/[\x00-\x1f\x7f]/g, " ").replaceAll("\\", "/").replace(/[,= ]/g, "\\$&");
}
