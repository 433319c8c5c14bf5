// Alert rules about single cameras, their streams and recordings.
import { type AlertRule, durationWords } from "./rule.ts";

/** Adds the camera's name to a value. Series that a camera does not have, such as those of a stopped one, raise nothing. */
const NAMED = "* on (job, instance, camera) group_left (name) tapocam_camera_info";
const WATCHED = "on (job, instance, camera) tapocam_stream_viewers > 0";

const OF_CAMERA = { group: "tapocam-cameras", noData: "OK", isAboutHub: false } as const;
const NAME = "{{ $labels.name }}";

/** Seconds without a new picture after which a watched stream is frozen; the hub itself restarts it long before. */
const FROZEN_S = 30;
const MAX_RESTARTS = 5;
/** Of a camera's being online, in an hour: three absences. None of them has to be long enough to be told. */
const MAX_CHANGES = 5;

export const CAMERA_RULES: readonly AlertRule[] = [
  {
    ...OF_CAMERA,
    name: "CameraOffline",
    uid: "camera-offline",
    severity: "critical",
    service: "security",
    value: `tapocam_camera_up ${NAMED}`,
    beyond: { is: "below", than: () => 1 },
    forS: ({ camera_offline_s }) => camera_offline_s,
    summary: `Camera ${NAME} is offline`,
    description: ({ camera_offline_s }) =>
      `Camera ${NAME} ({{ $labels.camera }}) has been offline for more than ${
        durationWords(camera_offline_s)
      }.`,
    dashboard: "tapocam-overview",
  },
  {
    ...OF_CAMERA,
    name: "CameraUnstable",
    uid: "camera-unstable",
    severity: "warning",
    service: "network",
    value: `changes(tapocam_camera_up[1h]) ${NAMED}`,
    beyond: { is: "above", than: () => MAX_CHANGES },
    forS: () => 0,
    summary: `Camera ${NAME} comes and goes`,
    description: () =>
      `Camera ${NAME} went offline or came back {{ VALUE | printf "%.0f" }} times within an hour.`,
    dashboard: "tapocam-overview",
  },
  {
    ...OF_CAMERA,
    name: "HighLatency",
    uid: "high-latency",
    severity: "warning",
    service: "network",
    value: `tapocam_camera_probe_duration_seconds ${NAMED}`,
    beyond: { is: "above", than: ({ high_latency_ms }) => high_latency_ms / 1000 },
    forS: () => 120,
    summary: `High network latency for camera ${NAME}`,
    description: ({ high_latency_ms }) =>
      `A connection to camera ${NAME} takes {{ VALUE | printf "%.2f" }} s, more than ${high_latency_ms} ms.`,
    dashboard: "tapocam-overview",
  },
  {
    ...OF_CAMERA,
    name: "HighTemperature",
    uid: "high-temperature",
    severity: "warning",
    service: "hardware",
    value: `tapocam_camera_temperature_celsius ${NAMED}`,
    beyond: { is: "above", than: ({ high_temperature_celsius }) => high_temperature_celsius },
    forS: () => 60,
    summary: `Camera ${NAME} is running hot`,
    description: ({ high_temperature_celsius }) =>
      `Camera ${NAME} has {{ VALUE | printf "%.1f" }} °C, more than ${high_temperature_celsius} °C.`,
    dashboard: "tapocam-overview",
  },
  {
    ...OF_CAMERA,
    name: "MotionBurst",
    uid: "motion-burst",
    severity: "info",
    service: "security",
    // Over two minutes: one minute holds only two scrapes.
    value: `increase(tapocam_camera_motion_events_total[2m]) / 2 ${NAMED}`,
    beyond: { is: "above", than: ({ motion_events_per_minute }) => motion_events_per_minute },
    forS: () => 30,
    summary: `Much motion at camera ${NAME}`,
    description: ({ motion_events_per_minute }) =>
      `Camera ${NAME} reported motion {{ VALUE | printf "%.0f" }} times a minute, more than ${motion_events_per_minute}.`,
    dashboard: "tapocam-overview",
  },
  {
    ...OF_CAMERA,
    name: "StreamFrozen",
    uid: "stream-frozen",
    severity: "warning",
    service: "network",
    value: `(time() - tapocam_stream_newest_frame_timestamp_seconds and ${WATCHED}) ${NAMED}`,
    beyond: { is: "above", than: () => FROZEN_S },
    forS: () => 60,
    summary: `The picture of camera ${NAME} stands still`,
    description: () =>
      `Somebody watches camera ${NAME}, and its newest picture is {{ VALUE | printf "%.0f" }} seconds old.`,
    dashboard: "tapocam-streams",
  },
  {
    ...OF_CAMERA,
    name: "StreamRestarting",
    uid: "stream-restarting",
    severity: "warning",
    service: "network",
    value: `increase(tapocam_stream_restarts_total[15m]) ${NAMED}`,
    beyond: { is: "above", than: () => MAX_RESTARTS },
    forS: () => 60,
    summary: `The stream of camera ${NAME} breaks off again and again`,
    description: () =>
      `Reading camera ${NAME} began anew {{ VALUE | printf "%.0f" }} times within 15 minutes after failures.`,
    dashboard: "tapocam-streams",
  },
  {
    ...OF_CAMERA,
    name: "RecordingFailed",
    uid: "recording-failed",
    severity: "critical",
    service: "security",
    value: `increase(tapocam_camera_recording_failures_total[15m]) ${NAMED}`,
    beyond: { is: "above", than: () => 0 },
    forS: () => 0,
    summary: `A recording of camera ${NAME} stopped unexpectedly`,
    description: () =>
      `Within 15 minutes a recording of camera ${NAME} ended although nobody and no rule wanted that: a full or ` +
      "missing disk, a camera that stayed away, or an error. The events page tells which.",
    dashboard: "tapocam-overview",
  },
];
