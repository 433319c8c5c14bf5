// The cameras themselves: their states over time, the table, the network, temperatures.
import type { InfinityQuery } from "./parts/infinity.ts";
import type { Section } from "./parts/frame.ts";
import { bars, gauge, graph, stat, timeline } from "./parts/kinds.ts";
import { toLive, toLiveOfRow } from "./parts/links.ts";
import { hubTable } from "./parts/other_kinds.ts";
import { type Placed, words } from "./parts/panels.ts";
import { CAMERA, HUB, NAME, named, ofCamera, share } from "./parts/promql.ts";

export function cameraSections(): Section[] {
  return [
    { title: "Cameras", panels: [...states(), table()] },
    { title: "Network and temperature", panels: [...network(), ...temperatures()] },
    { title: "The cameras' own cards and radio", isFolded: true, panels: own() },
  ];
}

function states(): Placed[] {
  const stopped = `(tapocam_camera_enabled{${CAMERA}} == 0) + 2`;
  return [
    timeline({
      title: "Camera states",
      description:
        "When each camera was online, away, or stopped by somebody. Click a lane for the live picture.",
      unit: "none",
      size: [12, 8],
      noValue: "No camera is known",
      queries: [{
        expr: named(`tapocam_camera_up{${CAMERA}} or on (job, instance, camera) (${stopped})`),
        legend: NAME,
      }],
      mappings: words({ 0: ["offline", "red"], 1: ["online", "green"], 2: ["stopped", "gray"] }),
      links: [toLive()],
    }),
    timeline({
      title: "Motion",
      description:
        "When something moved before each camera. A camera that is away, or where nobody looks, has no lane.",
      unit: "none",
      size: [12, 8],
      noValue: "Nobody looks for motion",
      queries: [{ expr: ofCamera("tapocam_camera_motion_active"), legend: NAME }],
      mappings: words({ 0: ["still", "transparent"], 1: ["motion", "orange"] }),
      links: [toLive()],
    }),
  ];
}

const CAMERA_TABLE: InfinityQuery = {
  url: "/metrics",
  rows: "[.cameras | to_entries[] | {id: .key} + .value]",
  columns: [
    { key: "name", title: "Camera Name", type: "string" },
    { key: "id", title: "Id", type: "string" },
    { key: "status", title: "Status", type: "string" },
    { key: "motion_detected", title: "Motion Active", type: "boolean" },
    { key: "motion_events_count", title: "Reports", type: "number" },
    { key: "network_latency_ms", title: "Latency (ms)", type: "number" },
    { key: "temperature", title: "Temperature (°C)", type: "number" },
    { key: "recording", title: "Recording", type: "boolean" },
    { key: "viewers", title: "Viewers", type: "number" },
    { key: "last_seen", title: "Last seen", type: "timestamp" },
    { key: "model", title: "Model", type: "string" },
  ],
};

function table(): Placed {
  return hubTable({
    title: "Motion Detection Status",
    description: "Every camera as the hub sees it now. What is not known is left empty: no latency while a " +
      "camera is away, no motion where nobody looks for it. Click a name for the live picture.",
    unit: "none",
    size: [24, 8],
    noValue: "–",
    query: CAMERA_TABLE,
    overrides: [
      { of: { field: "Camera Name" }, set: { links: [toLiveOfRow("Id").build()] } },
      { of: { field: "Latency (ms)" }, set: { unit: "ms", decimals: 1 } },
      { of: { field: "Temperature (°C)" }, set: { unit: "celsius" } },
      { of: { field: "Last seen" }, set: { unit: "dateTimeFromNow" } },
      {
        of: { field: "Status" },
        set: {
          "custom.cellOptions": { type: "color-text" },
          mappings: words({
            online: ["online", "green"],
            connecting: ["connecting", "yellow"],
            offline: ["offline", "red"],
            auth_required: ["wrong password", "red"],
            locked_out: ["locked out", "red"],
            unsupported: ["unsupported", "orange"],
            disabled: ["stopped", "gray"],
          }),
        },
      },
      {
        of: { field: "Motion Active" },
        set: {
          "custom.cellOptions": { type: "color-text" },
          mappings: words({ true: ["motion", "orange"], false: ["still", "text"] }),
        },
      },
    ],
  });
}

function network(): Placed[] {
  const probes = (more: string) =>
    `sum by (job, instance, camera) (rate(tapocam_camera_probes_total{${CAMERA}${more}}[$__rate_interval]))`;
  return [
    graph({
      title: "Network Performance",
      description:
        "How long the hub's last connection to each camera took. The line marks 1 s, from which on the " +
        "alert on high latency waits. Webcams and cameras that are away have none.",
      unit: "s",
      size: [9, 9],
      noValue: "No network camera is online",
      min: 0,
      steps: [["green"], ["red", 1]],
      showsLimits: true,
      queries: [{ expr: ofCamera("tapocam_camera_probe_duration_seconds"), legend: NAME }],
      links: [toLive()],
    }),
    graph({
      title: "Connections that failed",
      description: "Share of the hub's connections to each camera, one every few seconds, that failed.",
      unit: "percentunit",
      size: [7, 9],
      noValue: "No network camera is known",
      min: 0,
      max: 1,
      queries: [{
        expr: named(
          share(`${probes(',result="failed"')} or on (job, instance, camera) ${probes("")} * 0`, probes("")),
        ),
        legend: NAME,
      }],
      links: [toLive()],
    }),
  ];
}

function temperatures(): Placed[] {
  return [
    gauge({
      title: "Temperature Monitoring",
      description:
        "Temperature of the machine, and of those cameras that tell theirs. The others are named beside it.",
      unit: "celsius",
      size: [5, 9],
      noValue: "Not reported",
      min: 0,
      max: 80,
      steps: [["green"], ["yellow", 50], ["red", 65]],
      queries: [
        { expr: ofCamera("tapocam_camera_temperature_celsius"), legend: NAME },
        { expr: `tapocam_host_temperature_celsius{${HUB}}`, legend: "Machine" },
      ],
    }),
    stat({
      title: "Not reported",
      description: "Cameras that are online and tell no temperature: most do not.",
      unit: "none",
      size: [3, 9],
      noValue: "None",
      showsNames: true,
      queries: [{
        expr: named(
          `(tapocam_camera_up{${CAMERA}} == 1) unless on (job, instance, camera) ` +
            `tapocam_camera_temperature_celsius{${CAMERA}}`,
        ),
        legend: NAME,
      }],
      mappings: words({ 1: ["not reported", "gray"] }),
    }),
  ];
}

function own(): Placed[] {
  return [
    bars({
      title: "Cards in cameras",
      description: "How full the card in each camera is. Cameras without a card are not shown.",
      unit: "percentunit",
      size: [8, 8],
      noValue: "No camera tells of a card",
      min: 0,
      max: 1,
      steps: [["green"], ["yellow", 0.8], ["red", 0.95]],
      queries: [{
        expr: named(
          share(
            `tapocam_camera_storage_used_bytes{${CAMERA}}`,
            `tapocam_camera_storage_total_bytes{${CAMERA}}`,
          ),
        ),
        legend: NAME,
      }],
    }),
    graph({
      title: "Radio signal",
      description: "Strength of the cameras' wireless signal: above −67 dBm is good, below −80 dBm is poor.",
      unit: "dBm",
      size: [8, 8],
      noValue: "No camera tells its signal",
      queries: [{ expr: ofCamera("tapocam_camera_signal_dbm"), legend: NAME }],
    }),
    stat({
      title: "Running since",
      description: "When each camera started last: a recent time may mean that it loses power.",
      unit: "dateTimeFromNow",
      size: [8, 8],
      noValue: "No camera tells it",
      showsNames: true,
      queries: [{
        expr: `${named(`tapocam_camera_boot_timestamp_seconds{${CAMERA}}`)} * 1000`,
        legend: NAME,
      }],
    }),
    timeline({
      title: "Lens covered, detection on",
      description: "When the lens was covered by privacy mode, and whether motion was looked for.",
      unit: "none",
      size: [24, 8],
      noValue: "No camera tells it",
      queries: [
        { expr: ofCamera("tapocam_camera_privacy_mode"), legend: "{{name}}: covered" },
        { expr: ofCamera("tapocam_camera_motion_detection_enabled"), legend: "{{name}}: looks for motion" },
      ],
      mappings: words({ 0: ["no", "gray"], 1: ["yes", "blue"] }),
    }),
  ];
}
