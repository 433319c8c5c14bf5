// One stream of JPEG frames that starts with its first consumer, lingers after the last, and stops.
import type { Changes } from "../base/changes.ts";
import { JpegSplitter } from "../protocols/mpjpeg/jpeg_splitter.ts";
import { type FrameSplitter, MpjpegSplitter, type SplitterOptions } from "../protocols/mpjpeg/splitter.ts";
import { FrameHub } from "./frame_hub.ts";
import {
  type Intake,
  OnDemandProcess,
  type ProcessSource,
  type StreamContext,
  type StreamState,
} from "./on_demand.ts";
import { RateMeter } from "./rate_meter.ts";

/** Where the frames come from: a process and how it frames its output. */
export interface FrameSource extends ProcessSource {
  readonly framing: "mpjpeg" | "jpeg";
  /** When the next frame was taken, milliseconds since 1970; asked once for each. Absent: when it came. */
  capturedAtMs?(): number | undefined;
}

/** Figures of a stream since the hub started. */
export interface StreamFigures {
  framesTotal: number;
  bytesTotal: number;
  damagedTotal: number;
  restartsTotal: number;
}

/** Reads one source for any number of consumers. `run` does the work; without consumers it holds nothing open. */
export class FrameStream {
  readonly hub: FrameHub;
  readonly meter = new RateMeter();
  readonly #context: StreamContext;
  readonly #process: OnDemandProcess<FrameSource>;
  #source: FrameSource | undefined;
  #framesTotal = 0;
  #bytesTotal = 0;
  #damagedTotal = 0;
  /** Since when somebody waits for the first picture, on the monotonic clock. */
  #awaitedSinceMs: number | undefined;
  readonly #onFirstPicture: ((tookMs: number) => void) | undefined;

  /** @param onFirstPicture told how long the first consumer of a stream that rested waited for its first picture. */
  constructor(context: StreamContext, onFirstPicture?: (tookMs: number) => void) {
    this.#context = context;
    this.#onFirstPicture = onFirstPicture;
    this.hub = new FrameHub(context.preRoll);
    this.#process = new OnDemandProcess(context, (source) => this.#begin(source));
  }

  get figures(): Readonly<StreamFigures> {
    return {
      framesTotal: this.#framesTotal,
      bytesTotal: this.#bytesTotal,
      damagedTotal: this.#damagedTotal,
      restartsTotal: this.#process.restarts,
    };
  }

  /** Notified when consumers come or go and when the source or the state changes. */
  get changes(): Changes {
    return this.#process.changes;
  }

  get state(): StreamState {
    return this.#process.state;
  }

  get consumers(): number {
    return this.#process.consumers;
  }

  /**
   * Sets where the frames come from; another source (or none) ends the reading of the present one, of which no frame is
   * published any more.
   */
  setSource(source: FrameSource | undefined): void {
    if (!source) this.#awaitedSinceMs = undefined;
    else if (!this.#source && this.consumers > 0) this.#awaitedSinceMs = this.#context.clock.monotonic();
    this.#source = source;
    this.#process.setSource(source);
  }

  /** The same, and lets nobody have the newest frame of the present one. */
  replaceSource(source: FrameSource | undefined): void {
    this.setSource(source);
    this.hub.forget();
  }

  /** Tries at once, if the stream waits for its next try. */
  retryNow(): void {
    this.#process.retryNow();
  }

  /** Keeps the stream running until the returned function is called. */
  acquire(): () => void {
    const isFirst = this.consumers === 0 && !this.#process.isFlowing;
    if (isFirst && this.#source) this.#awaitedSinceMs = this.#context.clock.monotonic();
    const release = this.#process.acquire();
    return () => {
      release();
      if (this.consumers === 0) this.#awaitedSinceMs = undefined;
    };
  }

  /** Serves consumers until the signal aborts. */
  run(signal: AbortSignal): Promise<void> {
    return this.#process.run(signal);
  }

  #begin(source: FrameSource): Intake {
    const splitter = this.#newSplitter(source);
    this.meter.reset();
    return {
      push: (chunk) => {
        if (source !== this.#source) return false;
        const damagedBefore = splitter.damaged;
        const framesBefore = this.#framesTotal;
        splitter.push(chunk);
        this.#damagedTotal += splitter.damaged - damagedBefore;
        return this.#framesTotal > framesBefore;
      },
      end: () => this.hub.earlier.clear(),
    };
  }

  #newSplitter(source: FrameSource): FrameSplitter {
    const { clock } = this.#context;
    const options: SplitterOptions = {
      onFrame: (picture) => {
        this.#framesTotal++;
        this.#bytesTotal += picture.bytes.length;
        const nowMs = clock.monotonic();
        this.meter.add(picture.bytes.length, nowMs);
        this.hub.publish(picture, source.capturedAtMs?.() ?? clock.now(), nowMs);
        this.#noteFirst(nowMs);
      },
    };
    return source.framing === "mpjpeg" ? new MpjpegSplitter(options) : new JpegSplitter(options);
  }

  #noteFirst(nowMs: number): void {
    if (this.#awaitedSinceMs === undefined) return;
    this.#onFirstPicture?.(nowMs - this.#awaitedSinceMs);
    this.#awaitedSinceMs = undefined;
  }
}
