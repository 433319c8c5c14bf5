// A recording made from the packets of a camera that makes video: they are copied as they come.
import type { Changes } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import type { HubError } from "../base/errors.ts";
import type { Packet, PacketHub } from "../media/packet_hub.ts";
import type { PacketStream } from "../media/packet_stream.ts";
import { recordCopyArgs } from "../process/record_args.ts";
import { readFragmentHead } from "../protocols/fmp4/fragment.ts";
import { audioTrack, type InitSegment, videoTrack } from "../protocols/fmp4/init_segment.ts";
import {
  type BeginWish,
  errorOf,
  nextWhileFlowing,
  type PartFeed,
  type RecordSource,
  type Write,
  type WriteManner,
} from "./record_source.ts";

/** A camera that makes video: its packets are copied. */
export class PacketSource implements RecordSource {
  readonly isJpeg = false;
  readonly #packets: PacketStream;
  readonly #clock: Clock;

  constructor(packets: PacketStream, clock: Clock) {
    this.#packets = packets;
    this.#clock = clock;
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

  keep(durationMs: number): () => void {
    return this.#packets.hub.earlier.want(durationMs);
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
    const hasSound = packets.some(({ kind }) => kind === "audio");
    return new PacketFeed(this, hub, { init, packets, hasSound });
  }

  /** From the key frame of the present group, or from the next one where that lies too far back. */
  async #begin(
    { nowMs, preRollMs, isAtLeast }: BeginWish,
    signal: AbortSignal,
  ): Promise<Pick<Beginning, "init" | "packets">> {
    const { hub } = this.#packets;
    let batch = await hub.next(0, signal);
    if (isAtLeast && preRollMs !== undefined) {
      const kept = hub.from(this.#clock.monotonic() - preRollMs) ?? batch;
      return { init: kept.init, packets: [...kept.packets] };
    }
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
  hasSound: boolean;
}

/** Sound that has not come by then is left out of the file. */
const SOUND_PATIENCE_MS = 1000;

/** A camera may hand over at once what it has kept: this early its packets tell when the first was taken. */
const SETTLE_MS = 5000;

class PacketFeed implements PartFeed {
  startedAtMs: number;
  readonly #firstAtMs: number;
  #firstTicks: number | undefined;
  readonly #isKnown: boolean;
  readonly #source: RecordSource;
  readonly #hub: PacketHub;
  readonly #begin: Omit<Beginning, "packets">;
  /** By the camera's own time, where the file begins. */
  readonly #beginTicks: number | undefined;
  /** What it begins with, until that is written: it may be a minute of before. */
  #packets: readonly Packet[];

  /** @param startedAtMs when its first picture was taken, where that is known already. */
  constructor(source: RecordSource, hub: PacketHub, { packets, ...begin }: Beginning, startedAtMs?: number) {
    this.#source = source;
    this.#hub = hub;
    this.#begin = begin;
    this.#packets = packets;
    const [first] = packets;
    this.#beginTicks = first && this.#ticksOf(first.bytes);
    this.#firstAtMs = first?.arrivedAtMs ?? 0;
    this.startedAtMs = startedAtMs ?? this.#firstAtMs;
    this.#isKnown = startedAtMs !== undefined;
    for (const packet of packets) this.#reckonStart(packet);
  }

  args(path: string, { maxS }: WriteManner): string[] {
    const { init, hasSound } = this.#begin;
    const format = videoTrack(init)?.format ?? "";
    return recordCopyArgs({ hasSound, isH265: /^h(ev|vc)1$/.test(format), maxS }, path);
  }

  async pump(write: Write, isDue: () => boolean, signal: AbortSignal): Promise<PartFeed | undefined> {
    const generation = this.#packets[0]?.generation;
    let seq = 0;
    await write(this.#begin.init.bytes);
    for (
      let batch: readonly Packet[] | undefined = this.#taken();
      batch;
      batch = await this.#next(seq, signal)
    ) {
      for (const [index, packet] of batch.entries()) {
        // After another beginning its packets do not go before these.
        if (packet.generation !== generation || signal.aborted) return undefined;
        if (packet.isKey && seq > 0 && isDue()) return this.#rest(batch.slice(index));
        seq = packet.seq;
        this.#reckonStart(packet);
        await write(packet.bytes);
      }
    }
    return undefined;
  }

  /** Holds them no longer: the file goes on for many minutes. */
  #taken(): readonly Packet[] {
    const packets = this.#packets;
    this.#packets = [];
    return packets;
  }

  /** What goes into the next file. Whether there is sound is known from this one. */
  #rest(packets: Packet[]): PartFeed {
    const { init, hasSound } = this.#begin;
    const [first] = packets;
    const startedAtMs = first && this.#nextStart(first);
    return new PacketFeed(this.#source, this.#hub, { init, packets, hasSound }, startedAtMs);
  }

  /** By the camera's own time the next file begins where this one ends, unless a clock was set meanwhile. */
  #nextStart({ bytes, arrivedAtMs }: Packet): number {
    const ticks = this.#ticksOf(bytes);
    const begin = this.#beginTicks;
    const timescale = videoTrack(this.#begin.init)?.timescale ?? 0;
    if (ticks === undefined || begin === undefined || timescale <= 0) return arrivedAtMs;
    const reckonedMs = this.startedAtMs + (ticks - begin) / timescale * 1000;
    return Math.abs(reckonedMs - arrivedAtMs) < SETTLE_MS ? reckonedMs : arrivedAtMs;
  }

  #ticksOf(bytes: Uint8Array): number | undefined {
    return readFragmentHead(bytes)?.decodeTime;
  }

  /** Nothing comes before it was taken: what comes too early for its time shows that the first came late. */
  #reckonStart({ kind, arrivedAtMs, bytes }: Packet): void {
    if (this.#isKnown || kind !== "video" || arrivedAtMs - this.#firstAtMs > SETTLE_MS) return;
    const ticks = this.#ticksOf(bytes);
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
