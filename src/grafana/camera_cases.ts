// Cases of the alert rules about single cameras and their streams.
import type { AlertThresholds } from "../config/metrics.ts";
import { ALWAYS, DOOR, door, INFO, type RuleCase } from "./rule_case.ts";

const UNSTABLE: readonly RuleCase[] = [
  {
    rule: "CameraUnstable",
    atS: 780,
    series: { ...INFO, [door("tapocam_camera_up")]: `1x3 0x3 1x3 0x3 1x3 0x3 1${ALWAYS}` },
    fires: {
      labels: DOOR,
      summary: "Camera Front door comes and goes",
      description: "Camera Front door went offline or came back 6 times within an hour.",
    },
  },
  {
    rule: "CameraUnstable",
    atS: 780,
    series: { ...INFO, [door("tapocam_camera_up")]: `1x3 0x3 1x3 0x3 1${ALWAYS}` },
  },
];

/** Of single cameras, for the thresholds of a hub. */
export function cameraCases(thresholds: AlertThresholds): RuleCase[] {
  const { camera_offline_s, high_latency_ms, high_temperature_celsius, motion_events_per_minute } =
    thresholds;
  const offline = { ...INFO, [door("tapocam_camera_up")]: `1x3 0${ALWAYS}` };
  const away = camera_offline_s % 60 === 0 ? camera_offline_s / 60 : undefined;
  const words = away === undefined ? `${camera_offline_s} seconds` : `${away} minute${away === 1 ? "" : "s"}`;
  const motion = (perScrape: number) => ({
    ...INFO,
    [door("tapocam_camera_motion_events_total")]: `0+${perScrape}${ALWAYS}`,
  });
  const slow = (ms: number) => ({
    ...INFO,
    [door("tapocam_camera_probe_duration_seconds")]: `${ms / 1000}${ALWAYS}`,
  });
  const warm = (celsius: number) => ({
    ...INFO,
    [door("tapocam_camera_temperature_celsius")]: `${celsius}${ALWAYS}`,
  });
  return [
    {
      rule: "CameraOffline",
      atS: 150 + camera_offline_s,
      series: offline,
      fires: {
        labels: DOOR,
        summary: "Camera Front door is offline",
        description: `Camera Front door (front) has been offline for more than ${words}.`,
      },
    },
    { rule: "CameraOffline", atS: 90 + camera_offline_s, series: offline },
    // One that somebody stopped has no such series.
    {
      rule: "CameraOffline",
      atS: 150 + camera_offline_s,
      series: { ...INFO, [door("tapocam_camera_enabled")]: `0${ALWAYS}` },
    },
    ...UNSTABLE,
    {
      rule: "HighLatency",
      atS: 150,
      series: slow(high_latency_ms * 1.5),
      fires: {
        labels: DOOR,
        summary: "High network latency for camera Front door",
        description: `A connection to camera Front door takes ${
          (high_latency_ms * 1.5 / 1000).toFixed(2)
        } s, more than ${high_latency_ms} ms.`,
      },
    },
    { rule: "HighLatency", atS: 150, series: slow(high_latency_ms) },
    {
      rule: "HighTemperature",
      atS: 90,
      series: warm(high_temperature_celsius + 5),
      fires: {
        labels: DOOR,
        summary: "Camera Front door is running hot",
        description: `Camera Front door has ${
          (high_temperature_celsius + 5).toFixed(1)
        } °C, more than ${high_temperature_celsius} °C.`,
      },
    },
    { rule: "HighTemperature", atS: 90, series: warm(high_temperature_celsius) },
    {
      rule: "MotionBurst",
      atS: 600,
      series: motion(motion_events_per_minute),
      fires: {
        labels: DOOR,
        summary: "Much motion at camera Front door",
        description: `Camera Front door reported motion ${
          (motion_events_per_minute * 2).toFixed(0)
        } times a minute, more than ${motion_events_per_minute}.`,
      },
    },
    { rule: "MotionBurst", atS: 600, series: motion(motion_events_per_minute / 4) },
  ];
}

const newest = door("tapocam_stream_newest_frame_timestamp_seconds");
const viewers = door("tapocam_stream_viewers");
const restarts = door("tapocam_stream_restarts_total");
const failures = door("tapocam_camera_recording_failures_total");

export const STREAM_CASES: readonly RuleCase[] = [
  {
    rule: "StreamFrozen",
    atS: 120,
    series: { ...INFO, [newest]: `0${ALWAYS}`, [viewers]: `1${ALWAYS}` },
    fires: {
      labels: DOOR,
      summary: "The picture of camera Front door stands still",
      description: "Somebody watches camera Front door, and its newest picture is 120 seconds old.",
    },
  },
  {
    rule: "StreamFrozen",
    atS: 120,
    series: { ...INFO, [newest]: `0${ALWAYS}`, [viewers]: `0${ALWAYS}` },
  },
  {
    rule: "StreamFrozen",
    atS: 600,
    series: { ...INFO, [newest]: `0+30${ALWAYS}`, [viewers]: `1${ALWAYS}` },
  },
  {
    rule: "StreamRestarting",
    atS: 960,
    series: { ...INFO, [restarts]: `0+1${ALWAYS}` },
    fires: {
      labels: DOOR,
      summary: "The stream of camera Front door breaks off again and again",
      description: "Reading camera Front door began anew 30 times within 15 minutes after failures.",
    },
  },
  { rule: "StreamRestarting", atS: 960, series: { ...INFO, [restarts]: `0x20 2${ALWAYS}` } },
  {
    rule: "RecordingFailed",
    atS: 600,
    series: { ...INFO, [failures]: `0x10 1${ALWAYS}` },
    fires: {
      labels: DOOR,
      summary: "A recording of camera Front door stopped unexpectedly",
      description:
        "Within 15 minutes a recording of camera Front door ended although nobody and no rule wanted " +
        "that: a full or missing disk, a camera that stayed away, or an error. The events page tells which.",
    },
  },
  { rule: "RecordingFailed", atS: 600, series: { ...INFO, [failures]: `1${ALWAYS}` } },
];
