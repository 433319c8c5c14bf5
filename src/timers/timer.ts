// A countdown with a name, as the hub keeps it while it runs.
import type { Clock } from "../base/clock.ts";
import type { TimerRow } from "../store/timers_table.ts";

/** What somebody wants counted down: so long, or until then (milliseconds since 1970). */
export interface TimerWish {
  name: string;
  end: { durationMs: number } | { untilMs: number };
  zone?: string | undefined;
  camera?: string | undefined;
}

/** A countdown as it stands. */
export interface TimerState extends TimerRow {
  /** 0 when it is over. */
  leftMs: number;
  /** How much too late its end was told: the hub did not run. */
  lateMs: number;
}

export const MAX_TIMERS = 50;
export const MAX_NAME_CHARS = 60;
export const MAX_DURATION_MS = 7 * 86_400_000;
/** A clock that stood still while the machine was off, as a Raspberry Pi's does, is put right within this time. */
const PUT_RIGHT_MS = 600_000;
/** What is late by less was told when the hub got to it. */
const LATE_MS = 5000;

/** A timer of the table, with when it ends on the clock that never jumps. */
export class Countdown {
  row: TimerRow;
  readonly #clock: Clock;
  /** On the monotonic clock. */
  #deadlineMs: number;
  /** Until then, on the monotonic clock, a wall clock that is set ahead is put right. */
  readonly #putRightMs: number;

  /** @param isFound set in an earlier run of the hub. */
  constructor(row: TimerRow, clock: Clock, { isFound = false } = {}) {
    this.row = row;
    this.#clock = clock;
    this.#deadlineMs = this.#deadlineByWall();
    this.#putRightMs = isFound ? clock.monotonic() + PUT_RIGHT_MS : -Infinity;
  }

  #deadlineByWall(): number {
    const { durationMs, endsAtMs } = this.row;
    // The clock may have been set back while nobody counted.
    return this.#clock.monotonic() + Math.min(durationMs, endsAtMs - this.#clock.now());
  }

  get isRunning(): boolean {
    return this.row.endedAtMs === undefined;
  }

  /** So much time is left, or so much until the clock shows the time that was asked for. */
  get leftMs(): number {
    if (!this.isRunning) return 0;
    const { isByClock, endsAtMs } = this.row;
    return Math.max(0, isByClock ? endsAtMs - this.#clock.now() : this.#deadlineMs - this.#clock.monotonic());
  }

  get lateMs(): number {
    const { endedAtMs, endsAtMs } = this.row;
    const lateMs = endedAtMs === undefined ? 0 : endedAtMs - endsAtMs;
    return lateMs < LATE_MS ? 0 : lateMs;
  }

  get state(): TimerState {
    return { ...this.row, leftMs: this.leftMs, lateMs: this.lateMs };
  }

  /**
   * The wall clock was set: what is left stays, and ends at another time of day. Soon after the start it was put right:
   * then it is known only now for how long nobody counted.
   * @returns whether anything changed.
   */
  followClock(aheadMs: number): boolean {
    if (!this.isRunning || this.row.isByClock) return false;
    if (aheadMs > 0 && this.#clock.monotonic() < this.#putRightMs) this.#deadlineMs = this.#deadlineByWall();
    else this.row = { ...this.row, endsAtMs: this.#clock.now() + this.leftMs };
    return true;
  }
}
