// What is measured of a camera.
import type { Metric } from "./metric.ts";

const C = ["camera"] as const;
const NO_BOOT =
  "Tapo's protocol has no answer with it, and ONVIF only an optional event that is not read yet";
const NO_TEMPERATURE = "neither Tapo's protocol nor ONVIF's has an answer with it";

export const CAMERA = {
  tapocam_camera_info: {
    type: "info",
    of: "camera",
    labels: ["camera", "name", "address", "model", "firmware", "kind"],
    help: "Who a camera is; to be joined to the other series by its label camera",
  },
  tapocam_camera_enabled: {
    type: "gauge",
    of: "camera",
    labels: C,
    help: "0 for a camera that somebody stopped: then nothing else is told of it",
  },
  tapocam_camera_up: { type: "gauge", of: "camera", labels: C, help: "1 while the camera is online" },
  tapocam_camera_last_seen_timestamp_seconds: {
    type: "gauge",
    of: "camera",
    unit: "seconds",
    labels: C,
    help: "When the camera was online last, since the hub started",
  },
  tapocam_camera_probe_duration_seconds: {
    type: "gauge",
    of: "camera",
    unit: "seconds",
    labels: C,
    help: "How long the last connection to a camera on the network took; absent while it is not online",
  },
  tapocam_camera_probes_total: {
    type: "counter",
    of: "camera",
    labels: ["camera", "result"],
    help: "Connections that were tried to see whether a camera is there; result is ok or failed",
  },
  tapocam_camera_motion_active: {
    type: "gauge",
    of: "camera",
    labels: C,
    help: "1 while something moves; absent where nobody looks for motion",
  },
  tapocam_camera_motion_detection_enabled: {
    type: "gauge",
    of: "camera",
    labels: C,
    help: "1 where the camera, or the hub in its place, looks for motion",
  },
  tapocam_camera_motion_events_total: {
    type: "counter",
    of: "camera",
    labels: C,
    help: "Reports of motion, those merged into one event included",
  },
  tapocam_camera_events_total: {
    type: "counter",
    of: "camera",
    labels: ["camera", "kind"],
    help: "Events that began at a camera, by kind: motion, person, doorbell, package and others",
  },
  tapocam_camera_privacy_mode: {
    type: "gauge",
    of: "camera",
    labels: C,
    help: "1 while the lens is covered, as the camera last said",
  },
  tapocam_camera_recording: {
    type: "gauge",
    of: "camera",
    labels: C,
    help: "1 while the hub records the camera",
  },
  tapocam_camera_recording_failures_total: {
    type: "counter",
    of: "camera",
    labels: C,
    help: "Recordings that ended unwanted: disk full or missing, camera gone for too long, or an error",
  },
  tapocam_camera_storage_used_bytes: {
    type: "gauge",
    of: "camera",
    unit: "bytes",
    labels: C,
    help: "Used on the camera's own card; absent without one",
  },
  tapocam_camera_storage_total_bytes: {
    type: "gauge",
    of: "camera",
    unit: "bytes",
    labels: C,
    help: "Size of the camera's own card; absent without one",
  },
  tapocam_camera_boot_timestamp_seconds: {
    type: "gauge",
    of: "camera",
    unit: "seconds",
    labels: C,
    help: "When the camera started",
    waitsFor: NO_BOOT,
  },
  tapocam_camera_temperature_celsius: {
    type: "gauge",
    of: "camera",
    unit: "celsius",
    labels: C,
    help: "Temperature of the camera",
    waitsFor: NO_TEMPERATURE,
  },
  tapocam_camera_signal_dbm: {
    type: "gauge",
    of: "camera",
    unit: "dbm",
    labels: C,
    help: "Strength of the camera's Wi-Fi as it says itself; absent where it tells none, and on batteries",
  },
} as const satisfies Record<string, Metric>;
