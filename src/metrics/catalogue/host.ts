// What is measured of the machine, and of the hub as its process.
import type { Metric } from "./metric.ts";

export const HOST = {
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
