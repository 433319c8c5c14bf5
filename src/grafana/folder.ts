// Every file of the Grafana folder, for a hub.
import { alertmanagerConfig, prometheusConfig } from "./prometheus_files.ts";
import { composeFile, envExample } from "./compose.ts";
import { contactPoints, grafanaRules } from "./grafana_rules.ts";
import { prometheusRules } from "./prometheus_rules.ts";
import { dashboardProvider, datasources } from "./provisioning.ts";
import { ruleTests } from "./rule_tests.ts";
import { type GrafanaTarget, hubAddress } from "./target.ts";

const NOTE = "# Written by tapo-camera-mcp grafana export; docs/grafana.md explains it.\n";

/** Paths and texts of what is made for each hub; dashboards, the panel plugin, README.md and smoke.sh lie ready. */
export function madeFiles(target: GrafanaTarget): Map<string, string> {
  const { thresholds } = target;
  const yaml: Record<string, string> = {
    "docker-compose.yml": composeFile(target),
    "alertmanager/alertmanager.yml": alertmanagerConfig(target),
    "prometheus/prometheus.yml": prometheusConfig(target),
    "prometheus/tapocam.rules.yml": prometheusRules(thresholds),
    "prometheus/tapocam.rules.test.yml": ruleTests(thresholds),
    "provisioning/alerting/tapocam-contact-points.yml": contactPoints(hubAddress(target)),
    "provisioning/alerting/tapocam-rules.yml": grafanaRules(thresholds),
    "provisioning/dashboards/tapocam.yml": dashboardProvider(),
    "provisioning/datasources/tapocam.yml": datasources(target),
  };
  return new Map([
    [".env.example", envExample(target)],
    ...Object.entries(yaml).map(([path, text]): [string, string] => [path, NOTE + text]),
  ]);
}

/** All files: those that lie ready in a folder, and those that are made. */
export async function allFiles(ready: URL, target: GrafanaTarget): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const path of await pathsBelow(ready)) {
    const bytes = await Deno.readFile(new URL(path, ready));
    files.set(path, path.startsWith("dashboards/") ? ofHouse(bytes, target) : bytes);
  }
  const encoder = new TextEncoder();
  for (const [path, text] of madeFiles(target)) files.set(path, encoder.encode(text));
  return new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Hidden files are left out: a `.env` beside the source holds somebody's token. */
async function pathsBelow(folder: URL, prefix = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(prefix, folder))) {
    if (name.startsWith(".")) continue;
    if (isDirectory) paths.push(...await pathsBelow(folder, `${prefix}${name}/`));
    else paths.push(prefix + name);
  }
  return paths;
}

/** A dashboard with the times of the hub's house, whoever looks from wherever, and with links to the hub. */
function ofHouse(bytes: Uint8Array, { timezone, hubUrl }: GrafanaTarget): Uint8Array {
  if (hubUrl === undefined) return bytes;
  const dashboard: Dashboard = JSON.parse(new TextDecoder().decode(bytes));
  const list = dashboard.templating?.list.map((variable) =>
    variable.name === "hub"
      ? { ...variable, query: hubUrl, current: { text: hubUrl, value: hubUrl } }
      : variable
  );
  const changed = {
    ...dashboard,
    ...(timezone === "browser" ? {} : { timezone }),
    ...(list ? { templating: { ...dashboard.templating, list } } : {}),
  };
  return new TextEncoder().encode(JSON.stringify(changed, null, 2) + "\n");
}

interface Dashboard {
  templating?: { list: { name: string }[] };
}
