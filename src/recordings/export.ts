// What an export is: a stretch of a camera's recordings as one file to be taken away. Its bounds, its name, its states.
import type { HubError } from "../base/errors.ts";
import type { StoredGap } from "../store/recordings_table.ts";

export const EXPORT_STATES = ["waiting", "running", "done", "failed", "cancelled"] as const;
export type ExportState = typeof EXPORT_STATES[number];

/** The longest time that one file holds. */
export const MAX_EXPORT_MS = 24 * 3_600_000;
/** How long a file is kept. */
export const KEEP_EXPORT_MS = 24 * 3_600_000;

/** How an export stands. Times are milliseconds since 1970. */
export interface Export {
  id: string;
  camera: string;
  fromMs: number;
  toMs: number;
  state: ExportState;
  /** 0 … 1. */
  progress: number;
  /** When it was asked for. */
  askedAtMs: number;
  /** Of the finished file, or as far as it is written. */
  sizeBytes: number;
  /** How much of the time was recorded; undefined for a file that was made before the hub started. */
  coveredMs?: number | undefined;
  /** Time that is missing in the file; undefined as above. */
  gaps?: readonly Omit<StoredGap, "reason">[] | undefined;
  error?: HubError | undefined;
}

/** Small letters and digits, twelve of them. */
export const EXPORT_ID = /^[a-z0-9]{12}$/;
const FILE = /^([a-z0-9][a-z0-9_-]{0,62})\.(\d{12,14})-(\d{12,14})\.([a-z0-9]{12})\.mp4$/;

/** The name of its file on the hub: all that must be known of it after a restart. */
export function exportFile(
  { camera, fromMs, toMs, id }: Pick<Export, "camera" | "fromMs" | "toMs" | "id">,
): string {
  return `${camera}.${fromMs}-${toMs}.${id}.mp4`;
}

/** The other way round; undefined for what is no export. */
export function readExportFile(name: string): Pick<Export, "camera" | "fromMs" | "toMs" | "id"> | undefined {
  const [, camera, from, to, id] = FILE.exec(name) ?? [];
  if (camera === undefined || id === undefined) return undefined;
  return { camera, fromMs: Number(from), toMs: Number(to), id };
}

/** The name under which people get it: camera and time, by the hub's own time zone. */
export function exportName({ camera, fromMs, toMs }: Pick<Export, "camera" | "fromMs" | "toMs">): string {
  const [from, to] = [localTime(fromMs), localTime(toMs)];
  const isOneDay = from.day === to.day;
  return `${camera}_${from.day}_${from.clock}_to_${isOneDay ? "" : `${to.day}_`}${to.clock}.mp4`;
}

function localTime(epochMs: number): { day: string; clock: string } {
  const time = new Date(epochMs);
  const two = (value: number) => String(value).padStart(2, "0");
  return {
    day: `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`,
    clock: [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join("-"),
  };
}
