// What Grafana is told at its start: where data come from, and where dashboards lie.
import { INFINITY_UID, PROMETHEUS_UID } from "./grafana_rules.ts";
import { type GrafanaTarget, hubAddress } from "./target.ts";
import { toYaml } from "./yaml.ts";

/** Where Grafana finds the dashboards, in the container and without one. */
export const DASHBOARDS_PATH = "/var/lib/grafana/dashboards/tapocam";

/** Text of `provisioning/datasources/tapocam.yml`. */
export function datasources(target: GrafanaTarget): string {
  const hub = hubAddress(target);
  return toYaml({
    apiVersion: 1,
    datasources: [
      {
        name: "Tapo Camera MCP metrics",
        uid: PROMETHEUS_UID,
        type: "prometheus",
        access: "proxy",
        url: "http://prometheus:9090",
        jsonData: { httpMethod: "POST", prometheusType: "Prometheus", timeInterval: "30s" },
      },
      {
        name: "Tapo Camera MCP hub",
        uid: INFINITY_UID,
        type: "yesoreyeram-infinity-datasource",
        access: "proxy",
        url: hub,
        jsonData: {
          auth_method: "bearerToken",
          allowedHosts: [hub],
          timeoutInSeconds: 20,
          customHealthCheckEnabled: true,
          customHealthCheckUrl: `${hub}/metrics/cameras`,
        },
        // Expanded by Grafana from its own environment, and encrypted in its database.
        secureJsonData: { bearerToken: "$CAMHUB_TOKEN" },
      },
    ],
  });
}

/** Text of `provisioning/dashboards/tapocam.yml`. */
export function dashboardProvider(): string {
  return toYaml({
    apiVersion: 1,
    providers: [{
      name: "tapocam",
      orgId: 1,
      folder: "Tapo Camera MCP",
      folderUid: "tapocam",
      type: "file",
      disableDeletion: false,
      allowUiUpdates: true,
      updateIntervalSeconds: 30,
      options: { path: DASHBOARDS_PATH },
    }],
  });
}
