// Which client gets what.
import { assertEquals, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { formatFor, formatNamed } from "../../../src/metrics/negotiate.ts";

const OPEN = "application/openmetrics-text";
const CLIENTS: [client: string, accept: string | undefined, format: string][] = [
  ["curl", "*/*", "json"],
  ["nobody in particular", undefined, "json"],
  ["Grafana's Infinity", "application/json;q=0.9,text/plain", "json"],
  ["a browser", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json"],
  [
    "Prometheus 2.42",
    `${OPEN};version=1.0.0,${OPEN};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
    "openmetrics",
  ],
  [
    "Prometheus 3.14",
    `${OPEN};version=1.0.0;escaping=allow-utf-8;q=0.6,${OPEN};version=0.0.1;q=0.5,` +
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
    "openmetrics",
  ],
  [
    "Prometheus with native histograms",
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7," +
    `${OPEN};version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
    "openmetrics",
  ],
  ["vmagent", "text/plain;version=0.0.4;q=1,*/*;q=0.1", "prometheus"],
  ["Alloy", `${OPEN};version=1.0.0;escaping=underscores;q=0.6,text/plain;version=0.0.4;q=0.3`, "openmetrics"],
  ["one that wants no OpenMetrics", `${OPEN};q=0, text/plain; version=0.0.4; q=0.2`, "prometheus"],
  ["one that takes nothing of it", "image/png", "json"],
];
for (const [client, accept, format] of CLIENTS) {
  Deno.test(`formatFor: ${client} gets ${format} [METRICS-NEGOTIATION]`, () => {
    assertEquals(formatFor(accept), format);
  });
}

Deno.test("formatNamed: says which formats there are [METRICS-NEGOTIATION]", () => {
  assertEquals(formatNamed("openmetrics"), "openmetrics");
  const { kind, hint } = assertThrows(() => formatNamed("xml"), HubError);
  assertEquals([kind, hint?.includes("json, prometheus, openmetrics")], ["invalid_input", true]);
});
