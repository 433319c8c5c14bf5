// What the hub knows of a camera at this moment, and the samples made of it. Cheap: read whenever somebody asks.
import type { CameraStatusName } from "../devices/status.ts";
import { type Sample, sampleOf } from "./sample.ts";

/** One camera. What is not known is undefined. Times are milliseconds since 1970. */
export interface CameraFacts {
  id: string;
  name: string;
  /** Type of the camera, such as `tapo`. */
  kind: string;
  status: CameraStatusName;
  /** What the device said of itself. */
  info: { address?: string | undefined; model?: string | undefined; firmware?: string | undefined };
  /** The last connection, and how many there were. */
  probe?: { tookMs?: number | undefined; ok: number; failed: number } | undefined;
  isMotionActive?: boolean | undefined;
  /** True where the hub looks for motion in the camera's place. */
  isWatchedByHub: boolean;
  isCovered?: boolean | undefined;
  isRecording: boolean;
  stream?: StreamFacts | undefined;
}

/** One camera's streams. Totals count since the hub, or the camera in it, started. */
export interface StreamFacts {
  viewers: number;
  lanes: readonly { quality: "main" | "sub"; isRunning: boolean; fps?: number | undefined }[];
  /** When the newest picture was taken, while pictures come. */
  newestAtMs?: number | undefined;
  framesTotal: number;
  droppedTotal: number;
  damagedTotal: number;
  receivedBytes: number;
  sentBytes: number;
  restartsTotal: number;
}

/** Everything that is told of a camera without asking it. Of one that was stopped: who it is, and that. */
export function cameraSamples(facts: CameraFacts, lastSeenMs: number | undefined): Sample[] {
  const { id, name, kind, info, status, probe } = facts;
  const camera = { camera: id };
  const { address = "", model = "", firmware = "" } = info;
  const isStopped = status === "disabled";
  const identity = sampleOf(
    "tapocam_camera_info",
    { ...camera, name, address, model, firmware, kind },
    1,
  );
  const enabled = sampleOf("tapocam_camera_enabled", camera, !isStopped);
  if (isStopped) return [...identity, ...enabled];
  const isUp = status === "online";
  return [
    ...identity,
    ...enabled,
    ...sampleOf("tapocam_camera_up", camera, isUp),
    ...sampleOf("tapocam_camera_last_seen_timestamp_seconds", camera, seconds(lastSeenMs)),
    ...(isUp ? sampleOf("tapocam_camera_probe_duration_seconds", camera, seconds(probe?.tookMs)) : []),
    ...sampleOf("tapocam_camera_probes_total", { ...camera, result: "ok" }, probe?.ok),
    ...sampleOf("tapocam_camera_probes_total", { ...camera, result: "failed" }, probe?.failed),
    ...(isUp ? sampleOf("tapocam_camera_motion_active", camera, facts.isMotionActive) : []),
    ...(isUp ? sampleOf("tapocam_camera_privacy_mode", camera, facts.isCovered) : []),
    ...sampleOf("tapocam_camera_recording", camera, facts.isRecording),
    ...(facts.stream ? streamSamples(id, facts.stream) : []),
  ];
}

function streamSamples(id: string, stream: StreamFacts): Sample[] {
  const camera = { camera: id };
  const dropped = "tapocam_stream_frames_dropped_total";
  return [
    ...stream.lanes.flatMap(({ quality, isRunning, fps }) => [
      ...sampleOf("tapocam_stream_up", { ...camera, quality }, isRunning),
      ...(isRunning ? sampleOf("tapocam_stream_fps", { ...camera, quality }, fps) : []),
    ]),
    ...sampleOf("tapocam_stream_viewers", camera, stream.viewers),
    ...sampleOf("tapocam_stream_newest_frame_timestamp_seconds", camera, seconds(stream.newestAtMs)),
    ...sampleOf("tapocam_stream_frames_total", camera, stream.framesTotal),
    ...sampleOf(dropped, { ...camera, reason: "slow_viewer" }, stream.droppedTotal),
    ...sampleOf(dropped, { ...camera, reason: "damaged" }, stream.damagedTotal),
    ...sampleOf("tapocam_stream_received_bytes_total", camera, stream.receivedBytes),
    ...sampleOf("tapocam_stream_sent_bytes_total", camera, stream.sentBytes),
    ...sampleOf("tapocam_stream_restarts_total", camera, stream.restartsTotal),
  ];
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
