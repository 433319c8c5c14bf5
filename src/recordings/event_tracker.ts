// What goes on at each camera that may be recorded, and when the last of it ended. Times are monotonic: a wall clock
// that is set means nothing here.
import { Changes } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { EVENT_CAUSES } from "../config/camera_rules.ts";

/** An event of a camera, told when it begins and when it changes. */
export interface TrackedEvent {
  /** Its number: the same event is told more than once. */
  seq: number;
  camera: string;
  kind: string;
  isOver: boolean;
  /** How long ago it began when it is told. */
  beganAgoMs: number;
}

interface Active {
  kind: string;
  beganMs: number;
}

interface Track {
  active: Map<number, Active>;
  /** When the last of each kind ended. */
  ended: Map<string, number>;
}

/** Nothing that a camera notices lasts longer without being told anew. */
const MAX_ACTIVE = 256;
const RECORDABLE: ReadonlySet<string> = new Set(EVENT_CAUSES);

/** Knows what goes on, as far as it can be recorded. */
export class EventTracker {
  /** Notified when something begins or ends. */
  readonly changes = new Changes();
  readonly #clock: Clock;
  readonly #cameras = new Map<string, Track>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes down an event as it stands now. */
  note({ seq, camera, kind, isOver, beganAgoMs }: TrackedEvent): void {
    if (!RECORDABLE.has(kind)) return;
    const track = this.#cameras.get(camera) ?? { active: new Map(), ended: new Map() };
    this.#cameras.set(camera, track);
    const nowMs = this.#clock.monotonic();
    if (isOver) {
      track.active.delete(seq);
      track.ended.set(kind, nowMs);
    } else if (!track.active.has(seq) && track.active.size < MAX_ACTIVE) {
      track.active.set(seq, { kind, beganMs: nowMs - Math.max(0, beganAgoMs) });
    }
    this.changes.notify();
  }

  /** The camera is gone: nothing goes on at it any more. */
  forget(camera: string): void {
    if (this.#cameras.delete(camera)) this.changes.notify();
  }

  /** How it stands with those kinds of events. */
  situation(camera: string, kinds: readonly string[]): {
    isEventActive: boolean;
    eventEndedAgoMs: number | undefined;
    /** How long ago the first of those that go on began. */
    eventBeganAgoMs: number | undefined;
  } {
    const track = this.#cameras.get(camera);
    const nowMs = this.#clock.monotonic();
    const active = [...track?.active.values() ?? []].filter(({ kind }) => kinds.includes(kind));
    const ended = kinds.map((kind) => track?.ended.get(kind)).filter((each) => each !== undefined);
    return {
      isEventActive: active.length > 0,
      eventEndedAgoMs: ended.length > 0 ? nowMs - Math.max(...ended) : undefined,
      eventBeganAgoMs: active.length > 0
        ? nowMs - Math.min(...active.map(({ beganMs }) => beganMs))
        : undefined,
    };
  }

  /** True where something goes on, or went on at that monotonic time or later. */
  hadEvent(camera: string, sinceMs: number): boolean {
    const track = this.#cameras.get(camera);
    return track !== undefined &&
      (track.active.size > 0 || [...track.ended.values()].some((atMs) => atMs >= sinceMs));
  }
}
