// The one list of what the hub measures: name, type, unit, labels, meaning. Exposition, docs and tests read it.

export type MetricType = "gauge" | "counter" | "info" | "histogram";
/** Whom a metric tells of. */
export type MetricSubject = "camera" | "stream" | "hub" | "host" | "process" | "http" | "mcp" | "house";

/** One metric. Values are in base units: seconds, bytes, celsius, joules, watts; yes and no are 1 and 0. */
export interface Metric {
  readonly type: MetricType;
  readonly of: MetricSubject;
  readonly unit?: "seconds" | "bytes" | "celsius" | "dbm" | "watts" | "joules";
  readonly labels: readonly string[];
  /** What it means; one line. */
  readonly help: string;
  /** Why the hub cannot tell it yet: its name is kept for then, and nothing is exposed under it. */
  readonly waitsFor?: string;
}

const C = ["camera"] as const;
const NO_BOOT =
  "Tapo's protocol has no answer with it, and ONVIF only an optional event that is not read yet";
const NO_TEMPERATURE = "neither Tapo's protocol nor ONVIF's has an answer with it";
const NO_PLUGS = "plugs are not supported yet";

const CAMERA = {
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

const STREAM = {
  tapocam_stream_up: {
    type: "gauge",
    of: "stream",
    labels: ["camera", "quality"],
    help: "1 while pictures come; quality is main or sub, the camera's smaller stream",
  },
  tapocam_stream_viewers: {
    type: "gauge",
    of: "stream",
    labels: C,
    help: "Viewers of the camera now",
  },
  tapocam_stream_fps: {
    type: "gauge",
    of: "stream",
    labels: ["camera", "quality"],
    help: "Pictures per second read from the camera over the last seconds; absent while the stream rests",
  },
  tapocam_stream_newest_frame_timestamp_seconds: {
    type: "gauge",
    of: "stream",
    unit: "seconds",
    labels: C,
    help: "When the newest picture was taken; absent while the stream rests",
  },
  tapocam_stream_frames_total: {
    type: "counter",
    of: "stream",
    labels: C,
    help: "Pictures made ready for viewers",
  },
  tapocam_stream_frames_dropped_total: {
    type: "counter",
    of: "stream",
    labels: ["camera", "reason"],
    help: "Pictures that were not shown; reason is slow_viewer or damaged",
  },
  tapocam_stream_received_bytes_total: {
    type: "counter",
    of: "stream",
    unit: "bytes",
    labels: C,
    help: "Bytes of video read from the camera",
  },
  tapocam_stream_sent_bytes_total: {
    type: "counter",
    of: "stream",
    unit: "bytes",
    labels: C,
    help: "Bytes of pictures handed to viewers",
  },
  tapocam_stream_restarts_total: {
    type: "counter",
    of: "stream",
    labels: C,
    help: "How often reading the camera began anew after a failure",
  },
  tapocam_ffmpeg_cpu_seconds_total: {
    type: "counter",
    of: "stream",
    unit: "seconds",
    labels: C,
    help: "Processor time of the processes that work for the camera",
  },
  tapocam_ffmpeg_resident_memory_bytes: {
    type: "gauge",
    of: "stream",
    unit: "bytes",
    labels: C,
    help: "Memory of the processes that work for the camera, shared libraries counted each time",
  },
  tapocam_stream_first_frame_seconds: {
    type: "histogram",
    of: "stream",
    unit: "seconds",
    labels: C,
    help:
      "From the first viewer of a stream that rested to the first picture; the hub's own look-outs count as viewers",
  },
} as const satisfies Record<string, Metric>;

const HUB = {
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

const HOST = {
  tapocam_host_temperature_celsius: {
    type: "gauge",
    of: "host",
    unit: "celsius",
    labels: [],
    help: "The machine's hottest sensor; absent where none tells",
  },
  tapocam_host_load1: { type: "gauge", of: "host", labels: [], help: "Load of the machine over a minute" },
  tapocam_host_memory_bytes: {
    type: "gauge",
    of: "host",
    unit: "bytes",
    labels: [],
    help: "Memory of the machine",
  },
  tapocam_host_memory_available_bytes: {
    type: "gauge",
    of: "host",
    unit: "bytes",
    labels: [],
    help: "Memory of the machine that programs can still have",
  },
  tapocam_disk_free_bytes: {
    type: "gauge",
    of: "host",
    unit: "bytes",
    labels: ["folder"],
    help: "Free on the disk of a folder: data or recordings",
  },
  tapocam_disk_size_bytes: {
    type: "gauge",
    of: "host",
    unit: "bytes",
    labels: ["folder"],
    help: "Size of the disk of a folder: data or recordings",
  },
  tapocam_host_throttled: {
    type: "gauge",
    of: "host",
    labels: [],
    help: "1 while a Raspberry Pi slows itself down: for lack of power or for heat; absent on other machines",
  },
  process_start_time_seconds: {
    type: "gauge",
    of: "process",
    unit: "seconds",
    labels: [],
    help: "When the hub started",
  },
  process_cpu_seconds_total: {
    type: "counter",
    of: "process",
    unit: "seconds",
    labels: [],
    help: "Processor time of the hub alone",
  },
  process_resident_memory_bytes: {
    type: "gauge",
    of: "process",
    unit: "bytes",
    labels: [],
    help: "Memory of the hub alone",
  },
  process_open_fds: { type: "gauge", of: "process", labels: [], help: "Open file descriptors of the hub" },
} as const satisfies Record<string, Metric>;

const TRAFFIC = {
  tapocam_http_requests_total: {
    type: "counter",
    of: "http",
    labels: ["method", "route", "code"],
    help: "Requests that were answered; route is the pattern, not the address",
  },
  tapocam_http_request_duration_seconds: {
    type: "histogram",
    of: "http",
    unit: "seconds",
    labels: ["method", "route"],
    help: "Time to the answer's first byte; streams and WebSockets are left out",
  },
  tapocam_mcp_sessions: {
    type: "gauge",
    of: "mcp",
    labels: [],
    help: "MCP sessions of the 2025 era over HTTP",
  },
  tapocam_mcp_tool_calls_total: {
    type: "counter",
    of: "mcp",
    labels: ["tool", "result"],
    help: "Calls of MCP tools; result is ok, error or cancelled",
  },
  tapocam_mcp_tool_duration_seconds: {
    type: "histogram",
    of: "mcp",
    unit: "seconds",
    labels: ["tool"],
    help: "How long calls of MCP tools took",
  },
} as const satisfies Record<string, Metric>;

const HOUSE = {
  tapocam_plug_power_watts: {
    type: "gauge",
    of: "house",
    unit: "watts",
    labels: ["device", "zone"],
    help: "Power that a plug passes on now",
    waitsFor: NO_PLUGS,
  },
  tapocam_plug_energy_joules_total: {
    type: "counter",
    of: "house",
    unit: "joules",
    labels: ["device", "zone"],
    help: "Energy that a plug passed on",
    waitsFor: NO_PLUGS,
  },
  tapocam_timer_remaining_seconds: {
    type: "gauge",
    of: "house",
    unit: "seconds",
    labels: ["timer"],
    help: "What is left of a timer that runs, by its name",
  },
} as const satisfies Record<string, Metric>;

const ALL = { ...CAMERA, ...STREAM, ...HUB, ...HOST, ...TRAFFIC, ...HOUSE } as const;

export type MetricName = keyof typeof ALL;

/** Every metric by its name, in the order in which they are exposed. */
export const CATALOGUE: Readonly<Record<MetricName, Metric>> = ALL;
export const METRIC_NAMES = Object.keys(ALL) as MetricName[];
