// The hub's own documentation, as pages that a model can read.
import { HubError } from "../base/errors.ts";

/** The pages and what they are about; their files stand in docs/. */
export const DOCS_PAGES: Readonly<Record<string, string>> = {
  USER_GUIDE: "How people use the hub: adding cameras, watching, moving, events, settings",
  cameras: "Kinds of cameras: how each is prepared, its options, and what it can and cannot do",
  alerts: "Rules and channels of alerts with examples, and what is promised of delivery",
  motion: "How the hub looks for motion: rules, zones, how well it works",
  "mcp-tools": "Every tool: its input, its answer, examples",
  API: "The HTTP API",
  mcp: "How programs and assistants connect over MCP",
  "home-assistant": "Home Assistant and MQTT: setting it up, entities, topics, commands",
  metrics: "Metrics for Prometheus, Grafana and curl: who may read them, and what each means",
  grafana: "Grafana on another host: setting it up, what each alert means, troubleshooting",
  dashboards: "What each dashboard for Grafana shows, and what it needs",
  push: "Sending values and events to InfluxDB, VictoriaMetrics, OTLP, Loki and PostgreSQL",
  channels: "Ways out for alerts: e-mail, MQTT, notifications of browsers",
  security: "Logins, what is kept secret, which addresses the hub connects to",
};

/** Reads a page from the folder of the documentation. @throws HubError `not_found`, naming the pages. */
export async function readDocsPage(folder: URL, page: string): Promise<string> {
  if (!Object.hasOwn(DOCS_PAGES, page)) {
    throw new HubError("not_found", `There is no page "${page}"`, {
      hint: `The pages are: ${Object.keys(DOCS_PAGES).join(", ")}`,
    });
  }
  return await Deno.readTextFile(new URL(`${page}.md`, folder));
}
