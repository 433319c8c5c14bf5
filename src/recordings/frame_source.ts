// A recording made from the pictures of a camera that makes JPEGs: they are encoded once, or kept as they are.
import type { Changes } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import type { HubError } from "../base/errors.ts";
import type { FrameHub, KeptFrame } from "../media/frame_hub.ts";
import type { FrameStream } from "../media/stream.ts";
import { keepJpegArgs, recordJpegArgs } from "../process/record_args.ts";
import { matroskaFrame, matroskaHead } from "../protocols/matroska/mjpeg_writer.ts";
import {
  type BeginWish,
  errorOf,
  nextWhileFlowing,
  type PartFeed,
  type RecordSource,
  type Write,
  type WriteManner,
} from "./record_source.ts";

/** A camera that makes JPEGs. */
export class FrameSource implements RecordSource {
  readonly isJpeg = true;
  readonly #frames: FrameStream;
  readonly #clock: Clock;

  constructor(frames: FrameStream, clock: Clock) {
    this.#frames = frames;
    this.#clock = clock;
  }

  get stream(): FrameStream {
    return this.#frames;
  }

  get changes(): Changes {
    return this.#frames.changes;
  }

  get isFlowing(): boolean {
    return this.#frames.state.state === "running";
  }

  get error(): HubError | undefined {
    return errorOf(this.#frames.state);
  }

  acquire(): () => void {
    return this.#frames.acquire();
  }

  keep(durationMs: number): () => void {
    return this.#frames.hub.earlier.want(durationMs);
  }

  /** There is no more of before than what was kept: without that it begins with the next picture. */
  async open({ preRollMs, isAtLeast }: BeginWish, signal: AbortSignal): Promise<PartFeed> {
    const { hub } = this.#frames;
    const kept = isAtLeast && preRollMs !== undefined
      ? hub.earlier.from(this.#clock.monotonic() - preRollMs)
      : [];
    const frames = kept.length > 0 ? kept : [await hub.next(hub.latest?.seq ?? 0, signal)];
    return new FrameFeed(this, hub, { frames, clock: this.#clock });
  }
}

/** Two pictures that lie further apart by one clock than by the other were not taken so: a clock was set. */
const MAX_DRIFT_MS = 2000;

class FrameFeed implements PartFeed {
  readonly startedAtMs: number;
  readonly #source: RecordSource;
  readonly #hub: FrameHub;
  readonly #clock: Clock;
  /** What it begins with, until that is written: it may be a minute of before. */
  #frames: readonly KeptFrame[];
  /** When the last picture was taken, and when it was seen here. */
  #last: { capturedAtMs: number; monotonicMs: number; atMs: number } | undefined;

  constructor(
    source: RecordSource,
    hub: FrameHub,
    { frames, clock }: { frames: readonly KeptFrame[]; clock: Clock },
  ) {
    this.#source = source;
    this.#hub = hub;
    this.#clock = clock;
    this.#frames = frames;
    this.startedAtMs = frames[0]?.capturedAtMs ?? clock.now();
  }

  args(path: string, { encoder, maxS }: WriteManner): string[] {
    return encoder === undefined ? keepJpegArgs({ maxS }, path) : recordJpegArgs({ encoder, maxS }, path);
  }

  async pump(write: Write, isDue: () => boolean, signal: AbortSignal): Promise<PartFeed | undefined> {
    const begun = await this.#writeKept(write);
    if (!begun) return undefined;
    const { width, height } = begun;
    let { seq } = begun;
    while (!signal.aborted) {
      const frame = await nextWhileFlowing(this.#source, (own) => this.#hub.next(seq, own), signal);
      if (!frame) return undefined;
      const isOther = frame.width !== width || frame.height !== height;
      if (isOther || isDue()) {
        return new FrameFeed(this.#source, this.#hub, { frames: [frame], clock: this.#clock });
      }
      seq = frame.seq;
      await write(matroskaFrame(frame.bytes, this.#timeOf(frame, false)));
    }
    return undefined;
  }

  /** Writes what it begins with, and holds it no longer: the file goes on for many minutes. */
  async #writeKept(write: Write): Promise<Pick<KeptFrame, "width" | "height" | "seq"> | undefined> {
    const frames = this.#frames;
    this.#frames = [];
    const [first] = frames;
    if (!first) return undefined;
    const { width, height } = first;
    await write(matroskaHead(first));
    for (const kept of frames) await write(matroskaFrame(kept.bytes, this.#timeOf(kept, true)));
    return { width, height, seq: frames.at(-1)?.seq ?? 0 };
  }

  /** Milliseconds since the first picture; never less than that of the picture before. */
  #timeOf({ capturedAtMs }: KeptFrame, isKept: boolean): number {
    const monotonicMs = this.#clock.monotonic();
    const last = this.#last;
    let atMs = 0;
    if (last) {
      const takenMs = capturedAtMs - last.capturedAtMs;
      const seenMs = monotonicMs - last.monotonicMs;
      // What was kept is seen all at once.
      const isTrue = takenMs >= 0 && (isKept || Math.abs(takenMs - seenMs) < MAX_DRIFT_MS + seenMs / 2);
      atMs = last.atMs + Math.max(1, Math.round(isTrue ? takenMs : seenMs));
    }
    this.#last = { capturedAtMs, monotonicMs, atMs };
    return atMs;
  }
}
