// The hub as operations see it: the parts they may use.
import type { Alerts } from "../alerts/alerts.ts";
import type { Clock } from "../base/clock.ts";
import type { LogRing } from "../base/log_ring.ts";
import type { CameraCatalog } from "../devices/catalog.ts";
import type { DeviceManager } from "../devices/manager.ts";
import type { ReloadPlan, ReloadResult } from "../devices/reload_plan.ts";
import type { RuleBook } from "../devices/rule_book.ts";
import type { Journal } from "../events/journal.ts";
import type { Media } from "../media/media.ts";
import type { RecentPictures } from "../media/recent_pictures.ts";
import type { HistoryReader } from "../metrics/history/query.ts";
import type { MotionDetectors } from "../motion/detectors.ts";
import type { Launcher } from "../process/launcher.ts";
import type { EventPictureFiles } from "../recordings/event_picture_files.ts";
import type { RecordingLibrary } from "../recordings/library.ts";
import type { Exports } from "../recordings/exports.ts";
import type { Recordings } from "../recordings/recordings.ts";
import type { RuleRecorder } from "../recordings/rule_recorder.ts";
import type { SnapshotFiles } from "../recordings/snapshot_files.ts";
import type { Thumbnails } from "../recordings/thumbnails.ts";
import type { Timeline } from "../recordings/timeline.ts";
import type { Timers } from "../timers/timers.ts";
import type { AuditEntry, AuditLog } from "./audit_log.ts";
import type { TimedPatrols } from "./timed_patrols.ts";
import type { StatusView } from "./views.ts";

/** What the composition root gives to operations. */
export interface Hub {
  clock: Clock;
  manager: DeviceManager;
  catalog: CameraCatalog;
  media: Media;
  /** What the hub does with each camera's picture. */
  rules: RuleBook;
  /** The hub's own detectors of motion. */
  motion: MotionDetectors;
  launcher: Launcher;
  /** What is being recorded. */
  recordings: Recordings;
  timedPatrols: TimedPatrols;
  /** Countdowns. */
  timers: Timers;
  /** What was just taken, whole. */
  pictures: RecentPictures;
  /** What was recorded. */
  library: RecordingLibrary;
  ruleRecorder: Pick<RuleRecorder, "state">;
  /** What was recorded and what happened, over time. */
  timeline: Timeline;
  /** Pictures out of recordings. */
  thumbnails: Thumbnails;
  /** Files made of recordings to be taken away. */
  exports: Exports;
  /** Where pictures are kept that were taken to stay. */
  snapshots: SnapshotFiles;
  journal: Journal;
  /** What was measured. */
  history: HistoryReader;
  /** Pictures of events. */
  eventPictures: Pick<EventPictureFiles, "read">;
  alerts: Alerts;
  /** Reads the configuration file anew and takes over what can change while running. */
  reloadConfig(): Promise<ReloadResult & { needs_restart: string[] }>;
  /** Reads it too, and says what taking it over would do. @throws HubError where it is wrong. */
  planReload(): Promise<ReloadPlan>;
  status(signal: AbortSignal): Promise<StatusView>;
  /** Takes down what was done, or why it was not. Never fails. */
  audit(entry: AuditEntry): void;
  /** What was taken down. */
  auditLog: Pick<AuditLog, "list">;
  logs: Pick<LogRing, "list">;
  /** Where the hub is reached, such as `http://192.168.1.5:7777`; undefined before it listens. */
  origin(): string | undefined;
}
