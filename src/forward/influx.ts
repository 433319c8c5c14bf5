// Stores that take Influx line protocol: InfluxDB 1 to 3, VictoriaMetrics, Grafana Live.
import type { InfluxConfig } from "../config/push.ts";
import type { SendWeb } from "../protocols/http/web_request.ts";
import { influxLines } from "./influx_line.ts";
import type { MetricTarget, Sending } from "./snapshot.ts";
import { authorization, below, post, type WebTarget } from "./web_target.ts";

/** A target of the kind `influx`. Points of the same series and time replace each other there. */
export function influxTarget(config: InfluxConfig, sending: Sending, send: SendWeb): MetricTarget {
  const { id } = config;
  const target = webTarget(config);
  return {
    id,
    kind: "influx",
    encode: (snapshot) => influxLines(snapshot, sending),
    send: (parcels, signal) => {
      const body = parcels.map(({ text }) => text).join("");
      return post(target, { body, type: "text/plain; charset=utf-8" }, { send, signal });
    },
  };
}

function webTarget(config: InfluxConfig): WebTarget {
  const { id, url, token, password } = config;
  const { path, query, scheme } = dialect(config);
  const headers = authorization(config, scheme);
  return {
    peer: `The store "${id}"`,
    url: below(url, path, query),
    headers,
    secrets: [token?.reveal() ?? "", password?.reveal() ?? "", headers["Authorization"] ?? ""],
  };
}

/** Where each product takes lines, and how it wants its token. Times are nanoseconds by default everywhere. */
function dialect({ database, org, bucket, live_stream: stream }: InfluxConfig) {
  if (stream !== undefined) return { path: `api/live/push/${stream}`, query: {}, scheme: "Bearer" };
  if (bucket === undefined) {
    return { path: "write", query: database === undefined ? {} : { db: database }, scheme: "Bearer" };
  }
  const query = { bucket, precision: "ns", ...(org === undefined ? {} : { org }) };
  return { path: "api/v2/write", query, scheme: "Token" };
}
