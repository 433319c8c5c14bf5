// What is collected: disks, processes, the database, cameras' own switches.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import type { Capabilities, Device } from "../../../src/devices/device.ts";
import { controlCollectors } from "../../../src/metrics/camera_controls.ts";
import { hostCollectors, type HostSources } from "../../../src/metrics/host_collectors.ts";
import type { Sample } from "../../../src/metrics/sample.ts";
import { cameraOfProcess } from "../../../src/app/metric_facts.ts";

const { signal } = new AbortController();

/** `metric{labels}` and values. */
function told(samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(
    samples.map((
      { metric, labels, value },
    ) => [[metric.replace("tapocam_", ""), ...Object.values(labels)].join(" "), value]),
  );
}

const SOURCES: HostSources = {
  temperature: () => Promise.resolve(undefined),
  isThrottled: () => Promise.resolve(undefined),
  disks: () => Promise.resolve({ data: { freeBytes: 5, totalBytes: 10 }, recordings: undefined }),
  processes: () => Promise.resolve([]),
  database: () =>
    Promise.resolve({ journal: { rows: 7, bytes: 700 }, alertsFiring: 1, messages: { waiting: 2, dead: 3 } }),
  cameraOf: (name) => cameraOfProcess(name, ["door"]),
};

async function collect(name: string, change: Partial<HostSources> = {}): Promise<Sample[]> {
  const found = hostCollectors({ ...SOURCES, ...change }).find((each) => each.name === name);
  assert(found, name);
  return await found.collect(signal);
}

Deno.test("hostCollectors: disk, database, descriptors; what does not tell is absent [METRICS-COLLECTORS]", async () => {
  assertEquals(told(await collect("disk")), { "disk_free_bytes data": 5, "disk_size_bytes data": 10 });
  assertEquals(told(await collect("temperature")), {});
  assertEquals(told(await collect("temperature", { temperature: () => Promise.resolve(48.5) })), {
    "host_temperature_celsius": 48.5,
  });
  assertEquals(told(await collect("throttling")), {});
  assertEquals(told(await collect("throttling", { isThrottled: () => Promise.resolve(true) })), {
    "host_throttled": 1,
  });
  assertEquals(told(await collect("database")), {
    "journal_events": 7,
    "journal_bytes": 700,
    "alerts_firing": 1,
    "alert_messages waiting": 2,
    "alert_messages given_up": 3,
  });
  const { process_open_fds: before = 0 } = told(await collect("fds"));
  using file = await Deno.open(new URL(import.meta.url));
  const { process_open_fds: after } = told(await collect("fds"));
  assertEquals([after, (await file.stat()).isFile], [before + 1, true]);
});

Deno.test("hostCollectors: the end of a process takes nothing from a camera's processor time [METRICS-COLLECTORS]", async () => {
  const of = (name: string, pid: number, cpuSeconds: number) => (
    { name, pid, cpuSeconds, program: "ffmpeg", startedAtMs: 1, rssBytes: 100 }
  );
  let living = [
    of("camera door", 1, 4),
    of("transcode door", 2, 6),
    of("camera gone", 3, 50),
    of("try x", 4, 9),
  ];
  const [, , processes] = hostCollectors({ ...SOURCES, processes: () => Promise.resolve(living) });
  const ask = async () => told(await processes!.collect(signal));
  assertEquals(await ask(), {
    "ffmpeg_cpu_seconds_total door": 10,
    "ffmpeg_resident_memory_bytes door": 200,
  });
  living = [of("camera door (small)", 5, 1), of("transcode door", 2, 8)];
  assertEquals((await ask())["ffmpeg_cpu_seconds_total door"], 13);
  living = [];
  assertEquals(await ask(), { "ffmpeg_cpu_seconds_total door": 13 });
});

/** A device with those capabilities. */
function deviceOf(capabilities: Capabilities): Device {
  return { info: {}, capabilities, run: () => Promise.resolve() };
}

function asked(device: Device | undefined) {
  const lens: (boolean | undefined)[] = [];
  const collectors = controlCollectors([{ id: "door", device, noteCovered: (_, is) => void lens.push(is) }]);
  return { lens, collectors };
}

const CARD = { id: "1", state: "ok" as const, totalBytes: 100, freeBytes: 40 };

Deno.test("controlCollectors: lens, detection and card as the camera says [METRICS-COLLECTORS]", async () => {
  const { lens, collectors } = asked(deviceOf({
    privacy: { read: () => Promise.resolve(true), set: () => Promise.resolve(true) },
    motion: { read: () => Promise.resolve({ enabled: false }), set: () => Promise.resolve({}) },
    storage: {
      media: () => Promise.resolve([CARD, { id: "2", state: "missing" as const }]),
    } as Capabilities["storage"],
  } as Capabilities));
  assertEquals(told(await collectors[0]!.collect(signal)), {
    "camera_motion_detection_enabled door": 0,
    "camera_storage_used_bytes door": 60,
    "camera_storage_total_bytes door": 100,
  });
  assertEquals(lens, [true]);
});

Deno.test("controlCollectors: the strength of the Wi-Fi, absent where it is not told [METRICS-COLLECTORS]", async () => {
  const radio = (dbm: number | undefined) => ({ radio: { signalDbm: () => Promise.resolve(dbm) } });
  const ask = async (dbm?: number) => told(await asked(deviceOf(radio(dbm))).collectors[0]!.collect(signal));
  assertEquals([await ask(-61), await ask()], [{ "camera_signal_dbm door": -61 }, {}]);
  const onBattery = { ...radio(-50), power: { read: () => Promise.resolve({}) } };
  assertEquals(asked(deviceOf(onBattery)).collectors, []);
});

Deno.test("controlCollectors: batteries are spared, a camera that is away is not asked, a fault is told [METRICS-COLLECTORS]", async () => {
  const storage = { media: () => Promise.reject(new HubError("unavailable", "no answer")) };
  assertEquals(asked(undefined).collectors, []);
  assertEquals(asked(deviceOf({})).collectors, []);
  assertEquals(asked(deviceOf({ storage, power: { read: () => Promise.resolve({}) } })).collectors, []);
  const [failing] = asked(deviceOf({ storage })).collectors;
  assertEquals((await assertRejects(() => failing!.collect(signal), HubError)).message, "no answer");
});
