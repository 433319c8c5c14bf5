// The shapes in which the timeline and exports are shown to the outside. What is not known is absent.
import { isoTime } from "../base/clock.ts";
import type { Export, ExportState } from "../recordings/export.ts";
import { exportName, KEEP_EXPORT_MS } from "../recordings/export.ts";
import type { Lane, Place, TimelineAnswer } from "../recordings/timeline.ts";
import { type EndReason, type RecordingView, recordingView } from "./recording_views.ts";

export type { ExportState };

/** What was recorded of one camera, and what happened there. Times are ISO 8601. */
export interface LaneView {
  camera_id: string;
  /** Files that follow one another are one stretch. */
  recorded: { from: string; to: string; files: number; ended_because: EndReason }[];
  /** Time without a picture, and why. */
  gaps: { from: string; to: string; reason: string }[];
  /** Since when it is being recorded into a file that is not closed yet. */
  recording_since?: string;
  events: { seq: number; kind: string; from: string; to?: string; status?: string }[];
  /** In place of events where these are many: how many began in each piece of time. */
  density: { from: string; counts: Record<string, number> }[];
}

/** All lanes. */
export interface TimelineView {
  from: string;
  to: string;
  cameras: LaneView[];
  /** How long a piece of `density` is; absent where events are told one by one. */
  bucket_s?: number;
}

/** A file that is pointed to. */
export type FileView = Pick<
  RecordingView,
  "id" | "started_at" | "ended_at" | "duration_s" | "locked" | "links"
>;

/** Where a moment lies among the recordings of a camera. */
export interface PlaceView {
  camera_id: string;
  at: string;
  /** The file in which it lies; absent where nothing was recorded. */
  recording?: FileView;
  /** Seconds into the pictures of that file. */
  offset_s?: number;
  /** The file that goes on, after this one or after the moment. */
  next?: FileView;
  /** The last file that had ended by then. */
  previous?: FileView;
}

/** An export as it stands. */
export interface ExportView {
  export_id: string;
  camera_id: string;
  from: string;
  to: string;
  state: ExportState;
  /** 0 … 1. */
  progress: number;
  size_bytes: number;
  asked_at: string;
  /** When its file will be removed. */
  expires_at: string;
  /** Under which it is downloaded. */
  file_name: string;
  /** How much of the time was recorded. */
  covered_s?: number;
  /** Time that is missing in the file. */
  gaps?: { from: string; to: string }[];
  /** Why it failed. */
  reason?: string;
  /** Paths on the hub; absent until it is done. */
  links?: { video: string; download: string };
}

export function timelineView(
  { lanes, bucketMs }: TimelineAnswer,
  fromMs: number,
  toMs: number,
): TimelineView {
  return {
    from: isoTime(fromMs),
    to: isoTime(toMs),
    cameras: lanes.map(laneView),
    ...(bucketMs === undefined ? {} : { bucket_s: bucketMs / 1000 }),
  };
}

function laneView({ camera, recorded, gaps, openSinceMs, events, density }: Lane): LaneView {
  return {
    camera_id: camera,
    recorded: recorded.map(({ fromMs, toMs, files, endedBecause }) => ({
      from: isoTime(fromMs),
      to: isoTime(toMs),
      files,
      ended_because: endedBecause as EndReason,
    })),
    gaps: gaps.map(({ fromMs, toMs, reason }) => ({ from: isoTime(fromMs), to: isoTime(toMs), reason })),
    ...(openSinceMs === undefined ? {} : { recording_since: isoTime(openSinceMs) }),
    events: events.map(({ seq, kind, startedAtMs, endedAtMs, status }) => ({
      seq,
      kind,
      from: isoTime(startedAtMs),
      ...(endedAtMs === undefined ? {} : { to: isoTime(endedAtMs) }),
      ...(status === undefined ? {} : { status }),
    })),
    density: density.map(({ fromMs, counts }) => ({ from: isoTime(fromMs), counts })),
  };
}

export function placeView(
  camera: string,
  atMs: number,
  { recording, offsetMs, next, previous }: Place,
): PlaceView {
  return {
    camera_id: camera,
    at: isoTime(atMs),
    ...(recording ? { recording: recordingView(recording), offset_s: offsetMs / 1000 } : {}),
    ...(next ? { next: recordingView(next) } : {}),
    ...(previous ? { previous: recordingView(previous) } : {}),
  };
}

export function exportView(made: Export): ExportView {
  const { id, camera, fromMs, toMs, state, progress, askedAtMs, sizeBytes, coveredMs, gaps, error } = made;
  const path = `/api/exports/${id}/video`;
  return {
    export_id: id,
    camera_id: camera,
    from: isoTime(fromMs),
    to: isoTime(toMs),
    state,
    progress: Math.round(progress * 1000) / 1000,
    size_bytes: sizeBytes,
    asked_at: isoTime(askedAtMs),
    expires_at: isoTime(askedAtMs + KEEP_EXPORT_MS),
    file_name: exportName(made),
    ...(coveredMs === undefined ? {} : { covered_s: Math.round(coveredMs / 10) / 100 }),
    ...(gaps === undefined ? {} : {
      gaps: gaps.map((gap) => ({ from: isoTime(gap.fromMs), to: isoTime(gap.toMs) })),
    }),
    ...(error ? { reason: error.message } : {}),
    ...(state === "done" ? { links: { video: path, download: `${path}?download` } } : {}),
  };
}
