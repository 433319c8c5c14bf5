// Cases of the alert rules about the hub and its machine.
import { ALWAYS, HUB, hub, type RuleCase } from "./rule_case.ts";

const started = hub("process_start_time_seconds");
const disk = (free: number) => ({
  [hub("tapocam_disk_free_bytes", ',folder="data"')]: `${free}${ALWAYS}`,
  [hub("tapocam_disk_size_bytes", ',folder="data"')]: `100${ALWAYS}`,
});
const down = {
  summary: "The camera hub does not answer",
  description:
    "Prometheus has had no metrics of the camera hub for more than 2 minutes: the hub, its machine or the " +
    "network is down, or its token is no longer valid. Nothing is recorded and no other alert can fire.",
};
const messages = (state: string) => hub("tapocam_alert_messages", `,state="${state}"`);

export const HUB_CASES: readonly RuleCase[] = [
  {
    rule: "CameraHubDown",
    atS: 180,
    series: { [hub("up")]: `0${ALWAYS}` },
    fires: { labels: HUB, ...down },
  },
  {
    rule: "CameraHubDown",
    atS: 180,
    series: { [hub("tapocam_warnings")]: `0${ALWAYS}` },
    fires: { labels: { job: "tapocam" }, ...down },
  },
  { rule: "CameraHubDown", atS: 180, series: { [hub("up")]: `1${ALWAYS}` } },
  {
    rule: "HubRestarting",
    atS: 600,
    series: { [started]: `1x5 2x5 3x5 4${ALWAYS}` },
    fires: {
      labels: HUB,
      summary: "The camera hub hub restarts again and again",
      description: "The camera hub hub started 3 times within an hour.",
    },
  },
  { rule: "HubRestarting", atS: 600, series: { [started]: `1x5 2${ALWAYS}` } },
  {
    rule: "HubTooHot",
    atS: 360,
    series: { [hub("tapocam_host_temperature_celsius")]: `84.5${ALWAYS}` },
    fires: {
      labels: HUB,
      summary: "The machine of the camera hub hub is too hot",
      description: "The machine of the camera hub hub has 84.5 °C: a Raspberry Pi slows down from 80 °C on.",
    },
  },
  { rule: "HubTooHot", atS: 360, series: { [hub("tapocam_host_temperature_celsius")]: `70${ALWAYS}` } },
  {
    rule: "DiskNearlyFull",
    atS: 660,
    series: disk(2),
    fires: {
      labels: { ...HUB, folder: "data" },
      summary: "The disk of the camera hub hub is nearly full",
      description:
        "Only 2% of the disk with the folder data are free: the hub could not free enough by deleting " +
        "old recordings. It stops recording before the disk is full.",
    },
  },
  { rule: "DiskNearlyFull", atS: 660, series: disk(5) },
  {
    rule: "HistoryNotWritten",
    atS: 600,
    series: { [hub("tapocam_history_write_failures_total")]: `0x10 1${ALWAYS}` },
    fires: {
      labels: HUB,
      summary: "The camera hub hub cannot write its history",
      description:
        "Writing the history to the database failed within the last 15 minutes: the hub keeps only its " +
        "last hours, in memory.",
    },
  },
  {
    rule: "HistoryNotWritten",
    atS: 600,
    series: { [hub("tapocam_history_write_failures_total")]: `0${ALWAYS}` },
  },
  {
    rule: "AlertMessagesGivenUp",
    atS: 90,
    series: { [messages("given_up")]: `2${ALWAYS}` },
    fires: {
      labels: { ...HUB, state: "given_up" },
      summary: "Messages of alerts of the camera hub hub did not arrive",
      description: "2 messages of alerts were given up. The page Alerts tells why, and tries them again or " +
        "discards them.",
    },
  },
  { rule: "AlertMessagesGivenUp", atS: 90, series: { [messages("given_up")]: `0${ALWAYS}` } },
  {
    rule: "AlertMessagesWaiting",
    atS: 1860,
    series: { [messages("waiting")]: `1${ALWAYS}` },
    fires: {
      labels: { ...HUB, state: "waiting" },
      summary: "Messages of alerts of the camera hub hub wait",
      description:
        "For half an hour there has always been a message of an alert that could not be delivered: a " +
        "channel does not answer.",
    },
  },
  { rule: "AlertMessagesWaiting", atS: 1860, series: { [messages("waiting")]: `1x30 0 1${ALWAYS}` } },
  {
    rule: "MqttDisconnected",
    atS: 360,
    series: { [hub("tapocam_mqtt_connected")]: `0${ALWAYS}` },
    fires: {
      labels: HUB,
      summary: "The camera hub hub is not connected to the MQTT broker",
      description: "For 5 minutes Home Assistant and whatever else listens at the broker have heard nothing.",
    },
  },
  { rule: "MqttDisconnected", atS: 360, series: { [hub("tapocam_mqtt_connected")]: `1${ALWAYS}` } },
];
