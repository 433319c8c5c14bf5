// How something is to be recorded, and what is told of it.
import type { Cause, EndedRecording } from "./recording.ts";

/** What happened to the recording of a camera. */
export type RecordingChange =
  | { type: "begun"; camera: string; id: string; cause: Cause }
  | { type: "ended"; ended: EndedRecording };

/** How to record on request. */
export interface RecordWish {
  durationMs: number;
  /** At most so much of before; undefined: as much as there is. */
  preRollMs?: number | undefined;
}

/** How a rule wants it recorded. */
export interface RuleWish {
  cause: "continuous" | "event";
  /** At least so much of before, as far as it is kept. */
  preRollMs: number;
  segmentMs: number;
  keepsJpeg: boolean;
}
