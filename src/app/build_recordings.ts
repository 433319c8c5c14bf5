// Recordings: their files and rows, the rules by which cameras are recorded, and what is kept of it for how long.
import { Changes } from "../base/changes.ts";
import type { ClockDoubt } from "../base/clock_doubt.ts";
import { Scope } from "../base/scope.ts";
import type { Config } from "../config/schema.ts";
import { hubTime } from "../config/time_windows.ts";
import type { DeviceManager } from "../devices/manager.ts";
import type { RuleBook } from "../devices/rule_book.ts";
import type { HubEvent } from "../events/event.ts";
import type { Journal } from "../events/journal.ts";
import { EncoderChoice } from "../recordings/encoder_choice.ts";
import { EventTracker } from "../recordings/event_tracker.ts";
import { RecordingFiles } from "../recordings/files.ts";
import { RecordingFolder } from "../recordings/folder.ts";
import { readFreeSpace } from "../recordings/free_space.ts";
import { RecordingLibrary } from "../recordings/library.ts";
import { recordingEvents } from "../recordings/recording_events.ts";
import { Recordings, type RecordingsContext } from "../recordings/recordings.ts";
import { Retention } from "../recordings/retention.ts";
import { RuleRecorder } from "../recordings/rule_recorder.ts";
import { StorageGuard } from "../recordings/storage_guard.ts";
import type { Warnings } from "../base/warnings.ts";
import type { Store } from "../store/open_store.ts";
import { RecordingGarbageTable } from "../store/recording_garbage_table.ts";
import { RecordingsTable } from "../store/recordings_table.ts";
import type { HubOptions } from "./options.ts";

type Parts = Pick<RecordingsContext, "media" | "launcher" | "clock" | "log"> & {
  manager: Pick<DeviceManager, "get" | "find" | "requireSoon" | "stays">;
  warnings: Warnings;
  rules: RuleBook;
  journal: Journal;
  config: { readonly now: Config };
  doubt: ClockDoubt;
};

const GB = 1e9;

/** Everything that records. */
export function buildRecordings({ dataDir }: HubOptions, { database }: Store, parts: Parts) {
  const { clock, log, warnings, rules, journal, config, launcher, media } = parts;
  const settings = () => config.now.recordings;
  const own = `${dataDir}/recordings`;
  const root = settings().path ?? own;
  const garbage = new RecordingGarbageTable(database, clock);
  const table = new RecordingsTable(database);
  const folder = new RecordingFolder(root, { marks: garbage, isOwn: root === own });
  const files = new RecordingFiles(root, () => folder.require());
  /** Notified when recording is possible again: the disk may have been away. */
  const back = new Changes();
  const guard = new StorageGuard({
    folder,
    clock,
    log,
    warnings,
    // The folder is made with the first recording.
    freeSpace: async (path) =>
      await readFreeSpace(path) ?? (root === own ? await readFreeSpace(dataDir) : undefined),
    reserve: () => ({ bytes: settings().min_free_gb * GB, part: settings().min_free_percent / 100 }),
    onChange: (error) => {
      if (!error) back.notify();
    },
  });
  const events = new EventTracker(clock);
  journal.subscribe((event) => noteEvent(events, event, clock.now()));
  const encoder = new EncoderChoice({ launcher, log });
  const recordings = new Recordings({
    ...parts,
    files,
    table,
    refusal: () => guard.refusal(),
    encoder,
    hadEvent: (camera, sinceMs) => events.hadEvent(camera, sinceMs),
    onChange: guard.note,
    onBegin: recordingEvents(parts),
  });
  const library = new RecordingLibrary({ files, table, garbage, log });
  const retention = new Retention({
    clock,
    log,
    library,
    table: garbage,
    overall: () => limits(settings()),
    ofCamera: (camera) => limits(rules.of(camera).recording),
    missingBytes: () => guard.missingBytes(),
    isThere: () => guard.isThere(),
    isClockDoubted: () => parts.doubt.isDoubted,
  });
  const ruleRecorder = new RuleRecorder({
    recordings,
    rules,
    media,
    events,
    clock,
    zone: hubTime,
    segmentMs: () => settings().segment_minutes * 60_000,
    refusal: () => guard.refusal(),
  });
  const run = async (signal: AbortSignal): Promise<void> => {
    await using scope = new Scope(signal);
    scope.spawn((own) => recordings.run(own));
    scope.spawn((own) => guard.run(own));
    scope.spawn((own) => retention.run(own));
    scope.spawn(async (own) => {
      for (await back.next(own); !own.aborted; await back.next(own)) await recordings.repair(own);
    });
    await scope.join();
  };
  return { recordings, library, retention, ruleRecorder, recordingFiles: files, runRecordings: run };
}

function limits({ keep_days, keep_gb }: { keep_days?: number | undefined; keep_gb?: number | undefined }) {
  return { keepDays: keep_days, keepBytes: keep_gb === undefined ? undefined : keep_gb * GB };
}

/** An event that was noticed long before it is told says nothing of when a recording should begin. */
const MAX_LATE_MS = 60_000;

function noteEvent(
  events: EventTracker,
  { seq, camera, kind, startedAtMs, endedAtMs }: HubEvent,
  nowMs: number,
) {
  if (camera === undefined) return;
  const beganAgoMs = Math.min(MAX_LATE_MS, Math.max(0, nowMs - startedAtMs));
  events.note({ seq, camera, kind, isOver: endedAtMs !== undefined, beganAgoMs });
}
