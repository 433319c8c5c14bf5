// When motion in pictures becomes motion that is told, and when that is over. Pure.

/** How long motion must last, and what ends it. Milliseconds. */
export interface OnsetTimes {
  minDurationMs: number;
  /** Without motion for so long it has ended. */
  quietMs: number;
}

/** Motion that stops for less goes on. */
const QUIET_MS = 2000;

/** The times that a camera's rules ask for. */
export function onsetTimes(rules: { min_duration_s: number }): OnsetTimes {
  return { minDurationMs: rules.min_duration_s * 1000, quietMs: QUIET_MS };
}

/** Clear enough to be told after one picture, where no duration is asked for. */
const CLEAR_SCORE = 0.7;
/** One picture may miss what moves: something that passes behind a post. */
const MISSED_MS = 450;

/** The state of one camera. Times are monotonic. */
export class Onset {
  #times: OnsetTimes;
  #firstAtMs: number | undefined;
  #lastAtMs = -Infinity;
  #isActive = false;

  constructor(times: OnsetTimes) {
    this.#times = times;
  }

  get isActive(): boolean {
    return this.#isActive;
  }

  configure(times: OnsetTimes): void {
    this.#times = times;
  }

  /** Takes a picture's score (0: nothing moves). Returns what is to be told: that it begins or ends. */
  see(score: number, atMs: number): "begin" | "end" | undefined {
    if (score === 0) return this.#rest(atMs);
    const isFirst = this.#firstAtMs === undefined || atMs - this.#lastAtMs > MISSED_MS && !this.#isActive;
    if (isFirst) this.#firstAtMs = atMs;
    this.#lastAtMs = atMs;
    if (this.#isActive) return undefined;
    const lastedMs = atMs - (this.#firstAtMs ?? atMs);
    const isSure = !isFirst || score >= CLEAR_SCORE;
    if (lastedMs < this.#times.minDurationMs || !isSure) return undefined;
    this.#isActive = true;
    return "begin";
  }

  /** Nothing is looked at any more. Returns whether an end is to be told. */
  stop(): boolean {
    const wasActive = this.#isActive;
    this.#isActive = false;
    this.#firstAtMs = undefined;
    return wasActive;
  }

  #rest(atMs: number): "end" | undefined {
    if (!this.#isActive || atMs - this.#lastAtMs < this.#times.quietMs) return undefined;
    this.stop();
    return "end";
  }
}
