// One of a camera's streams in every form the hub serves it: packets where the camera makes video, and JPEG frames.
import { Scope } from "../base/scope.ts";
import type { Video } from "../devices/device.ts";
import type { StreamReport } from "../devices/status.ts";
import { videoTrack } from "../protocols/fmp4/init_segment.ts";
import type { RateMeter } from "./rate_meter.ts";
import { type ProcessSource, retryWhenRunning, type StreamContext } from "./on_demand.ts";
import { PacketStream } from "./packet_stream.ts";
import type { SessionSlots } from "../devices/session_slots.ts";
import { FrameStream } from "./stream.ts";
import { transcodedSource } from "./transcode.ts";

/** Packets are let go of at once: the frames made from them have lingered already. */
const PACKETS_LINGER_MS = 0;

/** Sample entries by the names of their codecs. */
const CODECS: Readonly<Record<string, string>> = {
  avc1: "h264",
  avc3: "h264",
  hev1: "h265",
  hvc1: "h265",
  jpeg: "mjpeg",
};

/** The stream of one `Video`. `run` does the work. */
export class Lane {
  readonly frames: FrameStream;
  readonly packets: PacketStream;
  readonly #name: string;
  readonly #slots: SessionSlots;
  #video: Video | undefined;

  /**
   * @param name who it is for, in words: the camera's id and, for its smaller stream, that.
   * @param onFirstPicture as `FrameStream` has it.
   */
  constructor(
    name: string,
    context: StreamContext,
    slots: SessionSlots,
    onFirstPicture?: (tookMs: number) => void,
  ) {
    this.#name = name;
    this.#slots = slots;
    this.frames = new FrameStream(context, onFirstPicture);
    this.packets = new PacketStream({
      ...context,
      get tuning() {
        return { ...context.tuning, lingerMs: PACKETS_LINGER_MS };
      },
    });
  }

  get video(): Video | undefined {
    return this.#video;
  }

  /** True when the device is being read for this lane. */
  get isOpen(): boolean {
    return this.#device.state.state !== "idle";
  }

  /** True while pictures come from the device. */
  get isRunning(): boolean {
    return this.#device.state.state === "running";
  }

  /** What is read from the device: its rate, its bytes, and how often reading began anew. */
  get reading(): { meter: RateMeter; bytesTotal: number; restartsTotal: number } {
    const { meter, figures: { bytesTotal, restartsTotal } } = this.#device;
    return { meter, bytesTotal, restartsTotal };
  }

  /** What the device sends, once it has sent something. */
  get codec(): string | undefined {
    const { init } = this.packets.hub;
    const format = init && videoTrack(init)?.format;
    return format === undefined ? this.#video?.codec : CODECS[format] ?? this.#video?.codec;
  }

  /** Sets what is read; undefined ends it. */
  setVideo(video: Video | undefined): void {
    if (video === this.#video) return;
    this.#video = video;
    const source = video && this.#limited(video);
    const isMp4 = video?.framing === "mp4";
    this.packets.setSource(isMp4 ? source : undefined);
    if (!video || !source) this.frames.setSource(undefined);
    else if (video.framing === "mp4") this.frames.setSource(transcodedSource(this.#name, this.packets));
    else this.frames.setSource({ ...source, framing: video.framing });
  }

  /** Tries at once, if something waits for its next try. */
  retryNow(): void {
    this.packets.retryNow();
    this.frames.retryNow();
  }

  /** How the reading stands: the device's part of it where that has failed, else that of the frames. */
  get report(): StreamReport {
    const packets = this.packets.state;
    return packets.state === "waiting" || this.frames.state.state === "idle" ? packets : this.frames.state;
  }

  /** Streams until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await using scope = new Scope(signal);
    const unsubscribe = retryWhenRunning(this.packets, this.frames);
    scope.spawn((own) => this.packets.run(own));
    scope.spawn((own) => this.frames.run(own));
    try {
      await scope.join();
    } finally {
      unsubscribe();
    }
  }

  /** What reads the device itself. */
  get #device(): FrameStream | PacketStream {
    return this.#video?.framing === "mp4" ? this.packets : this.frames;
  }

  /** The same video, opened only with a slot in hand. */
  #limited(video: Video): ProcessSource {
    let giveBack = () => {};
    return {
      spec: async (signal) => {
        giveBack = this.#slots.take(video.limit, this.#name);
        return await video.spec(signal);
      },
      begun: () => video.begun?.(),
      explain: (exit) => video.explain(exit),
      release: async () => {
        giveBack();
        await video.ended?.();
      },
    };
  }
}
