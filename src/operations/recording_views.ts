// The shapes in which recordings are shown to the outside. What is not known is absent.
import { isoTime } from "../base/clock.ts";
import type { HubError } from "../base/errors.ts";
import type { Cause, EndedRecording, EndReason, RunningRecording } from "../recordings/recording.ts";
import type { RuleState } from "../recordings/rule_recorder.ts";
import type { StoredRecording } from "../store/recordings_table.ts";

export type { Cause, EndReason };

/** One file of a recording. Times are ISO 8601. */
export interface RecordingView {
  id: string;
  /** The recording it is a part of: the id of its first part. */
  recording_id: string;
  /** Counts from 1: a new part begins when the camera was away. */
  part: number;
  camera_id: string;
  started_at: string;
  ended_at: string;
  /** Of the pictures. */
  duration_s: number;
  size_bytes: number;
  /** How much of it was there before it was asked for. */
  pre_roll_s: number;
  codec?: string;
  width?: number;
  height?: number;
  has_sound: boolean;
  ended_because: EndReason;
  /** Who wanted it: somebody, or the camera's rule. */
  cause: Cause;
  /** True where an event went on meanwhile. */
  has_event: boolean;
  /** True: it is not deleted before it is unlocked. */
  locked: boolean;
  /** Set where its file is not on the disk. */
  missing?: true;
  /** When the lens was covered. */
  gaps: { from: string; to: string; reason: string }[];
  links: { video: string; download: string };
}

/** How the recording of a camera stands. */
export interface RecordingStatusView {
  camera_id: string;
  /** True while a recording goes on. */
  recording: boolean;
  /** `starting`: nothing is on the disk yet; `waiting`: the camera is away. */
  state: "idle" | "starting" | "recording" | "waiting" | "ending";
  recording_id?: string;
  started_at?: string;
  /** Who wants it: somebody, or the camera's rule. */
  cause?: Cause;
  /** When it ends by itself; absent for one by rule. */
  ends_at?: string;
  elapsed_s?: number;
  pre_roll_s?: number;
  size_bytes?: number;
  part?: number;
  /** Why nothing is written at present. */
  reason?: string;
  /** How the camera's rule stands; absent where it is off. */
  rule?: RuleStateView;
  /** The last one that ended since the hub started. */
  last?: { recording_id: string; ended_at: string; ended_because: EndReason; parts: number; reason?: string };
}

/** How a camera's recording rule stands. */
export interface RuleStateView {
  mode: "events" | "continuous";
  why: RuleState["why"];
  /** When the schedule says otherwise. */
  next_change?: string;
  /** Seconds of before that are kept in memory at present; absent where none are. */
  kept_s?: number;
  /** Why nothing of before is kept although it is wanted. */
  pre_roll_note?: string;
  /** Why nothing is recorded although the rule wants it. */
  problem?: string;
}

/** A file as it is shown. */
export function recordingView(recording: StoredRecording, isThere = true): RecordingView {
  const { id, codec, width, height } = recording;
  return {
    id,
    recording_id: recording.recording,
    part: recording.part,
    camera_id: recording.camera,
    started_at: isoTime(recording.startedAtMs),
    ended_at: isoTime(recording.endedAtMs),
    duration_s: seconds(recording.durationMs),
    size_bytes: recording.sizeBytes,
    pre_roll_s: seconds(recording.preRollMs),
    ...(codec === undefined ? {} : { codec }),
    ...(width === undefined ? {} : { width }),
    ...(height === undefined ? {} : { height }),
    has_sound: recording.hasSound,
    ended_because: recording.endedBecause as EndReason,
    cause: recording.cause as Cause,
    has_event: recording.hasEvent,
    locked: recording.isLocked,
    ...(isThere ? {} : { missing: true as const }),
    gaps: recording.gaps.map(({ fromMs, toMs, reason }) => ({
      from: isoTime(fromMs),
      to: isoTime(toMs),
      reason,
    })),
    links: { video: `/api/recordings/${id}/video`, download: `/api/recordings/${id}/video?download` },
  };
}

/** A camera's recording as it is shown. */
export function recordingStatusView(
  camera: string,
  running: RunningRecording | undefined,
  last: EndedRecording | undefined,
  rule: RuleState | undefined,
): RecordingStatusView {
  const earlier = {
    ...(rule === undefined || rule.mode === "off" ? {} : { rule: ruleView(rule, rule.mode) }),
    ...(last ? { last: lastView(last) } : {}),
  };
  if (!running) return { camera_id: camera, recording: false, state: "idle", ...earlier };
  const { error } = running;
  return {
    camera_id: camera,
    recording: true,
    state: running.state,
    recording_id: running.id,
    started_at: isoTime(running.askedAtMs),
    cause: running.cause,
    ...(running.endsAtMs === undefined ? {} : { ends_at: isoTime(running.endsAtMs) }),
    elapsed_s: seconds(running.elapsedMs),
    pre_roll_s: seconds(running.preRollMs),
    size_bytes: running.sizeBytes,
    part: running.part,
    ...reasonOf(error),
    ...earlier,
  };
}

const SPARED =
  "The camera runs on a battery: its stream is not held open, so recordings begin with the event";

function ruleView(
  { why, changesAtMs, keptMs, isSpared, error }: RuleState,
  mode: RuleStateView["mode"],
): RuleStateView {
  const kept = keptMs();
  return {
    mode,
    why,
    ...(changesAtMs === undefined ? {} : { next_change: isoTime(changesAtMs) }),
    ...(kept === undefined ? {} : { kept_s: seconds(kept) }),
    ...(isSpared ? { pre_roll_note: SPARED } : {}),
    ...(error ? { problem: error.message } : {}),
  };
}

function lastView(
  { id, endedAtMs, because, count, error }: EndedRecording,
): RecordingStatusView["last"] & object {
  return {
    recording_id: id,
    ended_at: isoTime(endedAtMs),
    ended_because: because,
    parts: count,
    ...reasonOf(error),
  };
}

function reasonOf(error: HubError | undefined): { reason?: string } {
  return error ? { reason: error.message } : {};
}

function seconds(durationMs: number): number {
  return Math.round(durationMs / 10) / 100;
}
