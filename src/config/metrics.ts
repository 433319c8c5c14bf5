// The sections `metrics` and `grafana`: what is measured how often, and who may read it.
import { z } from "zod";
import { isAddressEntry } from "../base/network.ts";
import { isTimeZone } from "../base/time_zone.ts";
import { pushSection } from "./push.ts";

const history = z.strictObject({
  raw_hours: z.number().min(1).max(8760).default(48).meta({
    description: "Hours for which every measured value is kept",
  }),
  five_minute_days: z.number().min(1).max(36_500).default(90).meta({
    description: "Days for which what became of 5 minutes each is kept",
  }),
  hourly_days: z.number().min(0).max(36_500).default(0).meta({
    description: "Days for which what became of an hour each is kept; 0: for ever",
  }),
  write_every_s: z.number().min(10).max(3600).default(300).meta({
    description: "How often what was measured is written to the disk; a crash takes what is newer",
  }),
  max_mb: z.number().min(1).max(100_000).default(256).meta({
    description: "Most megabytes of the history; the oldest of the finest values go first",
  }),
});

export const metricsSection = z.strictObject({
  timezone: z.string().trim().refine(isTimeZone, "Expected a time zone such as Europe/Vienna").optional()
    .meta({ description: "Whose hours and weekdays patterns are told in; left out: the machine's zone" }),
  interval_s: z.number().min(5).max(3600).default(30).meta({
    description: "How often the machine, the disk and the cameras are asked",
  }),
  history: history.prefault({}).meta({ description: "What is kept of what was measured" }),
  push: pushSection.prefault({}).meta({ description: "Stores elsewhere that values and events are sent to" }),
});
export type MetricsConfig = z.infer<typeof metricsSection>;

const origin = z.string().trim().refine(
  (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? "") && URL.parse(text)?.origin === text,
  'Expected an origin such as "http://grafana.local:3000", without a path',
);

const address = z.string().trim().refine(
  isAddressEntry,
  "Expected an address or a network such as 192.168.1.0/24",
);

const alertThresholds = z.strictObject({
  camera_offline_s: z.int().min(30).max(86_400).default(300).meta({
    description: "Seconds a camera may be away before CameraOffline",
  }),
  high_latency_ms: z.number().min(1).max(60_000).default(1000).meta({
    description: "Milliseconds a connection to a camera may take before HighLatency",
  }),
  high_temperature_celsius: z.number().min(0).max(150).default(60).meta({
    description: "Degrees a camera may have before HighTemperature",
  }),
  motion_events_per_minute: z.number().min(1).max(1000).default(10).meta({
    description: "Reports of motion a minute before MotionBurst",
  }),
});
/** What the alert rules of `grafana export` compare with. */
export type AlertThresholds = z.infer<typeof alertThresholds>;
export const DEFAULT_THRESHOLDS: AlertThresholds = alertThresholds.parse({});

export const grafanaSection = z.strictObject({
  anonymous: z.boolean().default(false).meta({
    description: "true: the metrics port needs no token from the networks below",
  }),
  networks: z.array(address).max(64).default([]).meta({
    description: "Who needs no token then: addresses and networks",
  }),
  origins: z.array(origin).max(64).default([]).meta({
    description: "Pages that may read the metrics in a browser and use control tickets, such as Grafana's",
  }),
  alerts: alertThresholds.prefault({}).meta({
    description: "Thresholds of the alert rules that grafana export writes",
  }),
}).superRefine(({ anonymous, networks }, context) => {
  if (!anonymous || networks.length > 0) return;
  const message = "Expected the networks that need no token, such as 192.168.1.0/24";
  context.addIssue({ code: "custom", path: ["networks"], message });
});
export type GrafanaConfig = z.infer<typeof grafanaSection>;
