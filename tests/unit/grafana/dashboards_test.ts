// The committed dashboards as they stand: what Grafana and people need of each panel.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { CATALOGUE, type MetricName } from "../../../src/metrics/catalogue/catalogue.ts";
import { DEFAULTS } from "../../../tools/panel/options.ts";
import {
  allPanels,
  allTargets,
  type Dashboard,
  filledIn,
  readDashboards,
} from "../../tools/grafana_dashboards.ts";

const dashboards = await readDashboards();
/** Panels that show no values of their own. */
const WITHOUT_VALUES = ["text", "alertlist", "tapo-camera-panel"];
/** What Prometheus itself tells of a target. */
const OF_PROMETHEUS = ["up", "scrape_duration_seconds"];

const UIDS = ["overview", "streams", "host", "mcp", "slo", "kitchen", "vienna"].map((name) =>
  `tapocam-${name}`
);

Deno.test("dashboards: seven, each under its fixed uid, bare, with the tag that links them [DASH-SEVEN]", () => {
  assertEquals([...dashboards.keys()].sort(), UIDS.map((uid) => `${uid}.json`).sort());
  for (const [file, dashboard] of dashboards) {
    assertEquals(`${dashboard.uid}.json`, file);
    assert(
      !("dashboard" in dashboard) && !("id" in dashboard),
      `${file} is for the API, not for provisioning`,
    );
    assert(dashboard.title !== "" && dashboard.tags.includes("tapocam"), file);
  }
  assertEquals(dashboards.get("tapocam-vienna.json")?.timezone, "Europe/Vienna");
});

Deno.test("dashboards: panels have ids of their own, lie within 24 columns and over no other [DASH-STRUCTURE]", () => {
  for (const [file, dashboard] of dashboards) {
    const panels = allPanels(dashboard);
    assertEquals(new Set(panels.map(({ id }) => id)).size, panels.length, file);
    const isTaken = new Map<string, string>();
    for (const { title = "", gridPos: { x, y, w, h } } of panels) {
      assert(x >= 0 && w > 0 && x + w <= 24, `${file}: ${title}`);
      for (let column = x; column < x + w; column++) {
        for (let row = y; row < y + h; row++) {
          const other = isTaken.get(`${column},${row}`);
          assertEquals(other, undefined, `${file}: "${title}" lies over "${other}"`);
          isTaken.set(`${column},${row}`, title);
        }
      }
    }
  }
});

Deno.test("dashboards: every panel says what it shows, what it means, in what unit, and what stands there without data [DASH-STRUCTURE]", () => {
  for (const [file, dashboard] of dashboards) {
    const titles = new Set<string>();
    for (const { type, title = "", description, fieldConfig, targets } of allPanels(dashboard)) {
      if (type === "row") continue;
      const where = `${file}: ${title}`;
      assert(title !== "" && !titles.has(title), `${where}: no title, or one that another has`);
      titles.add(title);
      assert(/\w{3}.*\.$/s.test(description ?? ""), `${where}: no description`);
      if (WITHOUT_VALUES.includes(type)) continue;
      assert(
        fieldConfig?.defaults.unit && fieldConfig.defaults.noValue,
        `${where}: unit or text without data`,
      );
      assert(targets?.length, `${where}: asks nothing`);
      assertEquals(new Set(targets.map(({ refId }) => refId)).size, targets.length, where);
    }
  }
});

Deno.test("dashboards: sources are chosen by variables, which begin with those that are provisioned [DASH-SOURCES]", () => {
  for (const [file, dashboard] of dashboards) {
    for (const uid of JSON.stringify(dashboard).match(/"uid":"[^"]*"/g) ?? []) {
      const known = ["${datasource}", "${infinity}", "${incidents}", dashboard.uid];
      assert(known.some((each) => uid === `"uid":"${each}"`), `${file}: ${uid}`);
    }
    const first = (name: string) =>
      dashboard.templating.list.find((each) => each.name === name)?.current?.value;
    assertEquals([first("datasource"), first("infinity")], ["tapocam-prometheus", "tapocam-infinity"]);
  }
});

Deno.test("dashboards: PromQL names only metrics of the catalogue, and divides only by what is above zero [DASH-METRICS]", () => {
  for (const [name, { expr }] of [...dashboards.values()].flatMap(allTargets)) {
    if (expr === undefined) continue;
    const bare = expr.replaceAll(/\{[^}]*\}/g, "{}");
    const metrics = bare.match(/\b[a-z_][a-z0-9_]*(?=\{\})/g) ?? [];
    assert(metrics.length > 0, `${name}: ${bare}`);
    for (const metric of metrics) assert(isKnown(metric), `${name}: there is no ${metric}`);
    for (const [, divisor = ""] of bare.matchAll(/\/ (.)/g)) {
      assert(/[(0-9]/.test(divisor), `${name}: ${bare}`);
    }
    // A divisor that is not a number is a vector of which only what is above zero is left.
    const guards = bare.match(/\/ \(\(/g)?.length ?? 0;
    assertEquals(bare.match(/\/ \(/g)?.length ?? 0, guards, `${name} may divide by zero: ${bare}`);
    assertEquals(
      (bare.match(/\) > 0\)/g)?.length ?? 0) >= guards,
      true,
      `${name} may divide by zero: ${bare}`,
    );
  }
});

function isKnown(metric: string): boolean {
  if (OF_PROMETHEUS.includes(metric) || Object.hasOwn(CATALOGUE, metric)) return true;
  const base = metric.replace(/_(?:bucket|sum|count)$/, "") as MetricName;
  return base !== metric && CATALOGUE[base]?.type === "histogram";
}

Deno.test("dashboards: all variables that queries and links name exist [DASH-SOURCES]", () => {
  const OF_GRAFANA = [
    "__all",
    "__data",
    "__field",
    "__range",
    "__rate_interval",
    "__timeFrom",
    "__timeTo",
    "__url_time_range",
  ];
  for (const [file, dashboard] of dashboards) {
    const known = [...OF_GRAFANA, ...dashboard.templating.list.map(({ name }) => name)];
    const values = Object.fromEntries(known.map((name) => [name, "x"]));
    // Paths into a field, such as ${__field.labels.camera}, are Grafana's own.
    const text = JSON.stringify(dashboard).replaceAll(/\$\{(__field|__data)[^}]*\}/g, "x");
    assert(filledIn(text, values) !== text, file);
  }
});

Deno.test("dashboards: the overview's five panels are there, and the live picture is this project's [DASH-OVERVIEW]", () => {
  const named = (uid: string): Dashboard => dashboards.get(`${uid}.json`)!;
  const kinds = new Map(allPanels(named("tapocam-overview")).map(({ title, type }) => [title, type]));
  assertEquals(
    [
      "Camera Status Overview",
      "Motion Detection Status",
      "Network Performance",
      "Temperature Monitoring",
      "Motion Events Timeline",
    ].map((title) => kinds.get(title)),
    ["stat", "table", "timeseries", "gauge", "logs"],
  );
  const options = ["tapocam-kitchen", "tapocam-vienna"].map((uid) =>
    allPanels(named(uid)).find(({ type }) => type === "tapo-camera-panel")?.options ?? {}
  );
  assertEquals(options.map(({ cameraId }) => cameraId), ["${kitchen}", "${camera}"]);
  for (const own of options) assertEquals(Object.keys(own).sort(), Object.keys(DEFAULTS).sort());
});

Deno.test("dashboards: what guesses from movement says that it is no safety device [DASH-HONEST]", () => {
  const panels = allPanels(dashboards.get("tapocam-kitchen.json")!);
  const hints = panels.filter(({ title }) => /steam|smoke|stove/i.test(title ?? ""));
  assert(hints.length >= 3);
  for (const { title, description } of hints) {
    assertMatch(`${title} ${description}`, /not a safety device|not replace a smoke detector/i);
  }
  assertMatch(JSON.stringify(dashboards.get("tapocam-vienna.json")), /\*\*Off\.\*\*/);
});
