// The containers on the other host: Grafana, Prometheus and, when it is asked for, Alertmanager.
import { ALERT_TOKEN_FILE, TARGETS_FILE, TOKEN_FILE, WEBHOOK_FILE } from "./prometheus_files.ts";
import { DASHBOARDS_PATH } from "./provisioning.ts";
import type { GrafanaTarget } from "./target.ts";
import { toYaml } from "./yaml.ts";

/** Versions that belong together: Infinity 3.11 needs Grafana 11.6 or newer. */
const IMAGES = {
  grafana: "grafana/grafana:13.2.3",
  prometheus: "prom/prometheus:v3.14.0",
  alertmanager: "prom/alertmanager:v0.34.1",
} as const;
export const INFINITY = "yesoreyeram-infinity-datasource@3.11.1";
export const PANEL = "tapo-camera-panel";

const WANTED_URL = "${CAMHUB_URL:?write the address of the hub into .env}";
const WANTED_TOKEN = "${CAMHUB_TOKEN:?write a token of the hub into .env}";
/** Within the container, whose program runs as nobody: some versions of Compose make secrets readable for root alone. */
const READABLE = 0o444;
/** By it a container reaches a hub on its own machine. */
const EXTRA_HOSTS = ["host.docker.internal:host-gateway"];

/** Text of `docker-compose.yml`. */
export function composeFile(target: GrafanaTarget): string {
  const isAnyHub = target.hubUrl === undefined;
  return toYaml({
    name: "tapocam",
    services: {
      grafana: grafanaService(target),
      prometheus: {
        image: IMAGES.prometheus,
        restart: "unless-stopped",
        extra_hosts: EXTRA_HOSTS,
        command: [
          "--config.file=/etc/prometheus/prometheus.yml",
          "--storage.tsdb.path=/prometheus",
          "--storage.tsdb.retention.time=365d",
        ],
        volumes: [
          "prometheus-data:/prometheus",
          "./prometheus/prometheus.yml:/etc/prometheus/prometheus.yml:ro",
          "./prometheus/tapocam.rules.yml:/etc/prometheus/tapocam.rules.yml:ro",
        ],
        secrets: [{ source: "camhub_token", target: `/etc/prometheus/${TOKEN_FILE}`, mode: READABLE }],
        ...(isAnyHub ? { configs: [{ source: "targets", target: `/etc/prometheus/${TARGETS_FILE}` }] } : {}),
      },
      alertmanager: {
        image: IMAGES.alertmanager,
        profiles: ["alertmanager"],
        restart: "unless-stopped",
        extra_hosts: EXTRA_HOSTS,
        command: [
          "--config.file=/etc/alertmanager/alertmanager.yml",
          "--storage.path=/alertmanager",
          "--cluster.listen-address=",
        ],
        volumes: [
          "alertmanager-data:/alertmanager",
          "./alertmanager/alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro",
        ],
        secrets: [
          { source: "camhub_alert_token", target: `/etc/alertmanager/${ALERT_TOKEN_FILE}`, mode: READABLE },
        ],
        ...(isAnyHub
          ? { configs: [{ source: "webhook", target: `/etc/alertmanager/${WEBHOOK_FILE}` }] }
          : {}),
      },
    },
    // From .env into a file of the container: a token in a command line could be read by everybody on the host.
    secrets: {
      camhub_token: { environment: "CAMHUB_TOKEN" },
      camhub_alert_token: { environment: "CAMHUB_ALERT_TOKEN" },
    },
    ...(isAnyHub ? { configs: placeholders() } : {}),
    volumes: { "grafana-data": {}, "prometheus-data": {}, "alertmanager-data": {} },
  });
}

function grafanaService({ hubUrl }: GrafanaTarget) {
  return {
    image: IMAGES.grafana,
    restart: "unless-stopped",
    depends_on: ["prometheus"],
    ports: ["${GRAFANA_PORT:-3000}:3000"],
    extra_hosts: EXTRA_HOSTS,
    environment: {
      ...(hubUrl === undefined ? { CAMHUB_URL: WANTED_URL } : {}),
      CAMHUB_TOKEN: WANTED_TOKEN,
      CAMHUB_ALERT_TOKEN: "${CAMHUB_ALERT_TOKEN:-}",
      GF_SECURITY_ADMIN_PASSWORD: "${GRAFANA_ADMIN_PASSWORD:?write a password for Grafana's admin into .env}",
      GF_DATE_FORMATS_DEFAULT_TIMEZONE: "${TIMEZONE:-browser}",
      GF_PLUGINS_PREINSTALL: INFINITY,
      GF_PLUGINS_ALLOW_LOADING_UNSIGNED_PLUGINS: PANEL,
      GF_ANALYTICS_REPORTING_ENABLED: "false",
    },
    volumes: [
      "grafana-data:/var/lib/grafana",
      "./provisioning:/etc/grafana/provisioning:ro",
      `./dashboards:${DASHBOARDS_PATH}:ro`,
      `./plugins/${PANEL}:/var/lib/grafana/plugins/${PANEL}:ro`,
    ],
  };
}

/** Files that Compose writes from `.env`, for programs that cannot read an environment. */
function placeholders() {
  return {
    targets: {
      content: '- targets: ["${CAMHUB_METRICS:?write host and metrics port of the hub into .env}"]\n',
    },
    webhook: { content: `${WANTED_URL}/api/alerts/grafana\n` },
  };
}

/** Text of `.env.example`: what the user fills in. */
export function envExample({ hubUrl, scrape, timezone }: GrafanaTarget): string {
  return `# Copy this file to .env and fill it in. It then holds a token: keep it to yourself (chmod 600 .env).

# The hub as this host reaches it, by its address or a name that the router knows; containers know no .local names.
CAMHUB_URL=${hubUrl ?? "http://192.168.1.10:7777"}
${
    hubUrl === undefined
      ? "# Its metrics port.\nCAMHUB_METRICS=192.168.1.10:8080\n"
      : `# Already written into the files: Prometheus scrapes ${scrape?.host}. For another address export again.\n`
  }
# Made on the hub: tapo-camera-mcp token create grafana --role viewer
CAMHUB_TOKEN=
# By it alerts are reported to the hub, which tells them on: tapo-camera-mcp token create grafana-alerts --role operator
# An operator may also move cameras. Left empty, the hub is not told of alerts.
CAMHUB_ALERT_TOKEN=

# For the user "admin" of Grafana.
GRAFANA_ADMIN_PASSWORD=
GRAFANA_PORT=3000
# A time zone such as Europe/Vienna; "browser" is that of whoever looks.
TIMEZONE=${timezone}
`;
}
