// One stream of frames that starts with its first consumer, lingers after the last, and stops.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import type { HubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { Backoff } from "../base/retry.ts";
import type { Child, Launcher, ProcessExit, ProcessSpec } from "../process/launcher.ts";
import { supervise, type Supervised, type SupervisorState } from "../process/supervisor.ts";
import { JpegSplitter } from "../protocols/mpjpeg/jpeg_splitter.ts";
import { type FrameSplitter, MpjpegSplitter, type SplitterOptions } from "../protocols/mpjpeg/splitter.ts";
import { FrameHub } from "./frame_hub.ts";
import { RateMeter } from "./rate_meter.ts";

/** Where the frames come from: a process and how it frames its output. */
export interface FrameSource {
  readonly framing: "mpjpeg" | "jpeg";
  spec(signal: AbortSignal): Promise<ProcessSpec>;
  explain(exit: ProcessExit): HubError;
  /** Called with each new process, for one that is fed by the hub. Must end when the signal aborts. */
  feed?(child: Child, signal: AbortSignal): Promise<void>;
}

/** Times and waits of a stream; the defaults are in `config/schema.ts`. */
export interface StreamTuning {
  lingerMs: number;
  startTimeoutMs: number;
  stallTimeoutMs: number;
  backoff: { firstMs: number; maxMs: number };
}

/** What a stream needs of the house. */
export interface StreamContext {
  launcher: Launcher;
  clock: Clock;
  tuning: StreamTuning;
}

/** Figures of a stream since the hub started. */
export interface StreamFigures {
  framesTotal: number;
  bytesTotal: number;
  damagedTotal: number;
  restartsTotal: number;
}

/** A run that lasted this long counts as a success for the waits between tries. */
const STABLE_MS = 5000;

/** Reads one source for any number of consumers. `run` does the work; without consumers it holds nothing open. */
export class FrameStream {
  readonly hub = new FrameHub();
  readonly meter = new RateMeter();
  /** Notified when consumers come or go and when the source or the state changes. */
  readonly changes = new Changes();
  readonly #context: StreamContext;
  /** Ends a wait between two tries. */
  readonly #retry = new Changes();
  readonly #figures: StreamFigures = { framesTotal: 0, bytesTotal: 0, damagedTotal: 0, restartsTotal: 0 };
  #source: FrameSource | undefined;
  #consumers = 0;
  /** When the last consumer left. */
  #emptySinceMs = 0;
  #state: SupervisorState | { state: "idle" } = { state: "idle" };

  constructor(context: StreamContext) {
    this.#context = context;
  }

  get figures(): Readonly<StreamFigures> {
    return this.#figures;
  }

  get state(): SupervisorState | { state: "idle" } {
    return this.#state;
  }

  get consumers(): number {
    return this.#consumers;
  }

  /** Sets where the frames come from; another source (or none) ends the reading of the present one. */
  setSource(source: FrameSource | undefined): void {
    if (source === this.#source) return;
    this.#source = source;
    this.changes.notify();
  }

  /** Tries at once, if the stream waits for its next try. */
  retryNow(): void {
    this.#retry.notify();
  }

  /** Keeps the stream running until the returned function is called. */
  acquire(): () => void {
    this.#consumers++;
    this.changes.notify();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#consumers--;
      this.#emptySinceMs = this.#context.clock.monotonic();
      this.changes.notify();
    };
  }

  /** Serves consumers until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const source = this.#source;
      if (source && this.#consumers > 0) await this.#read(source, signal);
      else await this.changes.next(signal);
    }
  }

  async #read(source: FrameSource, signal: AbortSignal): Promise<void> {
    using stop = new LinkedSignal(signal);
    const guarding = this.#stopWhenUnwanted(source, stop);
    this.meter.reset();
    await supervise(this.#task(source, stop.signal), this.#context, stop.signal);
    stop.abort();
    await guarding;
    this.#setState({ state: "idle" });
  }

  async #stopWhenUnwanted(source: FrameSource, stop: LinkedSignal): Promise<void> {
    const { signal } = stop;
    while (!signal.aborted) {
      if (this.#source !== source) return stop.abort();
      if (this.#consumers > 0) {
        await this.changes.next(signal);
        continue;
      }
      const leftMs = this.#emptySinceMs + this.#context.tuning.lingerMs - this.#context.clock.monotonic();
      if (leftMs <= 0) return stop.abort();
      await sleepOrChange(leftMs, this.changes, this.#context.clock, signal);
    }
  }

  #task(source: FrameSource, signal: AbortSignal): Supervised {
    const { tuning } = this.#context;
    let splitter: FrameSplitter | undefined;
    let starts = 0;
    let feeding: Promise<void> | undefined;
    return {
      spec: (own: AbortSignal) => source.spec(own),
      explain: (exit: ProcessExit) => source.explain(exit),
      onStart: (child: Child) => {
        splitter = this.#newSplitter(source);
        if (starts++ > 0) this.#figures.restartsTotal++;
        // A feed ends with its process, whose exit is what gets explained.
        feeding = source.feed?.(child, signal).catch(() => {});
      },
      onEnd: async () => await feeding,
      onOutput: (chunk: Uint8Array<ArrayBuffer>) => {
        const before = splitter?.damaged ?? 0;
        const framesBefore = this.#figures.framesTotal;
        splitter?.push(chunk);
        this.#figures.damagedTotal += (splitter?.damaged ?? 0) - before;
        return this.#figures.framesTotal > framesBefore;
      },
      onState: (state: SupervisorState) => this.#setState(state),
      startTimeoutMs: tuning.startTimeoutMs,
      stallTimeoutMs: tuning.stallTimeoutMs,
      backoff: new Backoff(tuning.backoff),
      stableMs: STABLE_MS,
      wake: this.#retry,
    };
  }

  #newSplitter(source: FrameSource): FrameSplitter {
    const { clock } = this.#context;
    const options: SplitterOptions = {
      onFrame: (picture) => {
        this.#figures.framesTotal++;
        this.#figures.bytesTotal += picture.bytes.length;
        this.meter.add(picture.bytes.length, clock.monotonic());
        this.hub.publish(picture, clock.now());
      },
    };
    return source.framing === "mpjpeg" ? new MpjpegSplitter(options) : new JpegSplitter(options);
  }

  #setState(state: SupervisorState | { state: "idle" }): void {
    this.#state = state;
    this.changes.notify();
  }
}
