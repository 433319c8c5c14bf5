// One consumer's view of a stream: asks for one frame at a time and always gets the newest. Drops are counted here.
import type { Clock } from "../base/clock.ts";
import type { Frame, FrameHub } from "./frame_hub.ts";

/** Figures of one consumer. */
export interface TapFigures {
  frames: number;
  bytes: number;
  /** Frames that were published while this consumer was not ready for them. */
  dropped: number;
  /** Age of the newest frame when it was handed over, milliseconds. */
  ageMs: number | undefined;
}

/** A frame older than this when a consumer joins is from an earlier run, and is not shown as live. */
const FRESH_MS = 1000;

/** Takes frames from a hub, at most one at a time. */
export class FrameTap {
  readonly #counted: TapFigures = { frames: 0, bytes: 0, dropped: 0, ageMs: undefined };
  #hub: FrameHub;
  readonly #clock: Clock;
  readonly #minIntervalMs: number;
  #lastSeq: number;
  #dueAtMs = 0;
  #cancel: (() => void) | undefined;
  #take: ((frame: Frame) => void) | undefined;

  /** @param options.fps highest rate wanted; frames above it are left out and not counted as dropped. */
  constructor(hub: FrameHub, options: { clock: Clock; fps?: number | undefined }) {
    this.#hub = hub;
    this.#clock = options.clock;
    // A tenth less than the period, so that a camera's jitter does not halve the rate.
    this.#minIntervalMs = options.fps === undefined ? 0 : 900 / options.fps;
    this.#lastSeq = this.#seqBefore(hub);
  }

  /** The number after which frames of a hub are wanted. */
  #seqBefore({ latest }: FrameHub): number {
    const isFresh = latest !== undefined && this.#clock.now() - latest.capturedAtMs <= FRESH_MS;
    return latest === undefined ? 0 : isFresh ? latest.seq - 1 : latest.seq;
  }

  /** Counts so far; for a consumer that is stuck with a frame, those included that it misses meanwhile. */
  get figures(): TapFigures {
    const newest = this.#hub.latest?.seq ?? 0;
    const isStuck = this.#counted.frames > 0 && !this.isWaiting && this.#minIntervalMs === 0;
    const missed = isStuck ? Math.max(0, newest - this.#lastSeq - 1) : 0;
    return { ...this.#counted, dropped: this.#counted.dropped + missed };
  }

  /** True while a request is open. */
  get isWaiting(): boolean {
    return this.#cancel !== undefined;
  }

  /** Hands over the newest frame that this consumer has not had: now, or as soon as there is one. */
  request(take: (frame: Frame) => void): void {
    const latest = this.#hub.latest;
    if (latest && latest.seq > this.#lastSeq && this.#isDue(latest)) return this.#deliver(latest, take);
    this.#wait(take);
  }

  /** Withdraws the open request. */
  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Takes frames from another hub from now on; an open request is answered by that. */
  moveTo(hub: FrameHub): void {
    if (hub === this.#hub) return;
    const take = this.isWaiting ? this.#take : undefined;
    this.cancel();
    this.#hub = hub;
    this.#lastSeq = this.#seqBefore(hub);
    this.#dueAtMs = 0;
    if (take) this.request(take);
  }

  #wait(take: (frame: Frame) => void): void {
    this.#take = take;
    this.#cancel = this.#hub.onNext((frame) => {
      this.#cancel = undefined;
      if (this.#isDue(frame)) this.#deliver(frame, take);
      else this.#wait(take);
    });
  }

  #isDue(frame: Frame): boolean {
    return this.#minIntervalMs === 0 || frame.capturedAtMs >= this.#dueAtMs;
  }

  #deliver(frame: Frame, take: (frame: Frame) => void): void {
    const figures = this.#counted;
    const isLimited = this.#minIntervalMs > 0;
    if (figures.frames > 0 && !isLimited) figures.dropped += frame.seq - this.#lastSeq - 1;
    figures.frames++;
    figures.bytes += frame.bytes.length;
    figures.ageMs = this.#clock.now() - frame.capturedAtMs;
    this.#lastSeq = frame.seq;
    this.#dueAtMs = frame.capturedAtMs + this.#minIntervalMs;
    take(frame);
  }
}
