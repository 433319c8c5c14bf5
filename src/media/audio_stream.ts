// The sound of a camera as AAC, made from the packets that are read anyway, only while somebody listens.
import type { Changes } from "../base/changes.ts";
import { abortError, HubError } from "../base/errors.ts";
import { audioToAacArgs } from "../process/ffmpeg_args.ts";
import { AdtsSplitter } from "../protocols/adts/splitter.ts";
import { audioTrack } from "../protocols/fmp4/init_segment.ts";
import {
  type Intake,
  OnDemandProcess,
  type ProcessSource,
  type StreamContext,
  type StreamState,
} from "./on_demand.ts";
import type { PacketStream } from "./packet_stream.ts";
import { explainDecoder, feedPackets, packetsRunning } from "./transcode.ts";

/** About four seconds; a listener that falls behind by more goes on with the newest. */
const MAX_QUEUED = 64;

/** Encodes for any number of listeners. `run` does the work; without listeners nothing runs. */
export class AudioStream {
  readonly #process: OnDemandProcess<ProcessSource>;
  readonly #listeners = new Set<(frame: Uint8Array<ArrayBuffer>) => void>();
  #framesTotal = 0;

  constructor(cameraId: string, packets: PacketStream, context: StreamContext) {
    this.#process = new OnDemandProcess(context, () => this.#begin());
    this.#process.setSource(aacSource(cameraId, packets));
  }

  get state(): StreamState {
    return this.#process.state;
  }

  get changes(): Changes {
    return this.#process.changes;
  }

  get framesTotal(): number {
    return this.#framesTotal;
  }

  /**
   * Waits until there is sound to listen to; the caller holds it by listening.
   * @throws HubError why there is none, or AbortError.
   */
  async started(signal: AbortSignal): Promise<void> {
    while (this.#process.state.state !== "running") {
      if (this.#process.state.state === "waiting") throw this.#process.state.error;
      await this.changes.next(signal);
      if (signal.aborted) throw abortError();
    }
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#process.run(signal);
  }

  /** Tries at once, if it waits for its next try. */
  retryNow(): void {
    this.#process.retryNow();
  }

  /** Sound from now on, in ADTS frames, until the signal aborts or the body is cancelled. */
  listen(signal: AbortSignal): ReadableStream<Uint8Array<ArrayBuffer>> {
    const queue: Uint8Array<ArrayBuffer>[] = [];
    let wake = () => {};
    const take = (frame: Uint8Array<ArrayBuffer>) => {
      if (queue.push(frame) > MAX_QUEUED) queue.splice(0, queue.length - 1);
      wake();
    };
    const release = this.#process.acquire();
    this.#listeners.add(take);
    const leave = () => {
      this.#listeners.delete(take);
      signal.removeEventListener("abort", leave);
      release();
      wake();
    };
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    return new ReadableStream({
      pull: async (controller) => {
        while (queue.length === 0 && !signal.aborted) {
          await new Promise<void>((resolve) => wake = resolve);
        }
        const frame = queue.shift();
        if (frame && !signal.aborted) controller.enqueue(frame);
        else controller.close();
      },
      cancel: leave,
    }, { highWaterMark: 0 });
  }

  #begin(): Intake {
    const splitter = new AdtsSplitter((frame) => {
      this.#framesTotal++;
      for (const take of this.#listeners) take(frame);
    });
    return {
      push: (chunk) => {
        const before = this.#framesTotal;
        splitter.push(chunk);
        return this.#framesTotal > before;
      },
    };
  }
}

function aacSource(cameraId: string, packets: PacketStream): ProcessSource {
  return {
    hold: () => packets.acquire(),
    spec: async (signal) => {
      await packetsRunning(packets, signal);
      if (!packets.hub.init || !audioTrack(packets.hub.init)) throw silent(cameraId);
      return { name: `sound ${cameraId}`, program: "ffmpeg", args: audioToAacArgs(), stdin: "piped" };
    },
    feed: (child, signal) => feedPackets(child, packets, signal, ({ kind }) => kind === "audio"),
    explain: (exit) => explainDecoder(packets, exit, "The sound could not be converted"),
  };
}

function silent(cameraId: string): HubError {
  return new HubError("unsupported", `Camera "${cameraId}" sends no sound`, {
    hint: "Turn its microphone on, if it has one",
  });
}
