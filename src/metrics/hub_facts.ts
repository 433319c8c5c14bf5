// The hub itself, its process and its machine: what is cheap to read.
import process from "node:process";
import { type Sample, sampleOf } from "./sample.ts";

/** What the hub's parts say. */
export interface HubFacts {
  version: string;
  startedAtMs: number;
  loopLagMs: number;
  loopLagMaxMs: number;
  warnings: number;
  mcpSessions: number;
  /** Undefined where no broker is named. */
  isMqttConnected: boolean | undefined;
  /** Undefined in a hub that keeps none. */
  history?: HistoryFacts | undefined;
  /** Those that run. */
  timers: readonly { name: string; leftMs: number }[];
}

/** How the history fares. */
export interface HistoryFacts {
  /** Undefined where it cannot be read. */
  size: { rows: Readonly<Record<string, number>>; bytes: number } | undefined;
  writeFailures: number;
}

/** Everything of the hub that needs no disk, no database and no process. */
export function hubSamples(facts: HubFacts): Sample[] {
  const [load1] = Deno.loadavg();
  const { total, available } = Deno.systemMemoryInfo();
  const { user, system } = process.cpuUsage();
  return [
    ...sampleOf("tapocam_build_info", { version: facts.version }, 1),
    ...sampleOf("tapocam_loop_lag_seconds", {}, facts.loopLagMs / 1000),
    ...sampleOf("tapocam_loop_lag_max_seconds", {}, facts.loopLagMaxMs / 1000),
    ...sampleOf("tapocam_warnings", {}, facts.warnings),
    ...sampleOf("tapocam_mcp_sessions", {}, facts.mcpSessions),
    ...sampleOf("tapocam_mqtt_connected", {}, facts.isMqttConnected),
    ...facts.timers.flatMap(({ name, leftMs }) =>
      sampleOf("tapocam_timer_remaining_seconds", { timer: name }, leftMs / 1000)
    ),
    ...sampleOf("tapocam_host_load1", {}, load1),
    ...sampleOf("tapocam_host_memory_bytes", {}, total),
    ...sampleOf("tapocam_host_memory_available_bytes", {}, available),
    ...historySamples(facts.history),
    ...sampleOf("process_start_time_seconds", {}, facts.startedAtMs / 1000),
    ...sampleOf("process_cpu_seconds_total", {}, (user + system) / 1e6),
    ...sampleOf("process_resident_memory_bytes", {}, Deno.memoryUsage().rss),
  ];
}

function historySamples(history: HistoryFacts | undefined): Sample[] {
  return [
    ...Object.entries(history?.size?.rows ?? {}).flatMap(([tier, rows]) =>
      sampleOf("tapocam_history_rows", { tier }, rows)
    ),
    ...sampleOf("tapocam_history_bytes", {}, history?.size?.bytes),
    ...sampleOf("tapocam_history_write_failures_total", {}, history?.writeFailures),
  ];
}
