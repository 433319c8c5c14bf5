// The one list of alert rules, and what is made of it for Prometheus and for Grafana.
import { parse } from "@std/yaml";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DEFAULT_THRESHOLDS } from "../../../src/config/metrics.ts";
import { contactPoints, grafanaRules } from "../../../src/grafana/grafana_rules.ts";
import { prometheusRules } from "../../../src/grafana/prometheus_rules.ts";
import { durationWords, promDuration } from "../../../src/grafana/rule.ts";
import { ruleCases } from "../../../src/grafana/rule_cases.ts";
import { ALERT_RULES, metricsOf, waitsFor } from "../../../src/grafana/rules.ts";
import { CATALOGUE } from "../../../src/metrics/catalogue/catalogue.ts";

const ROOT = new URL("../../../", import.meta.url);
const THRESHOLDS = {
  camera_offline_s: 90,
  high_latency_ms: 250,
  high_temperature_celsius: 45.5,
  motion_events_per_minute: 4,
};

const CONFIGURED = ["CameraOffline", "HighLatency", "HighTemperature", "MotionBurst"];

interface PrometheusRule {
  alert: string;
  expr: string;
  for: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}
interface GrafanaRule {
  uid: string;
  title: string;
  condition: string;
  data: { refId: string; datasourceUid: string; relativeTimeRange: object; model: Record<string, unknown> }[];
  noDataState: string;
  execErrState: string;
  for: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  notification_settings?: { receiver: string; group_by: string[] };
}

const ofPrometheus = (thresholds = DEFAULT_THRESHOLDS): PrometheusRule[] =>
  parse(prometheusRules(thresholds)).groups.flatMap((group: { rules: PrometheusRule[] }) => group.rules);
const ofGrafana = (thresholds = DEFAULT_THRESHOLDS): GrafanaRule[] =>
  parse(grafanaRules(thresholds)).groups.flatMap((group: { rules: GrafanaRule[] }) => group.rules);

Deno.test("ALERT_RULES: both files hold every rule, with the same threshold, time and words [GRAFANA-ONE-LIST]", () => {
  for (const thresholds of [DEFAULT_THRESHOLDS, THRESHOLDS]) {
    const prometheus = ofPrometheus(thresholds);
    const grafana = ofGrafana(thresholds);
    assertEquals(prometheus.map(({ alert }) => alert), grafana.map(({ title }) => title));
    assertEquals(prometheus.map(({ alert }) => alert).sort(), ALERT_RULES.map(({ name }) => name).sort());
    prometheus.forEach((rule, index) => {
      const { data: [a, c], ...other } = grafana[index]!;
      const { evaluator } =
        (c!.model["conditions"] as { evaluator: { type: string; params: [number] } }[])[0]!;
      const sign = { gt: ">", lt: "<" }[evaluator.type];
      assertEquals(rule.expr, `(${a!.model["expr"]}) ${sign} ${evaluator.params[0]}`);
      assertEquals(rule.for, other.for);
      assertEquals(rule.labels, other.labels);
      const words = (texts: Record<string, string>) =>
        Object.values(texts).map((text) => text.replace(/\$values\.A\.Value/g, "$value"));
      assertEquals(words(other.annotations), words(rule.annotations));
    });
  }
});

Deno.test("ALERT_RULES: four have the configured thresholds [GRAFANA-THRESHOLDS]", () => {
  const found = (thresholds: typeof THRESHOLDS) =>
    ofPrometheus(thresholds).filter(({ alert }) => CONFIGURED.includes(alert)).map((
      { alert, expr, for: time },
    ) => `${alert} ${expr.slice(expr.lastIndexOf(")") + 2)} for ${time}`);
  assertEquals(found(DEFAULT_THRESHOLDS), [
    "CameraOffline < 1 for 5m",
    "HighLatency > 1 for 2m",
    "HighTemperature > 60 for 1m",
    "MotionBurst > 10 for 30s",
  ]);
  assertEquals(found(THRESHOLDS), [
    "CameraOffline < 1 for 90s",
    "HighLatency > 0.25 for 2m",
    "HighTemperature > 45.5 for 1m",
    "MotionBurst > 4 for 30s",
  ]);
  assertEquals([90, 60, 1, 120].map(promDuration), ["90s", "1m", "1s", "2m"]);
  assertEquals([90, 60, 1, 120].map(durationWords), ["90 seconds", "1 minute", "1 second", "2 minutes"]);
});

Deno.test("ALERT_RULES: they read metrics and labels that the catalogue knows; those that wait are named [GRAFANA-WAITING]", () => {
  for (const rule of ALERT_RULES) {
    const labels = new Set([
      "job",
      "instance",
      "le",
      ...metricsOf(rule).flatMap((name) => CATALOGUE[name].labels),
    ]);
    for (const [, label = ""] of rule.value.matchAll(/[{,](\w+)[=!]~?"/g)) {
      assert(labels.has(label), `${rule.name}: ${label}`);
    }
  }
  const isWaiting = (name: keyof typeof CATALOGUE) => CATALOGUE[name].waitsFor !== undefined;
  for (const text of [prometheusRules(DEFAULT_THRESHOLDS), grafanaRules(DEFAULT_THRESHOLDS)]) {
    const named = [...text.matchAll(/^# {3}(\w+) waits for/gm)].map(([, name]) => name);
    const waiting = ALERT_RULES.filter((rule) => metricsOf(rule).some(isWaiting));
    assertEquals(named, waiting.map(({ name }) => name));
    assertEquals(waiting, ALERT_RULES.filter((rule) => waitsFor(rule) !== undefined));
  }
});

Deno.test("ALERT_RULES: each has a case that fires and one that does not, and a heading in the guide [GRAFANA-ONE-LIST]", async () => {
  const guide = await Deno.readTextFile(new URL("docs/grafana.md", ROOT));
  const cases = ruleCases(DEFAULT_THRESHOLDS);
  for (const rule of ALERT_RULES) {
    const own = cases.filter((each) => each.rule === rule.name);
    assert(own.some(({ fires }) => fires) && own.some(({ fires }) => !fires), rule.name);
    assertMatch(guide, new RegExp(`^#### ${rule.name}$`, "m"));
  }
});

Deno.test("grafanaRules: the structure is that of Grafana's provisioning [GRAFANA-PROVISIONING]", () => {
  const file = parse(grafanaRules(DEFAULT_THRESHOLDS));
  assertEquals(file.apiVersion, 1);
  for (const { name, folder, interval, orgId } of file.groups) {
    assertEquals([orgId, folder, interval], [1, "Tapo Camera MCP alerts", "30s"]);
    assertMatch(name, /^tapocam-/);
  }
  const rules = ofGrafana();
  assertEquals(new Set(rules.map(({ uid }) => uid)).size, rules.length);
  for (const { uid, title, condition, data, noDataState, execErrState, notification_settings } of rules) {
    // Grafana takes at most 40 such characters.
    assertMatch(uid, /^tapocam-[a-z-]{1,32}$/);
    assertEquals([condition, data.map(({ refId }) => refId)], ["C", ["A", "C"]]);
    assertEquals(data.map(({ datasourceUid }) => datasourceUid), ["tapocam-prometheus", "__expr__"]);
    const [a, c] = data.map(({ model }) => model);
    assertEquals([a!["instant"], a!["range"], a!["refId"]], [true, false, "A"]);
    assertEquals([c!["type"], c!["expression"], c!["refId"]], ["threshold", "A", "C"]);
    assertEquals(noDataState, title === "CameraHubDown" ? "Alerting" : "OK");
    assert(["OK", "Error"].includes(execErrState));
    if (notification_settings) {
      assertEquals(notification_settings.receiver, "tapocam-hub");
      // Grafana refuses settings that leave out one of these two.
      assertEquals(notification_settings.group_by.slice(0, 2), ["grafana_folder", "alertname"]);
    }
  }
  // The hub cannot tell that it is away, or that its own messages do not arrive.
  assertEquals(
    rules.filter(({ notification_settings }) => !notification_settings).map(({ title }) => title),
    [
      "CameraHubDown",
      "AlertMessagesGivenUp",
      "AlertMessagesWaiting",
      "UptimeBudgetBurnsFast",
      "UptimeBudgetBurnsSlowly",
    ],
  );
});

Deno.test("grafanaRules: what Grafana expands holds only variables that are meant [GRAFANA-PROVISIONING]", () => {
  for (const { annotations, labels } of ofGrafana()) {
    // In annotations Grafana expands braced names only.
    for (const text of Object.values(annotations)) assert(!text.includes("${"), text);
    for (const text of Object.values(labels)) assert(!text.includes("$"), text);
  }
  const { contactPoints: [point] } = parse(contactPoints("$CAMHUB_URL"));
  const { type, settings, uid } = point.receivers[0];
  assertEquals([point.name, uid, type], ["tapocam-hub", "tapocam-hub", "webhook"]);
  assertEquals(settings, {
    url: "$CAMHUB_URL/api/alerts/grafana",
    httpMethod: "POST",
    authorization_scheme: "Bearer",
    authorization_credentials: "$CAMHUB_ALERT_TOKEN",
    maxAlerts: 500,
  });
});
