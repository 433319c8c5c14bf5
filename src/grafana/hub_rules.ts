// Alert rules about the hub, its machine and what it hands on.
import type { AlertRule } from "./rule.ts";

const OF_HUB = { group: "tapocam-hub", noData: "OK", isAboutHub: false, service: "hub" } as const;
const WHERE = "{{ $labels.instance }}";

/** Share of a disk. The hub itself deletes old recordings at 5 % unless told otherwise: below that it has failed. */
const DISK_SHARE = 0.03;
/** Celsius at which a Raspberry Pi slows itself down. */
const PI_LIMIT_CELSIUS = 80;

export const HUB_RULES: readonly AlertRule[] = [
  {
    ...OF_HUB,
    name: "CameraHubDown",
    uid: "hub-down",
    severity: "critical",
    // Also where nothing is scraped at all, such as after a typing error in the configuration.
    value: 'up{job="tapocam"} or absent(up{job="tapocam"}) * 0',
    beyond: { is: "below", than: () => 1 },
    forS: () => 120,
    summary: "The camera hub does not answer",
    description: () =>
      "Prometheus has had no metrics of the camera hub for more than 2 minutes: the hub, its machine or the " +
      "network is down, or its token is no longer valid. Nothing is recorded and no other alert can fire.",
    dashboard: "tapocam-host",
    noData: "Alerting",
    isAboutHub: true,
  },
  {
    ...OF_HUB,
    name: "HubRestarting",
    uid: "hub-restarting",
    severity: "warning",
    value: 'changes(process_start_time_seconds{job="tapocam"}[1h])',
    beyond: { is: "above", than: () => 2 },
    forS: () => 0,
    summary: `The camera hub ${WHERE} restarts again and again`,
    description: () => `The camera hub ${WHERE} started {{ VALUE | printf "%.0f" }} times within an hour.`,
    dashboard: "tapocam-host",
  },
  {
    ...OF_HUB,
    name: "HubTooHot",
    uid: "hub-too-hot",
    severity: "warning",
    service: "hardware",
    value: "tapocam_host_temperature_celsius",
    beyond: { is: "above", than: () => PI_LIMIT_CELSIUS },
    forS: () => 300,
    summary: `The machine of the camera hub ${WHERE} is too hot`,
    description: () =>
      `The machine of the camera hub ${WHERE} has {{ VALUE | printf "%.1f" }} °C: a Raspberry Pi slows down from 80 °C on.`,
    dashboard: "tapocam-host",
  },
  {
    ...OF_HUB,
    name: "DiskNearlyFull",
    uid: "disk-nearly-full",
    severity: "critical",
    service: "hardware",
    value: "tapocam_disk_free_bytes / tapocam_disk_size_bytes",
    beyond: { is: "below", than: () => DISK_SHARE },
    forS: () => 600,
    summary: `The disk of the camera hub ${WHERE} is nearly full`,
    description: () =>
      "Only {{ VALUE | humanizePercentage }} of the disk with the folder {{ $labels.folder }} are free: the hub " +
      "could not free enough by deleting old recordings. It stops recording before the disk is full.",
    dashboard: "tapocam-host",
  },
  {
    ...OF_HUB,
    name: "HistoryNotWritten",
    uid: "history-not-written",
    severity: "warning",
    value: "increase(tapocam_history_write_failures_total[15m])",
    beyond: { is: "above", than: () => 0 },
    forS: () => 0,
    summary: `The camera hub ${WHERE} cannot write its history`,
    description: () =>
      "Writing the history to the database failed within the last 15 minutes: the hub keeps only its last hours, " +
      "in memory.",
    dashboard: "tapocam-host",
  },
  {
    ...OF_HUB,
    name: "AlertMessagesGivenUp",
    uid: "alert-messages-given-up",
    severity: "warning",
    value: 'tapocam_alert_messages{state="given_up"}',
    beyond: { is: "above", than: () => 0 },
    forS: () => 60,
    summary: `Messages of alerts of the camera hub ${WHERE} did not arrive`,
    description: () =>
      `{{ VALUE | printf "%.0f" }} messages of alerts were given up. The page Alerts tells why, and tries them ` +
      "again or discards them.",
    dashboard: "tapocam-host",
    isAboutHub: true,
  },
  {
    ...OF_HUB,
    name: "AlertMessagesWaiting",
    uid: "alert-messages-waiting",
    severity: "warning",
    value: 'tapocam_alert_messages{state="waiting"}',
    beyond: { is: "above", than: () => 0 },
    forS: () => 1800,
    summary: `Messages of alerts of the camera hub ${WHERE} wait`,
    description: () =>
      "For half an hour there has always been a message of an alert that could not be delivered: a channel does " +
      "not answer.",
    dashboard: "tapocam-host",
    isAboutHub: true,
  },
  {
    ...OF_HUB,
    name: "MqttDisconnected",
    uid: "mqtt-disconnected",
    severity: "warning",
    service: "network",
    value: "tapocam_mqtt_connected",
    beyond: { is: "below", than: () => 1 },
    forS: () => 300,
    summary: `The camera hub ${WHERE} is not connected to the MQTT broker`,
    description: () =>
      "For 5 minutes Home Assistant and whatever else listens at the broker have heard nothing.",
    dashboard: "tapocam-host",
  },
];
