// Receivers of OTLP over HTTP: the OpenTelemetry Collector, Grafana Alloy, Prometheus 3.
import { VERSION } from "../base/version.ts";
import type { OtlpConfig } from "../config/push.ts";
import type { SendWeb } from "../protocols/http/web_request.ts";
import { otlpResource } from "./otlp_json.ts";
import type { MetricTarget, Sending } from "./snapshot.ts";
import { below, ownHeaders, post } from "./web_target.ts";

/** A target of the kind `otlp`. */
export function otlpTarget(config: OtlpConfig, sending: Sending, send: SendWeb): MetricTarget {
  const { id, url } = config;
  const headers = ownHeaders(config.headers);
  const target = {
    peer: `The OTLP receiver "${id}"`,
    url: below(url, "v1/metrics"),
    headers,
    secrets: Object.values(headers),
  };
  return {
    id,
    kind: "otlp",
    encode: (snapshot) => ({
      count: snapshot.samples.length,
      text: JSON.stringify(otlpResource(snapshot, sending, VERSION)),
    }),
    send: (parcels, signal) => {
      const body = `{"resourceMetrics":[${parcels.map(({ text }) => text).join(",")}]}`;
      return post(target, { body, type: "application/json" }, { send, signal });
    },
  };
}
