// Host: the hub's process, the machine, its disks, the database, the collectors.
import { dashboard } from "./parts/frame.ts";
import { graph, stat, timeline } from "./parts/kinds.ts";
import { seriesTable } from "./parts/other_kinds.ts";
import { type Placed, type Query, type Size, type Spec, words } from "./parts/panels.ts";
import { HUB, rate, share } from "./parts/promql.ts";

export const host = dashboard({
  uid: "tapocam-host",
  title: "Tapo Cameras: host",
  description: "The hub's process, the machine, its disks, the database, the collectors of the metrics",
  from: "now-6h",
  hasCameras: false,
  sections: [
    { title: "Now", panels: now() },
    { title: "Machine", panels: machine() },
    { title: "The hub's process", panels: process() },
    { title: "Disks and database", panels: disks() },
    { title: "Collectors and connections", isFolded: true, panels: collectors() },
  ],
});

function value(given: Omit<Spec, "size"> & { showsNames?: boolean }): Placed {
  return stat({ ...given, size: [4, 4] });
}

function lines(
  [title, description]: readonly [string, string],
  queries: readonly Query[],
  given: Partial<Spec> & { unit: string; noValue: string; size?: Size; showsLimits?: boolean },
): Placed {
  return graph({ title, description, queries, size: [12, 8], min: 0, ...given });
}

function now(): Placed[] {
  return [
    seriesTable({
      title: "Hubs",
      description: "The hubs that Prometheus scrapes, and their versions.",
      unit: "none",
      size: [8, 4],
      noValue: "No hub is scraped",
      queries: [{ expr: `tapocam_build_info{${HUB}}` }],
      names: { instance: "Hub", version: "Version", job: "Job" },
      drop: ["Time", "Value", "__name__"],
    }),
    value({
      title: "Running since",
      description:
        "When the hub started. A recent time that nobody knows of means that it crashed or lost power.",
      unit: "dateTimeFromNow",
      noValue: "Not told",
      queries: [{ expr: `process_start_time_seconds{${HUB}} * 1000`, legend: "{{instance}}" }],
    }),
    value({
      title: "Warnings",
      description: "Warnings that the hub shows now, for example a disk that is nearly full.",
      unit: "none",
      noValue: "Not told",
      queries: [{ expr: `sum(tapocam_warnings{${HUB}})`, legend: "warnings" }],
      steps: [["green"], ["orange", 1]],
    }),
    value({
      title: "Temperature",
      description:
        "The machine's hottest sensor. A Raspberry Pi slows down at 80 °C. Some machines tell none.",
      unit: "celsius",
      noValue: "Not reported",
      queries: [{ expr: `tapocam_host_temperature_celsius{${HUB}}`, legend: "{{instance}}" }],
      steps: [["green"], ["yellow", 65], ["red", 80]],
    }),
    value({
      title: "Slowed down",
      description: "Whether a Raspberry Pi slows itself down, from heat or a weak power supply.",
      unit: "none",
      noValue: "Not told",
      queries: [{ expr: `tapocam_host_throttled{${HUB}}`, legend: "{{instance}}" }],
      mappings: words({ 0: ["no", "green"], 1: ["yes", "red"] }),
    }),
  ];
}

function machine(): Placed[] {
  return [
    lines(
      ["Load", "Load of the machine over a minute: as many as it has cores is full."],
      [{ expr: `tapocam_host_load1{${HUB}}`, legend: "{{instance}}" }],
      { unit: "short", noValue: "Not told", size: [8, 8] },
    ),
    lines(
      ["Memory in use", "Share of the machine's memory that programs have."],
      [{
        expr: `1 - ${
          share(`tapocam_host_memory_available_bytes{${HUB}}`, `tapocam_host_memory_bytes{${HUB}}`)
        }`,
        legend: "{{instance}}",
      }],
      {
        unit: "percentunit",
        noValue: "Not told",
        size: [8, 8],
        max: 1,
        steps: [["green"], ["red", 0.9]],
        showsLimits: true,
      },
    ),
    lines(
      ["Temperature over time", "The machine's hottest sensor."],
      [{ expr: `tapocam_host_temperature_celsius{${HUB}}`, legend: "{{instance}}" }],
      {
        unit: "celsius",
        noValue: "Not reported",
        size: [8, 8],
        steps: [["green"], ["red", 80]],
        showsLimits: true,
      },
    ),
  ];
}

function process(): Placed[] {
  return [
    lines(
      [
        "Processor of the hub",
        "Cores that the hub itself uses; what works for cameras is on the dashboard of streams.",
      ],
      [{ expr: rate("process_cpu_seconds_total", HUB), legend: "{{instance}}" }],
      { unit: "none", noValue: "Not told", size: [6, 8] },
    ),
    lines(
      ["Memory of the hub", "Memory of the hub itself. A line that only rises for days is worth a report."],
      [{ expr: `process_resident_memory_bytes{${HUB}}`, legend: "{{instance}}" }],
      { unit: "bytes", noValue: "Not told", size: [6, 8] },
    ),
    lines(
      [
        "Lag of the main loop",
        "How late the hub's main loop was. Above 0.1 s live pictures begin to stutter.",
      ],
      [
        { expr: `tapocam_loop_lag_seconds{${HUB}}`, legend: "now {{instance}}" },
        { expr: `tapocam_loop_lag_max_seconds{${HUB}}`, legend: "most {{instance}}" },
      ],
      { unit: "s", noValue: "Not told", size: [6, 8], steps: [["green"], ["red", 0.1]], showsLimits: true },
    ),
    lines(
      ["Open files", "File descriptors that the hub has open: connections, files, pipes."],
      [{ expr: `process_open_fds{${HUB}}`, legend: "{{instance}}" }],
      { unit: "none", noValue: "Not told", size: [6, 8] },
    ),
  ];
}

function disks(): Placed[] {
  const free = `tapocam_disk_free_bytes{${HUB}}`;
  return [
    lines(
      ["Free on disks", "What is free where the database lies (data) and where recordings go."],
      [{ expr: free, legend: "{{folder}} {{instance}}" }],
      { unit: "bytes", noValue: "Not told", size: [8, 8] },
    ),
    stat({
      title: "Free in four days",
      description:
        "What would be free in four days if it goes on as in the last six hours; below zero means full. " +
        "Recordings that may be deleted are deleted before that.",
      unit: "bytes",
      size: [4, 8],
      noValue: "Not told",
      showsNames: true,
      queries: [{
        expr: `predict_linear(tapocam_disk_free_bytes{${HUB}}[6h], 4 * 86400)`,
        legend: "{{folder}}",
      }],
      steps: [["red"], ["green", 0]],
    }),
    lines(
      ["Journal of events", "Events that are kept, and what they need in the database, as estimated."],
      [
        { expr: `tapocam_journal_events{${HUB}}`, legend: "events {{instance}}" },
        { expr: `tapocam_journal_bytes{${HUB}}`, legend: "bytes {{instance}}" },
      ],
      {
        unit: "short",
        noValue: "Not told",
        size: [6, 8],
        overrides: [{ of: { query: "B" }, set: { unit: "bytes", "custom.axisPlacement": "right" } }],
      },
    ),
    lines(
      ["History of metrics", "Rows and size of the hub's own history, and writes of it that failed."],
      [
        { expr: `tapocam_history_rows{${HUB}}`, legend: "rows {{instance}}" },
        { expr: `tapocam_history_bytes{${HUB}}`, legend: "bytes {{instance}}" },
        {
          expr: `increase(tapocam_history_write_failures_total{${HUB}}[1h])`,
          legend: "failed in an hour {{instance}}",
        },
      ],
      {
        unit: "short",
        noValue: "Not told",
        size: [6, 8],
        overrides: [{ of: { query: "B" }, set: { unit: "bytes", "custom.axisPlacement": "right" } }],
      },
    ),
  ];
}

function collectors(): Placed[] {
  return [
    lines(
      ["Time of collectors", "How long each collector took last. One that takes 10 s is given up."],
      [{ expr: `tapocam_collector_duration_seconds{${HUB}}`, legend: "{{collector}} {{camera}}" }],
      { unit: "s", noValue: "Not told" },
    ),
    timeline({
      title: "Success of collectors",
      description: "Whether each collector succeeded. Where one fails, its metrics are absent.",
      unit: "none",
      size: [12, 8],
      noValue: "Not told",
      queries: [{ expr: `tapocam_collector_success{${HUB}}`, legend: "{{collector}} {{camera}}" }],
      mappings: words({ 0: ["failed", "red"], 1: ["done", "green"] }),
    }),
    lines(
      ["Messages of alerts", "Messages that wait to be delivered, and those that were given up."],
      [{ expr: `tapocam_alert_messages{${HUB}}`, legend: "{{state}} {{instance}}" }],
      { unit: "none", noValue: "Not told" },
    ),
    timeline({
      title: "MQTT broker",
      description: "Whether the hub is connected to the broker that its configuration names.",
      unit: "none",
      size: [12, 8],
      noValue: "No broker is configured",
      queries: [{ expr: `tapocam_mqtt_connected{${HUB}}`, legend: "{{instance}}" }],
      mappings: words({ 0: ["lost", "red"], 1: ["connected", "green"] }),
    }),
    lines(
      [
        "Sent to other stores",
        "Values and events that each store of the configuration took, and those it will not get.",
      ],
      [
        { expr: rate("tapocam_push_samples_total", HUB), legend: "{{target}} took" },
        { expr: rate("tapocam_push_dropped_total", HUB), legend: "{{target}} dropped" },
        { expr: rate("tapocam_push_failures_total", HUB), legend: "{{target}} failed tries" },
      ],
      { unit: "cps", noValue: "No store is configured" },
    ),
    lines(
      ["Scrapes", "How long Prometheus took to read the hub's metrics."],
      [{ expr: `scrape_duration_seconds{${HUB}}`, legend: "{{instance}}" }],
      { unit: "s", noValue: "No hub is scraped" },
    ),
  ];
}
