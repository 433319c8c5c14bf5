// One slot with the newest frame of a stream. No queue: who is slow takes the newest when ready, and skips.
import { abortError } from "../base/errors.ts";
import type { JpegFrame } from "../protocols/mpjpeg/splitter.ts";
import { writePart } from "../protocols/mpjpeg/part.ts";
import { type PreRollBudget, PreRollMemory } from "./pre_roll.ts";

/** A frame as every viewer shares it. Nobody may change its bytes. */
export interface Frame {
  /** Counts up by one from 1 for each frame of the stream. */
  readonly seq: number;
  /** When the hub had the whole frame, milliseconds since 1970. */
  readonly capturedAtMs: number;
  readonly width: number;
  readonly height: number;
  /** The JPEG. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same JPEG framed as one multipart part, made once for all viewers. */
  readonly part: Uint8Array<ArrayBuffer>;
}

/** A picture of before. */
export type KeptFrame = Omit<Frame, "part">;

/** Hands the newest frame to everybody who waits for one; on demand also those before it. */
export class FrameHub {
  /** Frames up to the newest, while somebody wants them. */
  readonly earlier: PreRollMemory<KeptFrame>;
  #latest: Frame | undefined;
  #seq = 0;
  #waiting = new Set<(frame: Frame) => void>();

  constructor(budget?: PreRollBudget) {
    this.earlier = new PreRollMemory(budget);
  }

  /** The newest frame; it stays after the stream has stopped, so look at its age. */
  get latest(): Frame | undefined {
    return this.#latest;
  }

  /**
   * Makes a frame the newest.
   * @param monotonicMs when it came, on the clock that never jumps.
   */
  publish(picture: JpegFrame, capturedAtMs: number, monotonicMs = capturedAtMs): Frame {
    const seq = ++this.#seq;
    const part = writePart(picture.bytes, { capturedAtMs, seq, sizeBytes: picture.bytes.length });
    const frame: Frame = {
      seq,
      capturedAtMs,
      width: picture.width,
      height: picture.height,
      bytes: picture.bytes,
      part,
    };
    this.#latest = frame;
    if (this.earlier.wantedMs > 0) {
      const { part: _, ...kept } = frame;
      this.earlier.add({ items: [kept], bytes: kept.bytes.length, atMs: monotonicMs }, monotonicMs);
    }
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const take of waiting) take(frame);
    return frame;
  }

  /** Lets nobody have the newest frame any more; whoever waits goes on waiting for the next. */
  forget(): void {
    this.#latest = undefined;
  }

  /** Calls back once, with the next frame to be published, unless the returned function is called first. */
  onNext(take: (frame: Frame) => void): () => void {
    this.#waiting.add(take);
    return () => this.#waiting.delete(take);
  }

  /**
   * Returns the newest frame with a higher number than `afterSeq`, waiting for one if need be.
   * @throws AbortError when the signal aborts first.
   */
  next(afterSeq: number, signal: AbortSignal): Promise<Frame> {
    if (signal.aborted) return Promise.reject(abortError());
    if (this.#latest && this.#latest.seq > afterSeq) return Promise.resolve(this.#latest);
    return new Promise((resolve, reject) => {
      const cancel = this.onNext((frame) => {
        signal.removeEventListener("abort", onAbort);
        resolve(frame);
      });
      const onAbort = () => {
        cancel();
        reject(abortError());
      };
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }
}
