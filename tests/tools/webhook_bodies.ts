// What Alertmanager and Grafana send to a webhook, as their own documentation shows it, for a camera of the hub.

/** When an alert began, in the bodies below. */
export const BEGAN = "2026-05-06T09:58:30.123Z";

/** Changes to one alert of a body. */
interface Change {
  status?: "firing" | "resolved";
  startsAt?: string;
  endsAt?: string;
  fingerprint?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** Version 4 of Alertmanager's webhook (0.25). */
export function alertmanagerBody(...changes: Change[]) {
  const alerts = (changes.length > 0 ? changes : [{}]).map((change: Change) => ({
    status: "firing",
    startsAt: BEGAN,
    endsAt: "0001-01-01T00:00:00Z",
    generatorURL: "http://prometheus:9090/graph?g0.expr=tapocam_camera_up+%3D%3D+0&g0.tab=1",
    fingerprint: "3c8b2b4d5e6f7a81",
    ...change,
    labels: { alertname: "CameraOffline", camera: "door", severity: "critical", ...change.labels },
    annotations: {
      summary: "Front door is offline",
      description: "No picture for 5 minutes.",
      ...change.annotations,
    },
  }));
  return {
    version: "4",
    groupKey: '{}:{alertname="CameraOffline"}',
    truncatedAlerts: 0,
    receiver: "hub",
    status: alerts.some(({ status }) => status === "firing") ? "firing" : "resolved",
    groupLabels: { alertname: "CameraOffline" },
    commonLabels: { alertname: "CameraOffline" },
    commonAnnotations: {},
    externalURL: "http://alertmanager:9093",
    alerts,
  };
}

/** The same as Grafana sends it. */
export function grafanaBody(...changes: Change[]) {
  const { alerts, ...body } = alertmanagerBody(...changes);
  const [{ status }] = [body];
  return {
    ...body,
    version: "1",
    externalURL: "http://grafana:3000/",
    orgId: 1,
    title: "[FIRING:1] HighTemperature (Kitchen)",
    state: status === "firing" ? "alerting" : "ok",
    message: "**Firing**\n\nValue: A=71.5, C=1\n",
    alerts: alerts.map((each) => ({
      ...each,
      labels: { ...each.labels, alertname: "HighTemperature", grafana_folder: "Kitchen", severity: "page" },
      annotations: { summary: "The kitchen is hot" },
      values: { A: 71.5, C: 1 },
      valueString: "[ var='A' labels={} value=71.5 ]",
      silenceURL: "http://grafana:3000/alerting/silence/new?alertmanager=grafana",
      dashboardURL: "http://grafana:3000/d/tapocam-kitchen",
      panelURL: "http://grafana:3000/d/tapocam-kitchen?viewPanel=4",
      imageURL: "",
    })),
  };
}
