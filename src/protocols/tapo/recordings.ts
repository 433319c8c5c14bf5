// What a camera has recorded on its SD card. All times are by the camera's clock, which may be wrong.
import { HubError } from "../../base/errors.ts";
import type { TapoCaller } from "./caller.ts";
import { TAPO_CODES, tapoCodeOf } from "./errors.ts";
import { asNumber, asRows, asText, at, known, type TapoObject } from "./values.ts";

/** A stretch of video without a gap. */
export interface TapoSegment {
  /** Seconds since 1970, by the camera's clock. */
  startSeconds: number;
  endSeconds: number;
  /** Why it was recorded: 1 continuously, 2 motion, 6 person and others. */
  kind?: number;
}

/** Something that the camera noticed. */
export interface TapoDetection {
  startSeconds: number;
  endSeconds?: number;
  /** 2 motion, 3 tampering, 4 line, 6 person, 7 crying, 8 vehicle, 9 pet, 11 bark, 12 meow, 13 glass. */
  kind?: number;
}

const PAGE = 100;
/** No camera lists more. */
const MAX_LISTED = 12_288;

/** Searches one camera's recordings. Cameras hand out a number for a search, which this keeps. */
export class RecordingSearch {
  readonly #caller: TapoCaller;
  readonly #playerId: string | undefined;
  #userId: number | undefined;

  /**
   * @param options.playerId 32 hexadecimal digits of the client's own, always the same. Cameras whose component
   * `playback` is of version 6 or later want it in `segmentsBetween` and refuse the number.
   */
  constructor(caller: TapoCaller, options: { playerId?: string } = {}) {
    this.#caller = caller;
    this.#playerId = options.playerId;
  }

  /** The days that have video, `YYYYMMDD` in the camera's time zone, first day first. */
  async days(range: { from: string; to: string }, signal: AbortSignal): Promise<string[]> {
    const search = { channel: [0], start_date: range.from, end_date: range.to };
    const params = { playback: { search_year_utility: search } };
    const result = await this.#caller.request("searchDateWithVideo", params, signal);
    const days = asRows(at(result, "playback", "search_results"))
      .map((row) => asText(row["date"])?.replaceAll("-", ""))
      .filter((day) => day !== undefined && /^\d{8}$/.test(day));
    return [...new Set(days)].filter((day) => day !== undefined).sort();
  }

  /** The recordings of one day, `YYYYMMDD` in the camera's time zone, in the order of time. */
  segmentsOfDay(day: string, signal: AbortSignal): Promise<TapoSegment[]> {
    return this.#pages((start) =>
      this.#withUserId((id) => {
        const search = { channel: 0, date: day, start_index: start, end_index: start + PAGE - 1, id };
        const params = { playback: { search_video_utility: search } };
        return this.#caller.request("searchVideoOfDay", params, signal);
      }, signal)
    );
  }

  /** The recordings between two times of the camera's clock, seconds since 1970. Children of hubs know only this. */
  segmentsBetween(
    range: { startSeconds: number; endSeconds: number },
    signal: AbortSignal,
  ): Promise<TapoSegment[]> {
    const search = {
      channel: 0,
      start_time: Math.floor(range.startSeconds),
      end_time: Math.ceil(range.endSeconds),
    };
    const ask = (start: number, who: TapoObject) => {
      const page = { ...search, start_index: start, end_index: start + PAGE - 1, ...who };
      const params = { playback: { search_video_with_utc: page } };
      return this.#caller.request("searchVideoWithUTC", params, signal);
    };
    const playerId = this.#playerId;
    return this.#pages((start) =>
      playerId === undefined
        ? this.#withUserId((id) => ask(start, { id }), signal)
        : ask(start, { player_id: playerId })
    );
  }

  /** What the camera noticed between two times of its clock; an empty answer means nothing. */
  async detections(
    range: { startSeconds: number; endSeconds: number },
    signal: AbortSignal,
  ): Promise<TapoDetection[]> {
    const search = {
      start_index: 0,
      end_index: 999,
      channel: 0,
      start_time: Math.floor(range.startSeconds),
      end_time: Math.ceil(range.endSeconds),
    };
    const params = { playback: { search_detection_list: search } };
    const result = await this.#caller.request("searchDetectionList", params, signal);
    return parseDetections(at(result, "playback", "search_detection_list"));
  }

  async #pages(page: (start: number) => Promise<TapoObject>): Promise<TapoSegment[]> {
    const found = new Map<string, TapoSegment>();
    for (let start = 0; start < MAX_LISTED; start += PAGE) {
      const result = await page(start);
      const rows = asRows(at(result, "playback", "search_video_results"));
      const before = found.size;
      for (const segment of parseSegments(rows)) {
        found.set(`${segment.startSeconds}-${segment.endSeconds}`, segment);
      }
      const more = asNumber(at(result, "playback", "to_be_continued"));
      const isLast = more === undefined ? rows.length !== PAGE : more === 0;
      // A camera that knows nothing of pages would send the same ones for ever.
      if (isLast || found.size === before) break;
    }
    return [...found.values()].sort((a, b) => a.startSeconds - b.startSeconds);
  }

  /** Numbers run out; then a new one is fetched, once. */
  async #withUserId<T>(action: (id: number) => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await action(this.#userId ??= await readUserId(this.#caller, signal));
    } catch (error) {
      const code = tapoCodeOf(error);
      if (code !== TAPO_CODES.userIdInvalid && code !== TAPO_CODES.searchFailed) throw error;
      this.#userId = undefined;
      return await action(this.#userId = await readUserId(this.#caller, signal));
    }
  }
}

/**
 * Asks for the number that a search needs. While the app plays a recording all may be taken; a second try
 * often succeeds.
 */
export async function readUserId(caller: TapoCaller, signal: AbortSignal): Promise<number> {
  const ask = () => caller.request("getUserID", { system: { get_user_id: "null" } }, signal);
  const result = await ask().catch((error) => {
    if (tapoCodeOf(error) === TAPO_CODES.userIdFull) return ask();
    throw error;
  });
  const userId = asNumber(result["user_id"]) ?? asNumber(at(result, "system", "user_id"));
  if (userId === undefined) throw new HubError("device_rejected", "The camera gave no number for the search");
  return userId;
}

/** Reads recordings; what has no times, or ends before it begins, is left out. */
export function parseSegments(rows: readonly TapoObject[]): TapoSegment[] {
  const segments: TapoSegment[] = [];
  for (const row of rows) {
    const startSeconds = asNumber(row["startTime"]);
    const endSeconds = asNumber(row["endTime"]);
    if (startSeconds === undefined || endSeconds === undefined || endSeconds < startSeconds) continue;
    // The first spelling is the firmware's own.
    const kind = asNumber(row["vedio_type"]) ?? asNumber(row["video_type"]);
    segments.push(known({ startSeconds, endSeconds, kind }));
  }
  return segments;
}

/** Reads a list of what was noticed, in the order of time. */
export function parseDetections(list: unknown): TapoDetection[] {
  const detections: TapoDetection[] = [];
  for (const row of asRows(list)) {
    const startSeconds = asNumber(row["start_time"]);
    if (startSeconds === undefined) continue;
    const endSeconds = asNumber(row["end_time"]);
    detections.push(known({ startSeconds, endSeconds, kind: asNumber(row["alarm_type"]) }));
  }
  return detections.sort((a, b) => a.startSeconds - b.startSeconds);
}
