// The metrics as one JSON object, for people with curl and for Grafana's Infinity. What is not known is absent.
import { isoTime } from "../base/clock.ts";
import type { CameraStatusName } from "../devices/status.ts";
import type { CameraFacts } from "./camera_facts.ts";

/** A camera. */
export interface CameraMetricsView {
  name: string;
  type: string;
  status: CameraStatusName;
  model?: string;
  firmware?: string;
  ip_address?: string;
  /** Something moves. Absent where nobody looks for motion. */
  motion_detected?: boolean;
  /** Motion is looked for. */
  motion_detection_enabled?: boolean;
  motion_events_count?: number;
  /** Round trip of the last connection; absent while the camera is not online. */
  network_latency_ms?: number;
  /** dBm; of a camera with Wi-Fi that tells it. */
  signal_strength?: number;
  /** Of the camera's own card. */
  storage_used_percent?: number;
  privacy_mode?: boolean;
  recording: boolean;
  /** ISO 8601; when the camera was online last, since the hub started. */
  last_seen?: string;
  viewers?: number;
  fps?: number;
  frames_total?: number;
  frames_dropped_total?: number;
  stream_restarts_total?: number;
}

/** Everything. */
export interface MetricsView {
  /** ISO 8601. */
  timestamp: string;
  cameras: Record<string, CameraMetricsView>;
  summary: {
    total_cameras: number;
    /** Those that nobody stopped; online and offline ones are counted among them. */
    enabled_cameras: number;
    online_cameras: number;
    offline_cameras: number;
    motion_active_count: number;
    /** Over the cameras of which it is known. */
    average_latency_ms?: number;
  };
}

/** A camera with what was collected of it. */
export interface KnownCamera {
  facts: CameraFacts;
  lastSeenMs?: number | undefined;
  motionEvents?: number | undefined;
  isMotionDetectionOn?: boolean | undefined;
  signalDbm?: number | undefined;
  storage?: { usedBytes: number; totalBytes: number } | undefined;
}

/** Puts it together. */
export function metricsView(cameras: readonly KnownCamera[], nowMs: number): MetricsView {
  const views = cameras.map((
    camera,
  ): [string, CameraMetricsView] => [camera.facts.id, cameraMetricsView(camera)]);
  const enabled = views.filter(([, { status }]) => status !== "disabled");
  const online = enabled.filter(([, { status }]) => status === "online");
  const latencies = views.flatMap(([, { network_latency_ms: each }]) => each === undefined ? [] : [each]);
  const mean = latencies.reduce((sum, each) => sum + each, 0) / latencies.length;
  return {
    timestamp: isoTime(nowMs),
    cameras: Object.fromEntries(views),
    summary: {
      total_cameras: views.length,
      enabled_cameras: enabled.length,
      online_cameras: online.length,
      offline_cameras: enabled.length - online.length,
      motion_active_count: views.filter(([, { motion_detected }]) => motion_detected).length,
      ...(latencies.length === 0 ? {} : { average_latency_ms: round(mean) }),
    },
  };
}

function cameraMetricsView(camera: KnownCamera): CameraMetricsView {
  const { facts, lastSeenMs, motionEvents, isMotionDetectionOn, signalDbm, storage } = camera;
  const { name, kind, status, info, probe, stream } = facts;
  const isUp = status === "online";
  const tookMs = isUp ? probe?.tookMs : undefined;
  const fps = stream?.lanes.find(({ isRunning }) => isRunning)?.fps;
  return known({
    name,
    type: kind,
    status,
    model: info.model,
    firmware: info.firmware,
    ip_address: info.address,
    motion_detected: isUp ? facts.isMotionActive : undefined,
    motion_detection_enabled: isMotionDetectionOn,
    motion_events_count: motionEvents,
    network_latency_ms: tookMs === undefined ? undefined : round(tookMs),
    signal_strength: isUp ? signalDbm : undefined,
    storage_used_percent: storage && storage.totalBytes > 0
      ? round(storage.usedBytes / storage.totalBytes * 100)
      : undefined,
    privacy_mode: isUp ? facts.isCovered : undefined,
    recording: facts.isRecording,
    last_seen: lastSeenMs === undefined ? undefined : isoTime(lastSeenMs),
    viewers: stream?.viewers,
    fps: fps === undefined ? undefined : round(fps),
    frames_total: stream?.framesTotal,
    frames_dropped_total: stream?.droppedTotal,
    stream_restarts_total: stream?.restartsTotal,
  }) as unknown as CameraMetricsView;
}

function known(view: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(view).filter(([, value]) => value !== undefined));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
