// Holds one stream open at a time: another one before the former is let go of.
import type { RecordSource } from "./record_source.ts";

/** What a recording holds. */
export class StreamHold {
  #held: { stream: RecordSource["stream"]; release: () => void } | undefined;

  /** Holds this one from now on. */
  take(source: RecordSource): void {
    if (this.#held?.stream === source.stream) return;
    const before = this.#held;
    this.#held = { stream: source.stream, release: source.acquire() };
    before?.release();
  }

  /** Holds nothing any more. */
  release(): void {
    this.#held?.release();
    this.#held = undefined;
  }
}
