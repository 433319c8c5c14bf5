// What a recording is made from: the packets of a camera that makes video, or the pictures of one that makes JPEGs.
import type { Changes } from "../base/changes.ts";
import { type HubError, isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Frame, FrameHub } from "../media/frame_hub.ts";
import type { Lane } from "../media/lane.ts";
import type { StreamState } from "../media/on_demand.ts";
import type { Packet, PacketHub } from "../media/packet_hub.ts";
import type { PacketStream } from "../media/packet_stream.ts";
import type { FrameStream } from "../media/stream.ts";
import { recordCopyArgs, recordJpegArgs } from "../process/record_args.ts";
import { readFragmentHead } from "../protocols/fmp4/fragment.ts";
import { audioTrack, type InitSegment, videoTrack } from "../protocols/fmp4/init_segment.ts";

/** What can be recorded. */
export interface RecordSource {
  /** What is held: the same for sources between which nothing has to be let go of. */
  readonly stream: PacketStream | FrameStream;
  readonly changes: Changes;
  readonly isFlowing: boolean;
  /** Why it does not flow. */
  readonly error: HubError | undefined;
  acquire(): () => void;
  /** Begins a file. @throws AbortError. */
  open(wish: BeginWish, signal: AbortSignal): Promise<PartFeed>;
}

/** Where a file should begin. */
export interface BeginWish {
  /** When it was asked for. */
  nowMs: number;
  /** At most so much of before; undefined: as much as there is since the last key frame. */
  preRollMs: number | undefined;
}

/** Takes bytes; resolves when there is room for more. */
export type Write = (bytes: Uint8Array) => Promise<void>;

/** What is written into one file. */
export interface PartFeed {
  /** When its first picture was taken; known better after a moment, then earlier. */
  readonly startedAtMs: number;
  /** When its last picture came, so far. */
  readonly lastAtMs: number;
  args(path: string): string[];
  /** Writes until the source ends or the signal aborts. */
  pump(write: Write, signal: AbortSignal): Promise<void>;
}

/** The source of a camera's full picture; undefined while the camera is not open. */
export function recordSource({ video, packets, frames }: Lane): RecordSource | undefined {
  if (!video) return undefined;
  return video.framing === "mp4" ? new PacketSource(packets) : new FrameSource(frames);
}

function errorOf(state: StreamState): HubError | undefined {
  return state.state === "waiting" ? state.error : undefined;
}

class PacketSource implements RecordSource {
  readonly #packets: PacketStream;

  constructor(packets: PacketStream) {
    this.#packets = packets;
  }

  get stream(): PacketStream {
    return this.#packets;
  }

  get changes(): Changes {
    return this.#packets.changes;
  }

  get isFlowing(): boolean {
    return this.#packets.isFlowing;
  }

  get error(): HubError | undefined {
    return errorOf(this.#packets.state);
  }

  acquire(): () => void {
    return this.#packets.acquire();
  }

  async open(wish: BeginWish, signal: AbortSignal): Promise<PartFeed> {
    const { hub } = this.#packets;
    const { init, packets } = await this.#begin(wish, signal);
    // A microphone that is announced but switched off sends nothing: ffmpeg would wait for it for ever.
    while (audioTrack(init) && !packets.some(({ kind }) => kind === "audio")) {
      const [first, last] = [packets[0], packets.at(-1)];
      if (!first || !last || last.arrivedAtMs - first.arrivedAtMs > SOUND_PATIENCE_MS) break;
      const next = await hub.next(last.seq, signal);
      if (next.init !== init) break;
      packets.push(...next.packets);
    }
    return new PacketFeed(this, hub, { init, packets });
  }

  /** From the key frame of the present group, or from the next one where that lies too far back. */
  async #begin(
    { nowMs, preRollMs }: BeginWish,
    signal: AbortSignal,
  ): Promise<Beginning> {
    const { hub } = this.#packets;
    let batch = await hub.next(0, signal);
    const tooOld = (packet: Packet | undefined) =>
      preRollMs !== undefined && packet !== undefined && nowMs - packet.arrivedAtMs > preRollMs;
    let from = tooOld(batch.packets[0]) ? -1 : 0;
    while (from < 0) {
      batch = await hub.next(batch.packets.at(-1)?.seq ?? 0, signal);
      from = batch.packets.findIndex(({ isKey }) => isKey);
    }
    return { init: batch.init, packets: batch.packets.slice(from) };
  }
}

interface Beginning {
  init: InitSegment;
  packets: Packet[];
}

/** Sound that has not come by then is left out of the file. */
const SOUND_PATIENCE_MS = 1000;

/** A camera may hand over at once what it has kept: this early its packets tell when the first was taken. */
const SETTLE_MS = 5000;

class PacketFeed implements PartFeed {
  startedAtMs: number;
  lastAtMs: number;
  readonly #firstAtMs: number;
  #firstTicks: number | undefined;
  readonly #source: RecordSource;
  readonly #hub: PacketHub;
  readonly #begin: Beginning;

  constructor(source: RecordSource, hub: PacketHub, begin: Beginning) {
    this.#source = source;
    this.#hub = hub;
    this.#begin = begin;
    this.#firstAtMs = begin.packets[0]?.arrivedAtMs ?? 0;
    this.startedAtMs = this.#firstAtMs;
    this.lastAtMs = this.#firstAtMs;
    for (const packet of begin.packets) this.#reckonStart(packet);
  }

  args(path: string): string[] {
    const { init, packets } = this.#begin;
    const format = videoTrack(init)?.format ?? "";
    const hasSound = packets.some(({ kind }) => kind === "audio");
    return recordCopyArgs({ hasSound, isH265: /^h(ev|vc)1$/.test(format) }, path);
  }

  async pump(write: Write, signal: AbortSignal): Promise<void> {
    const { init, packets } = this.#begin;
    const generation = packets[0]?.generation;
    let seq = 0;
    await write(init.bytes);
    for (let batch: readonly Packet[] | undefined = packets; batch; batch = await this.#next(seq, signal)) {
      for (const packet of batch) {
        // After another beginning its packets do not go before these.
        if (packet.generation !== generation || signal.aborted) return;
        seq = packet.seq;
        this.lastAtMs = packet.arrivedAtMs;
        this.#reckonStart(packet);
        await write(packet.bytes);
      }
    }
  }

  /** Nothing comes before it was taken: what comes too early for its time shows that the first came late. */
  #reckonStart({ kind, arrivedAtMs, bytes }: Packet): void {
    if (kind !== "video" || arrivedAtMs - this.#firstAtMs > SETTLE_MS) return;
    const ticks = readFragmentHead(bytes)?.decodeTime;
    const timescale = videoTrack(this.#begin.init)?.timescale ?? 0;
    if (ticks === undefined || timescale <= 0) return;
    this.#firstTicks ??= ticks;
    const takenAtMs = arrivedAtMs - (ticks - this.#firstTicks) / timescale * 1000;
    // A camera whose clock jumps says nothing of that.
    if (this.#firstAtMs - takenAtMs < SETTLE_MS) this.startedAtMs = Math.min(this.startedAtMs, takenAtMs);
  }

  async #next(seq: number, signal: AbortSignal): Promise<readonly Packet[] | undefined> {
    return (await nextWhileFlowing(this.#source, (own) => this.#hub.next(seq, own), signal))?.packets;
  }
}

class FrameSource implements RecordSource {
  readonly #frames: FrameStream;

  constructor(frames: FrameStream) {
    this.#frames = frames;
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

  /** There is no more of before than the next picture: each would have to be kept. */
  async open(_wish: BeginWish, signal: AbortSignal): Promise<PartFeed> {
    const { hub } = this.#frames;
    const first = await hub.next(hub.latest?.seq ?? 0, signal);
    return new FrameFeed(this, hub, first);
  }
}

class FrameFeed implements PartFeed {
  readonly startedAtMs: number;
  lastAtMs: number;
  readonly #source: RecordSource;
  readonly #hub: FrameHub;
  readonly #firstSeq: number;

  constructor(source: RecordSource, hub: FrameHub, first: Frame) {
    this.#source = source;
    this.#hub = hub;
    this.#firstSeq = first.seq;
    this.startedAtMs = first.capturedAtMs;
    this.lastAtMs = first.capturedAtMs;
  }

  args(path: string): string[] {
    return recordJpegArgs(path);
  }

  async pump(write: Write, signal: AbortSignal): Promise<void> {
    let seq = this.#firstSeq - 1;
    while (!signal.aborted) {
      const frame = await nextWhileFlowing(this.#source, (own) => this.#hub.next(seq, own), signal);
      if (!frame) return;
      seq = frame.seq;
      this.lastAtMs = frame.capturedAtMs;
      await write(frame.bytes);
    }
  }
}

/** The next of a stream; undefined when the stream ends or the signal aborts first. */
async function nextWhileFlowing<T>(
  source: RecordSource,
  next: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  using ended = new LinkedSignal(signal);
  const unsubscribe = source.changes.subscribe(() => {
    if (!source.isFlowing) ended.abort();
  });
  if (!source.isFlowing) ended.abort();
  try {
    return await next(ended.signal);
  } catch (error) {
    if (isAbort(error)) return undefined;
    throw error;
  } finally {
    unsubscribe();
  }
}
