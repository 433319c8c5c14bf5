// The rules as Grafana evaluates them itself, and the way by which it tells the hub.
import type { AlertThresholds } from "../config/metrics.ts";
import { annotationsOf, waitingNote } from "./prometheus_rules.ts";
import { type AlertRule, INTERVAL_S, promDuration, RULE_GROUPS } from "./rule.ts";
import { ALERT_RULES } from "./rules.ts";
import { toYaml } from "./yaml.ts";

/** Fixed names that files and dashboards share. */
export const PROMETHEUS_UID = "tapocam-prometheus";
export const INFINITY_UID = "tapocam-infinity";
const RECEIVER = "tapocam-hub";
const FOLDER = "Tapo Camera MCP alerts";

/** Text of `provisioning/alerting/tapocam-rules.yml`. */
export function grafanaRules(thresholds: AlertThresholds): string {
  const groups = RULE_GROUPS.map((name) => ({
    orgId: 1,
    name,
    folder: FOLDER,
    interval: promDuration(INTERVAL_S),
    rules: ALERT_RULES.filter(({ group }) => group === name).map((rule) => ruleOf(rule, thresholds)),
  }));
  return waitingNote() + toYaml({ apiVersion: 1, groups });
}

function ruleOf(rule: AlertRule, thresholds: AlertThresholds) {
  return {
    uid: `tapocam-${rule.uid}`,
    title: rule.name,
    condition: "C",
    data: [queryA(rule.value), thresholdC(rule, thresholds)],
    noDataState: rule.noData,
    // Prometheus that does not answer is told by CameraHubDown alone, not by every rule.
    execErrState: rule.noData === "Alerting" ? "Error" : "OK",
    for: promDuration(rule.forS(thresholds)),
    // In a text that Grafana expands, a dollar would have to be doubled. Annotations it leaves alone.
    annotations: annotationsOf(rule, thresholds, "$values.A.Value"),
    labels: { severity: rule.severity, service: rule.service },
    isPaused: false,
    ...(rule.isAboutHub ? {} : { notification_settings: NOTIFY_HUB }),
  };
}

/** What the hub itself cannot tell goes the way that the user has set up in Grafana. */
const NOTIFY_HUB = {
  receiver: RECEIVER,
  group_by: ["grafana_folder", "alertname", "camera"],
  group_wait: "10s",
  group_interval: "1m",
  repeat_interval: "4h",
};

function queryA(expr: string) {
  return {
    refId: "A",
    relativeTimeRange: { from: 600, to: 0 },
    datasourceUid: PROMETHEUS_UID,
    model: {
      refId: "A",
      datasource: { type: "prometheus", uid: PROMETHEUS_UID },
      editorMode: "code",
      expr,
      instant: true,
      range: false,
      intervalMs: 1000,
      maxDataPoints: 43_200,
    },
  };
}

function thresholdC({ beyond }: AlertRule, thresholds: AlertThresholds) {
  return {
    refId: "C",
    relativeTimeRange: { from: 0, to: 0 },
    datasourceUid: "__expr__",
    model: {
      refId: "C",
      datasource: { type: "__expr__", uid: "__expr__" },
      type: "threshold",
      expression: "A",
      conditions: [{
        type: "query",
        evaluator: { type: beyond.is === "above" ? "gt" : "lt", params: [beyond.than(thresholds)] },
        operator: { type: "and" },
        query: { params: ["A"] },
        reducer: { type: "last", params: [] },
      }],
      intervalMs: 1000,
      maxDataPoints: 43_200,
    },
  };
}

/** What the hub takes in one message. */
export const MAX_ALERTS = 500;

/** Text of `provisioning/alerting/tapocam-contact-points.yml`. Notification policies stay the user's own. */
export function contactPoints(hubUrl: string): string {
  return toYaml({
    apiVersion: 1,
    contactPoints: [{
      orgId: 1,
      name: RECEIVER,
      receivers: [{
        uid: RECEIVER,
        type: "webhook",
        settings: {
          url: `${hubUrl}/api/alerts/grafana`,
          httpMethod: "POST",
          authorization_scheme: "Bearer",
          authorization_credentials: "$CAMHUB_ALERT_TOKEN",
          maxAlerts: MAX_ALERTS,
        },
        disableResolveMessage: false,
      }],
    }],
  });
}
