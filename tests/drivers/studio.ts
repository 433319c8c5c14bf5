// Cameras that are recorded as the hub records them, in real time, and what ffprobe says of the files.
import { type Clock, systemClock } from "../../src/base/clock.ts";
import type { CameraRules } from "../../src/config/camera_rules.ts";
import { noRules } from "../unit/tools/devices.ts";
import { Warnings } from "../../src/base/warnings.ts";
import { RuleBook } from "../../src/devices/rule_book.ts";
import { EventTracker } from "../../src/recordings/event_tracker.ts";
import { RecordingFolder } from "../../src/recordings/folder.ts";
import { RecordingLibrary } from "../../src/recordings/library.ts";
import { type Limits, Retention } from "../../src/recordings/retention.ts";
import { RuleRecorder } from "../../src/recordings/rule_recorder.ts";
import { hubTime } from "../../src/config/time_windows.ts";
import { StorageGuard } from "../../src/recordings/storage_guard.ts";
import { CameraRulesTable } from "../../src/store/camera_rules_table.ts";
import { RecordingGarbageTable } from "../../src/store/recording_garbage_table.ts";
import { together } from "../../src/devices/companions.ts";
import type { Driver } from "../../src/devices/driver.ts";
import { type Companion, DeviceManager } from "../../src/devices/manager.ts";
import { Media } from "../../src/media/media.ts";
import { RecordingFiles } from "../../src/recordings/files.ts";
import { DEFAULT_RESERVE, type FreeSpace, readFreeSpace } from "../../src/recordings/free_space.ts";
import { Recordings } from "../../src/recordings/recordings.ts";
import { Database } from "../../src/store/database.ts";
import { RecordingsTable } from "../../src/store/recordings_table.ts";
import { until } from "../unit/tools/processes.ts";
import { stage } from "./stage.ts";

/** What the parts of a studio are. */
export interface Studio {
  manager: DeviceManager;
  media: Media;
  recordings: Recordings;
  library: RecordingLibrary;
  ruleRecorder: RuleRecorder;
  rules: RuleBook;
  events: EventTracker;
  garbage: RecordingGarbageTable;
  retention: Retention;
  /** Resolves when what an earlier run left has been put right. */
  repaired: Promise<void>;
  files: RecordingFiles;
  table: RecordingsTable;
  warnings: Warnings;
  launcher: ReturnType<typeof stage>["launcher"];
  lines: string[];
  /** Stops the hub's part of it, as at the end of the hub. */
  stop(): Promise<void>;
}

const TUNING = {
  lingerMs: 1000,
  startTimeoutMs: 20_000,
  stallTimeoutMs: 6000,
  backoff: { firstMs: 200, maxMs: 1000 },
};

/** Runs one camera `cam`, waits until it is open, does the work, and stops everything. */
export async function withStudio(
  driver: Driver,
  options: Record<string, unknown>,
  work: (studio: Studio) => Promise<void>,
  {
    root,
    freeSpace = readFreeSpace,
    rules: ofFile,
    segmentMs = 600_000,
    clock = systemClock,
    limits = {},
    database: given,
  }: {
    root?: string;
    freeSpace?: (folder: string) => Promise<FreeSpace | undefined>;
    rules?: Partial<CameraRules>;
    segmentMs?: number;
    clock?: Clock;
    limits?: Limits;
    /** One that stays; left out: one in memory. */
    database?: Database;
  } = {},
): Promise<void> {
  const folder = root ?? await Deno.makeTempDir({ prefix: "recordings-" });
  const database = given ?? await Database.open(":memory:");
  const context = { ...stage(), clock };
  const { launcher, log, slots } = context;
  const media = new Media({ launcher, clock, tuning: TUNING }, {
    maxViewers: () => 8,
    slots,
    rules: noRules(),
  });
  const parts: { recordings?: Recordings; rules?: RuleRecorder } = {};
  const companion: Companion = (camera, signal) =>
    together(media.accompany, parts.recordings!.accompany, parts.rules!.accompany)(camera, signal);
  const manager = new DeviceManager({ drivers: [driver], context, companion });
  const garbage = new RecordingGarbageTable(database, clock);
  const place = new RecordingFolder(folder, { marks: garbage, isOwn: false });
  const files = new RecordingFiles(folder, () => place.require());
  const table = new RecordingsTable(database);
  const warnings = new Warnings(() => clock.now());
  const reserve = () => DEFAULT_RESERVE;
  const guard = new StorageGuard({ folder: place, freeSpace, reserve, clock, log, warnings });
  const events = new EventTracker(clock);
  const recordings = new Recordings({
    files,
    table,
    manager,
    media,
    launcher,
    clock,
    log,
    refusal: () => guard.refusal(),
    encoder: { get: () => Promise.resolve("libx264"), giveUp: () => {} },
    hadEvent: (camera, sinceMs) => events.hadEvent(camera, sinceMs),
    onChange: guard.note,
  });
  const library = new RecordingLibrary({ files, table, garbage, log });
  const rules = new RuleBook({
    table: new CameraRulesTable(database, clock),
    log,
    ofFile: () => ofFile,
  });
  const retention = new Retention({
    clock,
    log,
    library,
    table: garbage,
    overall: () => limits,
    ofCamera: (camera) => {
      const { keep_days, keep_gb } = rules.of(camera).recording;
      return { keepDays: keep_days, keepBytes: keep_gb === undefined ? undefined : keep_gb * 1e9 };
    },
    missingBytes: () => guard.missingBytes(),
    isThere: () => guard.isThere(),
    isClockDoubted: () => false,
  });
  const ruleRecorder = new RuleRecorder({
    recordings,
    rules,
    media,
    events,
    clock,
    zone: hubTime,
    segmentMs: () => segmentMs,
    refusal: () => guard.refusal(),
  });
  parts.rules = ruleRecorder;
  parts.recordings = recordings;
  const end = new AbortController();
  const repaired = recordings.repair(end.signal);
  const running = [recordings.run(end.signal), manager.run(end.signal)];
  const stop = async () => {
    end.abort();
    await Promise.all(running);
  };
  try {
    const spec = { id: "cam", name: "Cam", type: driver.id, enabled: true, origin: "store" } as const;
    await manager.add({ ...spec, options: driver.options.parse(options) as Record<string, unknown> });
    await until(() => manager.find("cam")?.device !== undefined, "the camera");
    await work({
      manager,
      media,
      recordings,
      library,
      ruleRecorder,
      rules,
      events,
      garbage,
      retention,
      repaired,
      files,
      table,
      warnings,
      launcher,
      lines: context.lines,
      stop,
    });
  } finally {
    await stop();
    if (!given) await database.close();
    if (root === undefined) await Deno.remove(folder, { recursive: true });
  }
}

/** What ffprobe says of a file. */
export interface Probed {
  /** Of the pictures, seconds. */
  duration: number;
  codecs: string[];
  width: number;
  height: number;
  frames: number;
  /** Longest time between two pictures, seconds. */
  longestStep: number;
}

/** Reads a file to its end with ffprobe, and decodes it: what is wrong with it makes this fail. */
export async function probe(path: string): Promise<Probed> {
  const entries = "stream=codec_name,codec_type,width,height,duration:packet=stream_index,pts_time";
  const text = await output("ffprobe", ["-v", "error", "-show_entries", entries, "-of", "json", path]);
  const { streams, packets } = JSON.parse(text) as {
    streams: { codec_name: string; codec_type: string; width: number; height: number; duration: string }[];
    packets: { stream_index: number; pts_time: string }[];
  };
  const video = streams.findIndex(({ codec_type }) => codec_type === "video");
  const times = packets.filter(({ stream_index }) => stream_index === video)
    .map(({ pts_time }) => Number(pts_time)).sort((a, b) => a - b);
  const complaints = await output("ffmpeg", [
    ...["-v", "error", "-i", path, "-fps_mode", "passthrough", "-enc_time_base", "1/90000"],
    ...["-f", "null", "-"],
  ]);
  if (complaints !== "") throw new Error(complaints);
  return {
    duration: Number(streams[video]?.duration),
    codecs: streams.map(({ codec_name }) => codec_name).sort(),
    width: streams[video]?.width ?? 0,
    height: streams[video]?.height ?? 0,
    frames: times.length,
    longestStep: Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0))),
  };
}

/** When each picture of a file is shown, seconds, in order. */
export async function packetTimes(path: string): Promise<number[]> {
  const args = [
    "-v",
    "error",
    "-select_streams",
    "v:0",
    "-show_entries",
    "packet=pts_time",
    "-of",
    "csv=p=0",
    path,
  ];
  const text = await output("ffprobe", args);
  return text.split("\n").map((line) => parseFloat(line)).filter(Number.isFinite).sort((a, b) => a - b);
}

async function output(program: string, args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, { args, stdin: "null" }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  if (code !== 0) throw new Error(`${program}: ${text}`);
  return text;
}

/** Real time passes. */
export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
