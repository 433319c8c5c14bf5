// A day of two cameras on a clock moved by hand, with real files: one is recorded at night, in the night in which the
// clocks are put forward, the other one on events. What writes a file is a copy of a small recording.
import { assert, assertEquals } from "@std/assert";
import { Changes } from "../../../src/base/changes.ts";
import { Logger } from "../../../src/base/log.ts";
import { type CameraRules, cameraRulesSchema } from "../../../src/config/camera_rules.ts";
import type { Camera } from "../../../src/devices/camera.ts";
import type { Lane } from "../../../src/media/lane.ts";
import { PacketHub } from "../../../src/media/packet_hub.ts";
import type { Launcher, ProcessExit, ProcessSpec } from "../../../src/process/launcher.ts";
import { readInitSegment } from "../../../src/protocols/fmp4/init_segment.ts";
import { EventTracker } from "../../../src/recordings/event_tracker.ts";
import { RecordingFiles } from "../../../src/recordings/files.ts";
import { RecordingLibrary } from "../../../src/recordings/library.ts";
import { Recordings } from "../../../src/recordings/recordings.ts";
import type { RecordingsContext } from "../../../src/recordings/recordings.ts";
import { Retention } from "../../../src/recordings/retention.ts";
import { RuleRecorder } from "../../../src/recordings/rule_recorder.ts";
import { Database } from "../../../src/store/database.ts";
import { RecordingGarbageTable } from "../../../src/store/recording_garbage_table.ts";
import { RecordingsTable, type StoredRecording } from "../../../src/store/recordings_table.ts";
import { FakeClock, settle } from "../../tools/fake_clock.ts";
import { mp4File, topBoxes } from "../tools/mp4_files.ts";
import { until } from "../tools/processes.ts";
import { zoneOf } from "../tools/zones.ts";

const HOUR = 3_600_000;
const FILE = await mp4File(2);
const FIRST = topBoxes(FILE).find(({ type }) => type === "moof")!.at;
const INIT = readInitSegment(FILE.slice(0, FIRST));
const NOON = Date.parse("2026-03-28T12:00Z");

/** Stands for ffmpeg: writes a whole file when it begins and ends with its input. */
class Copyist {
  readonly living = new Set<string>();

  spawn({ name, args }: ProcessSpec) {
    const path = args.at(-1)!.replace(/^file:/, "");
    Deno.writeFileSync(path, FILE, { createNew: true });
    this.living.add(path);
    const exited = Promise.withResolvers<ProcessExit>();
    const end = () => {
      this.living.delete(path);
      exited.resolve({ code: 0, signal: undefined, stderr: [] });
      return exited.promise;
    };
    return {
      name,
      stdout: new ReadableStream({ start: (controller) => controller.close() }),
      stdin: new WritableStream({ write: () => {}, close: () => void end() }),
      exited: exited.promise,
      stop: () => end(),
    };
  }
}

/** A camera whose pictures the test sends: one a minute, each a key frame. */
class Stage {
  readonly hub = new PacketHub();
  readonly changes = new Changes();
  holders = 0;
  readonly camera: Camera;
  readonly lane: Lane;

  constructor(readonly id: string) {
    this.hub.begin(INIT);
    const packets = {
      hub: this.hub,
      changes: this.changes,
      isFlowing: true,
      state: { state: "running" },
      acquire: () => {
        this.holders++;
        return () => void this.holders--;
      },
    };
    const device = { capabilities: {} };
    this.camera = { id, device, changes: this.changes, spec: { enabled: true } } as unknown as Camera;
    this.lane = { video: { framing: "mp4" }, packets } as unknown as Lane;
  }

  send(clock: FakeClock): void {
    const track = INIT.tracks.find(({ kind }) => kind === "video")!.id;
    const bytes = FILE.slice(FIRST);
    this.hub.publish({ trackId: track, isSync: true, decodeTime: 0, bytes }, clock.now(), clock.monotonic());
  }
}

Deno.test("[REC-DAY] a day with the night in which the clocks are put forward: what was recorded, and what is kept of it", async () => {
  const root = await Deno.makeTempDir();
  const database = await Database.open(":memory:");
  const clock = new FakeClock(NOON);
  const log = new Logger(() => {}, "error");
  const [night, yard] = [new Stage("night"), new Stage("yard")];
  const stages = new Map([night, yard].map((each) => [each.id, each]));
  const rules = new Map<string, CameraRules>([
    ["night", rulesOf({ mode: "continuous", schedule: [{ from: "22:00", to: "06:00" }], keep_days: 0.5 })],
    ["yard", rulesOf({ mode: "events", events: ["person"], pre_roll_s: 60, post_roll_s: 120 })],
  ]);
  const files = new RecordingFiles(root);
  const table = new RecordingsTable(database);
  const garbage = new RecordingGarbageTable(database, clock);
  const library = new RecordingLibrary({ files, table, garbage, log });
  const events = new EventTracker(clock);
  const launcher = new Copyist();
  const media = { find: (id: string) => ({ main: stages.get(id)!.lane }) };
  const recordings = new Recordings({
    files,
    table,
    manager: { stays: () => true, find: (id: string) => stages.get(id)!.camera },
    media,
    launcher: launcher as unknown as Launcher,
    clock,
    log,
    refusal: () => Promise.resolve(undefined),
    encoder: { get: () => Promise.resolve("libx264"), giveUp: () => {} },
    hadEvent: (camera: string, sinceMs: number) => events.hadEvent(camera, sinceMs),
  } as unknown as RecordingsContext);
  const ruleRecorder = new RuleRecorder({
    recordings,
    rules: { of: (id) => rules.get(id)!, changes: new Changes() },
    media: media as unknown as RecordingsContext["media"],
    events,
    clock,
    zone: zoneOf("Europe/Berlin"),
    segmentMs: () => HOUR,
    refusal: () => Promise.resolve(undefined),
  });
  const retention = new Retention({
    clock,
    log,
    library,
    table: garbage,
    overall: () => ({}),
    ofCamera: (id) => ({ keepDays: rules.get(id)?.recording.keep_days }),
    missingBytes: () => Promise.resolve(0),
    isThere: () => Promise.resolve(true),
    isClockDoubted: () => false,
  });
  const stop = new AbortController();
  const running = [recordings.run(stop.signal)].concat(
    [night, yard].map((each) => ruleRecorder.accompany(each.camera, stop.signal)),
  );
  const listed = async (camera: string) => (await library.list({ camera, limit: 100 })).recordings.reverse();
  /** Files are closed by real disks: the clock waits for them. */
  const closed = () =>
    until(async () => (await countOfParts(files)) === launcher.living.size, "files to be closed");
  try {
    const persons = [[9 * HOUR, 9 * HOUR + 300_000], [9 * HOUR + 360_000, 9 * HOUR + 420_000], [
      20 * HOUR,
      20 * HOUR,
    ]];
    for (let minute = 0; minute < 24 * 60; minute++) {
      const atMs = minute * 60_000;
      for (const [index, [from, to]] of persons.entries()) {
        const note = (isOver: boolean) =>
          events.note({ seq: index, camera: "yard", kind: "person", isOver, beganAgoMs: 0 });
        if (atMs === from) note(false);
        if (atMs === to) note(true);
      }
      for (const stage of [night, yard]) stage.send(clock);
      await settle();
      await closed();
      await clock.advance(60_000);
    }
    await closed();

    // 22:00 is 21:00 UTC, 06:00 of the new time is 04:00 UTC: seven hours, a file each.
    const nights = await listed("night");
    assertEquals(nights.map(hourOf), ["21:00", "22:00", "23:00", "00:00", "01:00", "02:00", "03:00"]);
    assertEquals(nights.map(({ endedBecause }) => endedBecause).at(-1), "rule_ended");
    assertEquals(new Set(nights.map(({ recording }) => recording)).size, 1);
    assertEquals(
      new Set(nights.map(({ cause, hasEvent }) => `${cause} ${hasEvent}`)),
      new Set(["continuous false"]),
    );
    // Two events that lie close together are one recording, with the minute before it.
    const yards = await listed("yard");
    assertEquals(yards.map(hourOf), ["21:00", "08:00"]);
    for (const [index, { startedAtMs }] of yards.entries()) {
      const beganMs = NOON + [9, 20][index]! * HOUR;
      assert(startedAtMs <= beganMs - 60_000 && startedAtMs >= beganMs - 180_000, `${beganMs - startedAtMs}`);
    }
    assertEquals(yards.map(({ cause, hasEvent, endedBecause }) => [cause, hasEvent, endedBecause]), [
      ["event", true, "rule_ended"],
      ["event", true, "rule_ended"],
    ]);
    assertEquals([night.holders, yard.holders, recordings.cameras, launcher.living.size], [0, 1, [], 0]);
    for (const { path, sizeBytes } of [...nights, ...yards]) {
      assertEquals((await Deno.stat(`${root}/${path}`)).size, sizeBytes);
    }

    // Half a day is kept of the night: at 13:30 UTC what ended before 01:30 is gone, but not what is locked.
    await library.lock(nights[0]!.id, true);
    await clock.advance(1.5 * HOUR);
    assertEquals(await retention.enforce(), 4);
    assertEquals((await listed("night")).map(hourOf), ["21:00", "02:00", "03:00"]);
    assertEquals((await listed("yard")).length, 2);
    const onDisk = (await Array.fromAsync(files.all())).map(({ path }) => path).sort();
    const rows = (await library.list({ limit: 100 })).recordings.map(({ path }) => path).sort();
    assertEquals(onDisk, rows);
    assertEquals(onDisk.length, 5);
  } finally {
    stop.abort();
    await Promise.all(running);
    await database.close();
    await Deno.remove(root, { recursive: true });
  }
});

function rulesOf(recording: object): CameraRules {
  return cameraRulesSchema.parse({ recording });
}

/** A file begins with a key frame, and there is one a minute. */
function hourOf({ startedAtMs }: StoredRecording): string {
  return new Date(Math.round(startedAtMs / HOUR) * HOUR).toISOString().slice(11, 16);
}

async function countOfParts(files: RecordingFiles): Promise<number> {
  return (await Array.fromAsync(files.all())).filter(({ isPart }) => isPart).length;
}
