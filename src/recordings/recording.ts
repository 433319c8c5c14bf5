// What a recording is: its words, its bounds, and why one ends.
import type { HubError } from "../base/errors.ts";
import { audioTrack, type InitSegment, videoTrack } from "../protocols/fmp4/init_segment.ts";
import type { StoredRecording } from "../store/recordings_table.ts";

/** Why a file of a recording ends. */
export const END_REASONS = [
  "stopped",
  "duration",
  "disk_full",
  "camera_lost",
  "camera_stopped",
  "camera_removed",
  "hub_stopped",
  "failed",
  "interrupted",
  // Of recordings by rule: the file is long enough and another goes on; the rule no longer wants it; somebody records
  // the camera; the lens was covered.
  "segment",
  "rule_ended",
  "replaced",
  "privacy",
  "folder_missing",
] as const;
export type EndReason = typeof END_REASONS[number];

/** Who wants a recording: somebody, or the rule of its camera. */
export const CAUSES = ["manual", "continuous", "event"] as const;
export type Cause = typeof CAUSES[number];

export const DEFAULT_DURATION_S = 3600;
export const MAX_DURATION_S = 24 * 3600;
export const MAX_PRE_ROLL_S = 30;

/** How a recording that goes on stands. */
export interface RunningRecording {
  id: string;
  camera: string;
  cause: Cause;
  /** `starting`: nothing is on the disk yet; `waiting`: the camera is away. */
  state: "starting" | "recording" | "waiting" | "ending";
  /** When it was asked for. */
  askedAtMs: number;
  /** When it ends by itself; undefined for one by rule. */
  endsAtMs: number | undefined;
  elapsedMs: number;
  /** How much of it was there before it was asked for. */
  preRollMs: number;
  /** Of all parts, as it is on the disk. */
  sizeBytes: number;
  /** The part that is being written, or comes next; counts from 1. */
  part: number;
  /** Why nothing is written at present. */
  error: HubError | undefined;
}

/** A recording that is over. */
export interface EndedRecording {
  id: string;
  camera: string;
  endedAtMs: number;
  because: EndReason;
  error: HubError | undefined;
  /** Why a file of it is not in the list. */
  unlisted: HubError | undefined;
  cause: Cause;
  /** Files that are listed. */
  count: number;
  /** Those that are listed; of a recording by rule only the last. */
  parts: readonly StoredRecording[];
}

/** Small letters and digits, twelve of them, and the number of a later part. */
export const RECORDING_ID = /^[a-z0-9]{12}(-[0-9]{1,6})?$/;

/** An id that nobody guesses and nobody has to read out. */
export function newRecordingId(): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => letters[byte % letters.length]).join(
    "",
  );
}

/** The id of a part: that of the recording for the first. */
export function partId(recording: string, part: number): string {
  return part === 1 ? recording : `${recording}-${part}`;
}

/** The other way round. */
export function readPartId(id: string): { recording: string; part: number } {
  const [recording = id, part] = id.split("-");
  return { recording, part: part === undefined ? 1 : Number(part) };
}

const CODECS: Readonly<Record<string, string>> = {
  avc1: "h264",
  avc3: "h264",
  hev1: "h265",
  hvc1: "h265",
  mp4v: "mjpeg",
};

/** What the beginning of a file says of it. */
export function factsOf(init: InitSegment): Pick<StoredRecording, "codec" | "width" | "height" | "hasSound"> {
  const video = videoTrack(init);
  const hasSound = audioTrack(init) !== undefined;
  if (!video) return { hasSound };
  return { codec: CODECS[video.format] ?? video.format, width: video.width, height: video.height, hasSound };
}
