// Collectors of what costs a look at the disk, a process, or the database.
import type { ProcessUsage } from "../process/usage.ts";
import { Counter } from "./counters.ts";
import { type Sample, sampleOf } from "./sample.ts";
import type { Collector } from "./schedule.ts";

/** Where they ask. */
export interface HostSources {
  /** Celsius; undefined where the machine does not tell it. @throws HubError. */
  temperature(): Promise<number | undefined>;
  /** Whether the machine slows itself down; undefined where it does not tell it. @throws HubError. */
  isThrottled(): Promise<boolean | undefined>;
  /** The disks by the folders on them; undefined where one does not tell. */
  disks(): Promise<Readonly<Record<"data" | "recordings", Space | undefined>>>;
  /** The hub's children. @throws HubError. */
  processes(signal: AbortSignal): Promise<readonly ProcessUsage[]>;
  /** @throws HubError when the database cannot be read. */
  database(): Promise<DatabaseFigures>;
  /** The camera that a process works for, by the process's name; undefined for none. */
  cameraOf(processName: string): string | undefined;
}

interface Space {
  freeBytes: number;
  totalBytes: number;
}

interface DatabaseFigures {
  journal: { rows: number; bytes: number };
  alertsFiring: number;
  messages: { waiting: number; dead: number };
}

/** All of them. The same objects for the life of the hub. */
export function hostCollectors(sources: HostSources): Collector[] {
  const processTimes = new ProcessTimes(sources.cameraOf);
  return [
    {
      name: "temperature",
      collect: async () => sampleOf("tapocam_host_temperature_celsius", {}, await sources.temperature()),
    },
    { name: "disk", collect: async () => diskSamples(await sources.disks()) },
    { name: "processes", collect: async (signal) => processTimes.samples(await sources.processes(signal)) },
    { name: "fds", collect: async () => sampleOf("process_open_fds", {}, await openFiles()) },
    { name: "database", collect: async () => databaseSamples(await sources.database()) },
    {
      name: "throttling",
      collect: async () => sampleOf("tapocam_host_throttled", {}, await sources.isThrottled()),
    },
  ];
}

function diskSamples(disks: Awaited<ReturnType<HostSources["disks"]>>): Sample[] {
  return Object.entries(disks).flatMap(([folder, space]) => [
    ...sampleOf("tapocam_disk_free_bytes", { folder }, space?.freeBytes),
    ...sampleOf("tapocam_disk_size_bytes", { folder }, space?.totalBytes),
  ]);
}

function databaseSamples({ journal, alertsFiring, messages }: DatabaseFigures): Sample[] {
  return [
    ...sampleOf("tapocam_journal_events", {}, journal.rows),
    ...sampleOf("tapocam_journal_bytes", {}, journal.bytes),
    ...sampleOf("tapocam_alerts_firing", {}, alertsFiring),
    ...sampleOf("tapocam_alert_messages", { state: "waiting" }, messages.waiting),
    ...sampleOf("tapocam_alert_messages", { state: "given_up" }, messages.dead),
  ];
}

/** The folder itself may be listed, its files not be read: names are enough. Undefined where there is none. */
async function openFiles(): Promise<number | undefined> {
  let count = 0;
  try {
    for await (const _ of Deno.readDir("/proc/self/fd")) count++;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  // One of them is the listing's own.
  return count - 1;
}

/** Adds up what processes used, so that the end of one takes nothing away from the sum. */
class ProcessTimes {
  readonly #cameraOf: HostSources["cameraOf"];
  readonly #used = new Counter("tapocam_ffmpeg_cpu_seconds_total");
  /** Of living processes: what was counted of them. */
  #counted = new Map<string, number>();

  constructor(cameraOf: HostSources["cameraOf"]) {
    this.#cameraOf = cameraOf;
  }

  samples(usage: readonly ProcessUsage[]): Sample[] {
    const memory = new Map<string, number>();
    const counted = new Map<string, number>();
    for (const { name, pid, startedAtMs, cpuSeconds, rssBytes } of usage) {
      const camera = this.#cameraOf(name);
      if (camera === undefined) continue;
      if (rssBytes !== undefined) memory.set(camera, (memory.get(camera) ?? 0) + rssBytes);
      const key = `${pid} ${startedAtMs}`;
      const before = this.#counted.get(key) ?? 0;
      this.#used.add({ camera }, Math.max(0, (cpuSeconds ?? before) - before));
      counted.set(key, cpuSeconds ?? before);
    }
    this.#counted = counted;
    this.#used.forget(({ camera = "" }) => this.#cameraOf(`camera ${camera}`) === undefined);
    const resident = [...memory].flatMap(([camera, bytes]) =>
      sampleOf("tapocam_ffmpeg_resident_memory_bytes", { camera }, bytes)
    );
    return [...this.#used.samples, ...resident];
  }
}
