// One HTTP viewer of an MJPEG stream: a body that is filled only as fast as the socket takes it.
import type { Clock } from "../base/clock.ts";
import { isAbort } from "../base/errors.ts";
import { ADVANCE_HEADER, ADVANCE_TRAILER } from "../protocols/mpjpeg/part.ts";
import type { Frame, FrameHub } from "./frame_hub.ts";
import { FrameTap, type TapFigures } from "./frame_tap.ts";

/**
 * How a browser wants its parts. `plain`: with length and time stamp. `advance`: Chrome paints a picture only
 * when the next part's headers are there, so they follow each picture at once. `repeat`: WebKit paints only
 * when the next picture comes, so the last one is sent again when the stream pauses.
 */
export type PartStyle = "plain" | "advance" | "repeat";

/** Chooses the style by the `User-Agent` header. */
export function partStyleFor(userAgent: string): PartStyle {
  if (/Chrom(e|ium)\//.test(userAgent)) return "advance";
  return /AppleWebKit\//.test(userAgent) ? "repeat" : "plain";
}

/** After this silence the last picture is repeated for WebKit. */
const REPEAT_AFTER_MS = 500;

/** What a viewer needs. */
export interface ViewerOptions {
  hub: FrameHub;
  clock: Clock;
  style: PartStyle;
  fps?: number | undefined;
  /** Called once, when the viewer has gone or was closed. */
  onEnd: () => void;
}

/** Turns a stream's newest frames into the body of one response. */
export class MjpegViewer {
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #options: ViewerOptions;
  readonly #tap: FrameTap;
  #hub: FrameHub;
  readonly #ended = new AbortController();
  #controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  #isFirst = true;

  constructor(options: ViewerOptions) {
    this.#options = options;
    this.#hub = options.hub;
    this.#tap = new FrameTap(options.hub, options);
    // Without a queue of its own the stream asks only when the socket is ready, and then gets the newest.
    this.body = new ReadableStream({
      start: (controller) => {
        this.#controller = controller;
      },
      pull: (controller) => this.#pull(controller),
      cancel: () => this.#end(),
    }, { highWaterMark: 0 });
  }

  get figures(): Readonly<TapFigures> {
    return this.#tap.figures;
  }

  /** Goes on with the frames of another stream; of the present one it gets no more. */
  moveTo(hub: FrameHub): void {
    this.#hub = hub;
    this.#tap.moveTo(hub);
  }

  /** Ends the response, as the camera was removed or the hub stops. */
  close(): void {
    if (this.#ended.signal.aborted) return;
    this.#controller?.close();
    this.#end();
  }

  /** Breaks the response off. */
  fail(error: unknown): void {
    if (this.#ended.signal.aborted) return;
    this.#controller?.error(error);
    this.#end();
  }

  #end(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#tap.cancel();
    this.#options.onEnd();
  }

  #pull(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): void {
    if (this.#tap.isWaiting) return;
    if (this.#isFirst && this.#options.style === "advance") {
      this.#isFirst = false;
      return controller.enqueue(ADVANCE_HEADER);
    }
    this.#tap.request((frame) => this.#send(controller, frame));
    if (this.#tap.isWaiting && this.#options.style === "repeat") void this.#repeatWhenSilent(controller);
  }

  #send(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>, frame: Frame): void {
    if (this.#options.style !== "advance") return controller.enqueue(frame.part);
    controller.enqueue(frame.bytes);
    controller.enqueue(ADVANCE_TRAILER);
  }

  async #repeatWhenSilent(
    controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>,
  ): Promise<void> {
    const sentBefore = this.figures.frames;
    try {
      await this.#options.clock.sleep(REPEAT_AFTER_MS, this.#ended.signal);
    } catch (error) {
      if (isAbort(error)) return;
      throw error;
    }
    // Asked for only now: what has been forgotten meanwhile is shown to nobody again.
    const last = this.#hub.latest;
    if (this.#tap.isWaiting && this.figures.frames === sentBefore && sentBefore > 0 && last) {
      controller.enqueue(last.part);
    }
  }
}
