// Measures what a viewer really gets: pictures per second and how old the shown picture is.

/** What is shown beside a picture. `fps` is absent until pictures were drawn over a second or more. */
export interface PictureFigures {
  fps?: number;
  ageMs: number;
}

/** The part of a frame that measuring needs. */
export interface MeasuredFrame {
  capturedAtMs: number;
  ageMs: number;
}

const FPS_WINDOW_MS = 2_000;
/** A stream begins with what has waited, picture upon picture: over less time than this the rate is nonsense. */
const LEAST_SPAN_MS = 1_000;
const OFFSET_WINDOW_MS = 30_000;

/**
 * The clocks of hub and browser differ, so a frame's age is the age the hub states, plus what the network added
 * beyond its quickest frame of the last half minute or so, plus the time since the frame was drawn.
 * All times are milliseconds of one monotonic clock of the browser.
 */
export class PictureMeter {
  #drawnAtMs: number[] = [];
  #ageWhenDrawnMs: number | undefined;
  #leastOffsetMs = Infinity;
  #previousLeastMs = Infinity;
  #windowStartMs = -Infinity;

  /** Notes a picture that arrived at `receivedAtMs` and stands on the screen since `drawnAtMs`. */
  drawn(frame: MeasuredFrame, receivedAtMs: number, drawnAtMs: number): void {
    const delayMs = this.#networkDelayMs(receivedAtMs - frame.capturedAtMs - frame.ageMs, receivedAtMs);
    this.#ageWhenDrawnMs = frame.ageMs + delayMs + (drawnAtMs - receivedAtMs);
    this.#drawnAtMs.push(drawnAtMs);
    this.#forgetBefore(drawnAtMs - FPS_WINDOW_MS);
  }

  /** The figures at `nowMs`; undefined before the first picture. */
  figures(nowMs: number): PictureFigures | undefined {
    const last = this.#drawnAtMs.at(-1);
    if (last === undefined || this.#ageWhenDrawnMs === undefined) return undefined;
    const ageMs = this.#ageWhenDrawnMs + (nowMs - last);
    const fps = this.#fps(nowMs);
    return fps === undefined ? { ageMs } : { ageMs, fps };
  }

  #fps(nowMs: number): number | undefined {
    const first = this.#drawnAtMs[0];
    const count = this.#drawnAtMs.length;
    if (first === undefined || count < 2) return undefined;
    const last = this.#drawnAtMs[count - 1] ?? first;
    const spanMs = last - first;
    if (spanMs < LEAST_SPAN_MS) return undefined;
    // When pictures stop coming, the rate falls instead of standing still.
    const usualGapMs = spanMs / (count - 1);
    const overdueMs = Math.max(0, nowMs - last - 2 * usualGapMs);
    return (count - 1) * 1000 / (spanMs + overdueMs);
  }

  #networkDelayMs(offsetMs: number, nowMs: number): number {
    if (nowMs - this.#windowStartMs > OFFSET_WINDOW_MS) {
      this.#previousLeastMs = this.#leastOffsetMs;
      this.#leastOffsetMs = Infinity;
      this.#windowStartMs = nowMs;
    }
    this.#leastOffsetMs = Math.min(this.#leastOffsetMs, offsetMs);
    return offsetMs - Math.min(this.#leastOffsetMs, this.#previousLeastMs);
  }

  #forgetBefore(limitMs: number): void {
    // Two stay, so that a camera slower than one picture per window still has a rate.
    while (this.#drawnAtMs.length > 2 && (this.#drawnAtMs[0] ?? limitMs) < limitMs) this.#drawnAtMs.shift();
  }
}
