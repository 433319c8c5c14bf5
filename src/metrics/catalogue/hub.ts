// What the hub tells of itself: its parts, what it keeps and what it sends on.
import type { Metric } from "./metric.ts";

export const HUB = {
  tapocam_build_info: { type: "info", of: "hub", labels: ["version"], help: "The hub's version" },
  tapocam_loop_lag_seconds: {
    type: "gauge",
    of: "hub",
    unit: "seconds",
    labels: [],
    help: "How late the hub's main loop was last",
  },
  tapocam_loop_lag_max_seconds: {
    type: "gauge",
    of: "hub",
    unit: "seconds",
    labels: [],
    help: "How late it was at most since the hub started",
  },
  tapocam_warnings: { type: "gauge", of: "hub", labels: [], help: "Warnings that the hub shows now" },
  tapocam_journal_events: { type: "gauge", of: "hub", labels: [], help: "Events in the journal" },
  tapocam_journal_bytes: {
    type: "gauge",
    of: "hub",
    unit: "bytes",
    labels: [],
    help: "Size of the journal in the database, as estimated",
  },
  tapocam_alerts_firing: {
    type: "gauge",
    of: "hub",
    labels: [],
    help: "Alerts of what the hub itself has noticed that are not over; those from outside are not counted",
  },
  tapocam_alert_messages: {
    type: "gauge",
    of: "hub",
    labels: ["state"],
    help: "Messages of alerts that wait to be delivered, and those that were given up",
  },
  tapocam_mqtt_connected: {
    type: "gauge",
    of: "hub",
    labels: [],
    help: "1 while the hub is connected to the MQTT broker; absent without one",
  },
  tapocam_collector_duration_seconds: {
    type: "gauge",
    of: "hub",
    unit: "seconds",
    labels: ["collector", "camera"],
    help: "How long a collector took last",
  },
  tapocam_collector_success: {
    type: "gauge",
    of: "hub",
    labels: ["collector", "camera"],
    help: "1 where a collector succeeded last",
  },
  tapocam_push_samples_total: {
    type: "counter",
    of: "hub",
    labels: ["target"],
    help: "Values and events that a store elsewhere took",
  },
  tapocam_push_failures_total: {
    type: "counter",
    of: "hub",
    labels: ["target"],
    help: "Tries to send to a store elsewhere that failed",
  },
  tapocam_push_dropped_total: {
    type: "counter",
    of: "hub",
    labels: ["target"],
    help: "Values and events that a store elsewhere will not get: too old, too many, or refused by it",
  },
  tapocam_history_rows: {
    type: "gauge",
    of: "hub",
    labels: ["tier"],
    help: "Rows of the history on the disk, as counted within the last hour; tier is raw, 5m or 1h",
  },
  tapocam_history_bytes: {
    type: "gauge",
    of: "hub",
    unit: "bytes",
    labels: [],
    help: "Size of the history's file, as seen within the last hour",
  },
  tapocam_history_write_failures_total: {
    type: "counter",
    of: "hub",
    labels: [],
    help: "Writes of the history that failed; what they held is kept in memory and written later",
  },
} as const satisfies Record<string, Metric>;
