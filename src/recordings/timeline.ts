// The timeline: what was recorded of each camera and what happened there, in an answer whose size has a bound; and where
// among the files a moment lies.
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { StoredGap, StoredRecording } from "../store/recordings_table.ts";
import {
  HOUR_MS,
  QUARTER_MS,
  type StoredCount,
  type StoredMoment,
  type StoredStretch,
  type TimelineTable,
  type Window,
} from "../store/timeline_table.ts";
import type { RecordingLibrary } from "./library.ts";
import type { Recordings } from "./recordings.ts";

/** What is asked of the timeline. Times are milliseconds since 1970. */
export interface TimelineQuery {
  fromMs: number;
  toMs: number;
  /** Undefined: all that are there, and those of which something was recorded in that time. */
  cameras?: readonly string[] | undefined;
  /** None: every kind. */
  kinds: readonly string[];
}

/** How many events of each kind began in a piece of time. */
export interface Density {
  fromMs: number;
  counts: Record<string, number>;
}

/** One camera's lane. */
export interface Lane {
  camera: string;
  recorded: StoredStretch[];
  /** Time without a picture that lies between or in recordings, and why. */
  gaps: StoredGap[];
  /** Since when it is being recorded into a file that is not closed yet. */
  openSinceMs: number | undefined;
  /** Single events; empty where they are counted instead. */
  events: StoredMoment[];
  /** How many events began in each piece of time; empty where they are told one by one. */
  density: Density[];
}

/** Lanes, and how long the pieces are in which events are counted. */
export interface TimelineAnswer {
  lanes: Lane[];
  /** Undefined where events are told one by one. */
  bucketMs: number | undefined;
}

/** Where a moment lies. */
export interface Place {
  /** The file in which it lies. */
  recording: StoredRecording | undefined;
  /** How far into the pictures of that file, milliseconds. */
  offsetMs: number;
  /** The file that goes on, after this one or after the moment. */
  next: StoredRecording | undefined;
  /** The last file that had ended by then. */
  previous: StoredRecording | undefined;
}

/** What the timeline needs of the house. */
export interface TimelineContext {
  table: TimelineTable;
  recordings: Pick<Recordings, "running">;
  library: Pick<RecordingLibrary, "get">;
  clock: Clock;
  /** The cameras that are there. */
  cameras(): readonly string[];
}

/** What an answer holds at most, over all lanes: stretches, gaps, and events or pieces in which they are counted. */
export const MAX_STRETCHES = 500;
export const MAX_GAPS = 300;
export const MAX_EVENTS = 1200;
export const MAX_LANES = 50;
export const MAX_SPAN_MS = 400 * 24 * HOUR_MS;
/** Files that follow one another so closely are one stretch. */
const JOIN_MS = 2000;
const LONG_MS = 12 * HOUR_MS;

/** How long a piece may be in which events are counted: what people count in. */
const BUCKETS_MS = [1, 5, 10, 30, 60, 120, 300, 600, 900, 1800].map((seconds) => seconds * 1000)
  .concat([1, 2, 3, 4, 6, 12, 24, 48, 96, 168, 336, 672].map((hours) => hours * HOUR_MS));

/** Reads only. */
export class Timeline {
  readonly #context: TimelineContext;

  constructor(context: TimelineContext) {
    this.#context = context;
  }

  /** @throws HubError `invalid_input` for a time that is no time, or is too long. */
  async read(query: TimelineQuery): Promise<TimelineAnswer> {
    const { fromMs, toMs, kinds } = query;
    refuseSpan(fromMs, toMs);
    const cameras = await this.#lanes(query);
    if (cameras.length === 0) return { lanes: [], bucketMs: undefined };
    const window = { cameras, fromMs, toMs };
    const { table } = this.#context;
    const joinMs = Math.max(JOIN_MS, Math.ceil((toMs - fromMs) / (MAX_STRETCHES / cameras.length)));
    const stretches = await table.stretches(window, joinMs);
    const covered = await table.covered(window, MAX_GAPS / 2);
    const { events, counts, bucketMs } = await this.#events(window, kinds);
    const lanes = await Promise.all(cameras.map(async (camera) => {
      const recorded = stretches.filter((each) => each.camera === camera);
      const gaps = [
        ...gapsBetween(recorded, Math.floor(MAX_GAPS / 2 / cameras.length)),
        ...covered.filter((each) => each.camera === camera)
          .map(({ fromMs, toMs, reason }) => ({ fromMs, toMs, reason })),
      ].sort((a, b) => a.fromMs - b.fromMs);
      return {
        camera,
        recorded,
        gaps,
        openSinceMs: await this.#openSince(camera, recorded.at(-1)?.toMs, toMs),
        events: events.filter((each) => each.camera === camera),
        density: densityOf(counts.filter((each) => each.camera === camera)),
      };
    }));
    return { lanes, bucketMs };
  }

  /** @throws HubError `internal` where a row vanishes meanwhile. */
  async locate(camera: string, atMs: number): Promise<Place> {
    const { table, library } = this.#context;
    const read = async (id: string | undefined) => id === undefined ? undefined : await library.get(id);
    const recording = await read(await table.fileAt(camera, atMs));
    const next = recording
      ? await table.fileAfter(camera, recording.startedAtMs, recording.endedAtMs)
      : await table.fileAfter(camera, atMs, atMs);
    return {
      recording,
      offsetMs: recording ? Math.min(atMs - recording.startedAtMs, recording.durationMs) : 0,
      next: await read(next),
      previous: await read(await table.fileBefore(camera, atMs)),
    };
  }

  async #lanes({ cameras, fromMs, toMs }: TimelineQuery): Promise<readonly string[]> {
    if (cameras) return [...new Set(cameras)].slice(0, MAX_LANES);
    const recorded = await this.#context.table.recordedCameras({ fromMs, toMs });
    return [...new Set([...this.#context.cameras(), ...recorded])].slice(0, MAX_LANES);
  }

  /** One by one where they are few, else counted. */
  async #events(window: Window, kinds: readonly string[]) {
    const { table } = this.#context;
    const spanMs = window.toMs - window.fromMs;
    const fitting = spanMs / Math.max(1, Math.floor(MAX_EVENTS / window.cameras.length) - 2);
    // Of a long time only what is counted already is read.
    const least = spanMs > LONG_MS ? Math.max(QUARTER_MS, fitting) : fitting;
    const bucketMs = BUCKETS_MS.find((each) => each >= least) ?? BUCKETS_MS.at(-1) ?? HOUR_MS;
    // What is counted by quarters of an hour begins with one.
    const unit = Math.min(QUARTER_MS, bucketMs);
    const whole = { ...window, fromMs: Math.floor(window.fromMs / unit) * unit };
    const counts = await table.counts(whole, kinds, bucketMs);
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    if (total <= MAX_EVENTS) {
      const events = await table.moments(window, kinds, MAX_EVENTS + 1);
      if (events.length <= MAX_EVENTS) return { events, counts: [], bucketMs: undefined };
    }
    const placed = counts.map((each) => ({ ...each, fromMs: whole.fromMs + each.bucket * bucketMs }));
    return { events: [], counts: placed, bucketMs };
  }

  async #openSince(camera: string, lastMs: number | undefined, toMs: number): Promise<number | undefined> {
    const running = await this.#context.recordings.running(camera);
    if (running?.state !== "recording" && running?.state !== "ending") return undefined;
    const sinceMs = Math.max(running.askedAtMs - running.preRollMs, lastMs ?? 0);
    return sinceMs < toMs && sinceMs < this.#context.clock.now() ? sinceMs : undefined;
  }
}

/** The counts of one camera, those of one piece of time together. */
function densityOf(counts: readonly (StoredCount & { fromMs: number })[]): Density[] {
  const found = new Map<number, Density>();
  for (const { fromMs, kind, count } of counts) {
    const density = found.get(fromMs) ?? { fromMs, counts: {} };
    density.counts[kind] = count;
    found.set(fromMs, density);
  }
  return [...found.values()];
}

/** The longest of the pauses between stretches, with the reason why the one before ended. */
function gapsBetween(stretches: readonly StoredStretch[], limit: number): StoredGap[] {
  return stretches.slice(1)
    .map((next, index) => ({ last: stretches[index], next }))
    .flatMap(({ last, next }) =>
      last ? [{ fromMs: last.toMs, toMs: next.fromMs, reason: last.endedBecause }] : []
    )
    .sort((a, b) => (b.toMs - b.fromMs) - (a.toMs - a.fromMs))
    .slice(0, limit);
}

/** @throws HubError `invalid_input`. */
export function refuseSpan(fromMs: number, toMs: number, maxMs = MAX_SPAN_MS): void {
  if (toMs > fromMs && toMs - fromMs <= maxMs) return;
  const isEmpty = toMs <= fromMs;
  const most = maxMs >= 48 * HOUR_MS ? `${maxMs / 24 / HOUR_MS} days` : `${maxMs / HOUR_MS} hours`;
  throw new HubError(
    "invalid_input",
    isEmpty ? "The time ends before it begins" : `The time is longer than ${most}`,
    { hint: isEmpty ? "Give a to that is later than from" : "Ask for less at a time" },
  );
}
