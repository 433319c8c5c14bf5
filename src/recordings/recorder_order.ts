// What is to be recorded, and what a recorder needs of the house.
import type { Clock } from "../base/clock.ts";
import type { HubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import type { Switch } from "../devices/capabilities.ts";
import type { Launcher } from "../process/launcher.ts";
import type { Encoder } from "../process/record_args.ts";
import type { RecordingsTable } from "../store/recordings_table.ts";
import type { RecordingFiles } from "./files.ts";
import type { RecordSource } from "./record_source.ts";
import type { Cause } from "./recording.ts";

/** What recording needs of the house. */
export interface RecorderContext {
  launcher: Launcher;
  clock: Clock;
  log: Logger;
  files: RecordingFiles;
  table: Pick<RecordingsTable, "insert">;
  /** Why nothing (more) may be recorded: the disk is nearly full, or the folder is away. */
  refusal(): Promise<HubError | undefined>;
  /** What encodes JPEGs on this machine, and a way to say that it does not. */
  encoder: { get(): Promise<Encoder>; giveUp(encoder: Encoder): void };
}

/** What is to be recorded. */
export interface RecorderOrder {
  camera: string;
  cause: Cause;
  /** Infinity: until it is ended. */
  durationMs: number;
  /** How much of before; undefined: as much as there is since the last key frame. */
  preRollMs: number | undefined;
  /** After so long another file begins; Infinity: never. */
  segmentMs: number;
  /** True keeps JPEGs as they are. */
  keepsJpeg: boolean;
  /** The camera's picture, asked anew for each file; undefined while the camera is not open. */
  source(): RecordSource | undefined;
  /** False when the camera was removed. */
  isThere(): boolean;
  /** False when somebody has taken the camera out of use. */
  isInUse(): boolean;
  /** What covers its lens. */
  privacy(): Switch | undefined;
  /** True where an event went on at that time, on the monotonic clock, or later. */
  hadEvent(sinceMs: number): boolean;
}

/** True for what somebody waits for: it tells at once where there is no picture, and ends when it cannot begin. */
export function isAsked({ cause }: Pick<RecorderOrder, "cause">): boolean {
  return cause === "manual";
}
