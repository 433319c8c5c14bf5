// Configuration of Prometheus and Alertmanager.
import { MAX_ALERTS } from "./grafana_rules.ts";
import { INTERVAL_S, promDuration } from "./rule.ts";
import type { GrafanaTarget } from "./target.ts";
import { toYaml } from "./yaml.ts";

/** Lies beside each configuration, in the container as a secret; relative paths start at the configuration. */
export const TOKEN_FILE = "camhub_token";
/** Of an operator, where reporting alerts wants one; that of the metrics is a viewer's. */
export const ALERT_TOKEN_FILE = "camhub_alert_token";
/** Written by Docker Compose from `.env` where the folder does not know its hub. */
export const TARGETS_FILE = "camhub_targets.yml";
export const WEBHOOK_FILE = "camhub_webhook";

/** Text of `prometheus/prometheus.yml`. */
export function prometheusConfig({ scrape }: GrafanaTarget): string {
  const every = promDuration(INTERVAL_S);
  const where = scrape
    ? { scheme: scrape.scheme, static_configs: [{ targets: [scrape.host] }] }
    : { file_sd_configs: [{ files: [TARGETS_FILE] }] };
  return toYaml({
    global: { scrape_interval: every, evaluation_interval: every },
    rule_files: ["tapocam.rules.yml"],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ["alertmanager:9093"] }] }] },
    scrape_configs: [{
      job_name: "tapocam",
      scrape_interval: every,
      metrics_path: "/metrics",
      authorization: { type: "Bearer", credentials_file: TOKEN_FILE },
      ...where,
    }],
  });
}

/** Text of `alertmanager/alertmanager.yml`. */
export function alertmanagerConfig({ hubUrl }: GrafanaTarget): string {
  return toYaml({
    route: {
      receiver: "tapocam-hub",
      group_by: ["alertname", "camera"],
      group_wait: "10s",
      group_interval: "1m",
      repeat_interval: "4h",
    },
    receivers: [{
      name: "tapocam-hub",
      webhook_configs: [{
        ...(hubUrl === undefined ? { url_file: WEBHOOK_FILE } : { url: `${hubUrl}/api/alerts/grafana` }),
        send_resolved: true,
        max_alerts: MAX_ALERTS,
        http_config: { authorization: { type: "Bearer", credentials_file: ALERT_TOKEN_FILE } },
      }],
    }],
  });
}
