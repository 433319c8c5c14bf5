// What is on the card: recordings and detections, and the searches that list them, in the camera's own time.
import { asNumber, asText, type Json, type JsonObject } from "./json.ts";
import { type Methods, requireNumber, requireObject, requireText } from "./methods.ts";
import type { Storage } from "./storage.ts";
import { CODES, VendorError } from "./vendor_error.ts";

/** Seconds since 1970 on the camera's clock. */
export interface Clip {
  startS: number;
  endS: number;
  /** 1: continuous recording, 2: of a detection. */
  type: 1 | 2;
}

export interface Detection {
  startS: number;
  endS: number;
  /** 2 motion, 6 person, 8 vehicle, 9 pet, 11 bark, … */
  alarmType: number;
  /** The lens that saw it, on cameras with several. */
  lens?: number;
}

export interface RecordingsOptions {
  storage: Storage;
  /** `YYYYMMDD` of a moment, in the camera's time zone. */
  dayOf: (seconds: number) => string;
  hasLenses: boolean;
}

const MAX_PAGE = 100;
const MAX_USERS = 16;

/** The recordings of one camera. */
export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #users = new Set<number>();
  #lastUser = 0;
  clips: Clip[] = [];
  detections: Detection[] = [];

  constructor(options: RecordingsOptions) {
    this.#options = options;
  }

  /** Ends all user ids: searches with one are refused until a new one is asked for. */
  forgetUsers(): void {
    this.#users.clear();
  }

  clear(): void {
    this.clips = [];
    this.detections = [];
  }

  get methods(): Methods {
    return {
      getUserID: () => {
        this.#lastUser = this.#lastUser % MAX_USERS + 1;
        this.#users.add(this.#lastUser);
        return { user_id: this.#lastUser };
      },
      searchDateWithVideo: (params) => this.#searchDays(params),
      searchVideoOfDay: (params) => {
        const query = requireObject(params, "playback", "search_video_utility");
        const date = requireText(query, "date");
        const clips = this.#sorted(this.clips).filter(({ startS }) => this.#options.dayOf(startS) === date);
        const page = this.#page(query, clips);
        return { playback: { search_video_results: page.map(ofDay), filter_enable: false } };
      },
      searchVideoWithUTC: (params) => this.#searchUtc(params),
      searchDetectionList: (params) => this.#searchDetections(params),
    };
  }

  #searchDays(params: JsonObject): JsonObject {
    this.#options.storage.requireCard();
    const query = requireObject(params, "playback", "search_year_utility");
    const from = requireText(query, "start_date");
    const to = requireText(query, "end_date");
    const days = new Set(this.clips.map(({ startS }) => this.#options.dayOf(startS)));
    const found = [...days].filter((day) => day >= from && day <= to).sort();
    const results = found.map((date, at): Json => ({ [`search_results_${at + 1}`]: { date } }));
    return { playback: { search_results: results } };
  }

  #searchUtc(params: JsonObject): JsonObject {
    const query = requireObject(params, "playback", "search_video_with_utc");
    const clips = this.#sorted(inside(this.clips, query));
    const page = this.#page(query, clips);
    const last = requireNumber(query, "start_index") + page.length;
    return {
      playback: {
        search_video_results: page.map(([index, clip]) => ({
          [`search_video_results_${index + 1}`]: {
            startTime: clip.startS,
            endTime: clip.endS,
            vedio_type: String(clip.type),
          },
        })),
        to_be_continued: last < clips.length ? 1 : 0,
      },
    };
  }

  /** A window in which nothing happened is answered by an empty object, not by an empty list. */
  #searchDetections(params: JsonObject): JsonObject {
    this.#options.storage.requireCard();
    const query = requireObject(params, "playback", "search_detection_list");
    const channel = asNumber(query["channel"]) ?? 0;
    const found = this.#sorted(inside(this.detections, query))
      .filter(({ lens }) => channel === 0 || (lens ?? 1) === channel);
    const page = indexed(found, query);
    if (page.length === 0) return {};
    return {
      playback: {
        search_detection_list: page.map(([, detection]) => this.#asEvent(detection)),
        snapshot_enable: true,
        total_num: found.length,
        to_be_continued: requireNumber(query, "start_index") + page.length < found.length ? 1 : 0,
      },
    };
  }

  #asEvent({ startS, endS, alarmType, lens = 1 }: Detection): JsonObject {
    const mask = 2 ** (alarmType - 1) + (alarmType === 2 ? 0 : 2);
    const event: JsonObject = { start_time: startS, end_time: endS, alarm_type: alarmType };
    if (!this.#options.hasLenses) return { ...event, events_1: mask, event_info: [] };
    return { ...event, chn_events: { [String(lens)]: { events_1: mask, event_start_time: startS } } };
  }

  /** Who searches gives the number from getUserID; newer firmware takes a `player_id` instead. */
  #page<T>(query: JsonObject, items: T[]): [number, T][] {
    const id = asNumber(query["id"]);
    const isKnown = id === undefined ? asText(query["player_id"]) !== undefined : this.#users.has(id);
    if (!isKnown) throw new VendorError(CODES.userIdInvalid);
    this.#options.storage.requireCard();
    return indexed(items, query);
  }

  #sorted<T extends { startS: number }>(items: T[]): T[] {
    return items.toSorted((a, b) => a.startS - b.startS);
  }
}

function ofDay([index, clip]: [number, Clip]): JsonObject {
  const name = `search_video_results_${index + 1}`;
  return { [name]: { startTime: clip.startS, endTime: clip.endS, vedio_type: clip.type } };
}

function inside<T extends { startS: number; endS: number }>(items: T[], query: JsonObject): T[] {
  const from = requireNumber(query, "start_time");
  const to = requireNumber(query, "end_time");
  return items.filter(({ startS, endS }) => endS >= from && startS <= to);
}

/** The items from `start_index` to `end_index`, both included, each with its index; never more than a page. */
function indexed<T>(items: T[], query: JsonObject): [number, T][] {
  const from = requireNumber(query, "start_index");
  const to = Math.min(requireNumber(query, "end_index"), from + MAX_PAGE - 1);
  return items.map((item, index): [number, T] => [index, item]).slice(from, to + 1);
}
