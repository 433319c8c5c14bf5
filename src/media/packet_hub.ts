// The newest group of pictures of a video stream. Everybody reads the same packets; who is too slow jumps to the
// next key frame instead of waiting in a queue.
import { abortError } from "../base/errors.ts";
import type { Fragment } from "../protocols/fmp4/splitter.ts";
import { type InitSegment, videoTrack } from "../protocols/fmp4/init_segment.ts";
import { type PreRollBudget, PreRollMemory } from "./pre_roll.ts";

/** A packet of video or sound as every reader shares it. Nobody may change its bytes. */
export interface Packet {
  /** Counts up by one for each packet of the stream. */
  readonly seq: number;
  /** Which beginning (`init`) it belongs to. */
  readonly generation: number;
  readonly kind: "video" | "audio";
  /** True where decoding can begin. */
  readonly isKey: boolean;
  /** When the hub had the whole packet, milliseconds since 1970. */
  readonly arrivedAtMs: number;
  /** `moof` + `mdat`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a reader gets at once. */
export interface PacketBatch {
  init: InitSegment;
  packets: readonly Packet[];
  /** Packets that were skipped because the reader was too slow. */
  skipped: number;
}

/**
 * A camera that sends no key frame for so long is not kept for late readers: bytes and packets of one group. Who
 * has kept up reads on; who comes late waits for the next key frame.
 */
const MAX_GROUP_BYTES = 16 << 20;
const MAX_GROUP_PACKETS = 4000;

/** Holds one group of pictures and hands packets to whoever waits; on demand also those before it. */
export class PacketHub {
  /** Whole groups before the present one, while somebody wants them. */
  readonly earlier: PreRollMemory<Packet>;
  #init: InitSegment | undefined;
  #generation = 0;
  #videoId: number | undefined;
  #group: Packet[] = [];
  #groupBytes = 0;
  /** When the present group began, on the monotonic clock. */
  #groupAtMs = 0;
  /** True from the first key frame on, though its packets may not be kept any more. */
  #hasBegun = false;
  #lastSeq = 0;
  #waiting = new Set<() => void>();

  constructor(budget?: PreRollBudget) {
    this.earlier = new PreRollMemory(budget);
  }

  /** The stream's beginning; undefined before the first start. It stays after the stream has stopped. */
  get init(): InitSegment | undefined {
    return this.#init;
  }

  get generation(): number {
    return this.#generation;
  }

  /** A process has begun to send: earlier packets cannot go before what follows. */
  begin(init: InitSegment): void {
    this.#init = init;
    this.#generation++;
    this.#videoId = videoTrack(init)?.id;
    this.end();
  }

  /** The stream has stopped: nobody may begin with old packets. */
  end(): void {
    this.#hasBegun = false;
    this.#clear();
    this.earlier.clear();
  }

  /**
   * Makes a fragment the newest packet. Returns it, or undefined while no group has begun.
   * @param monotonicMs the same moment on the clock that never jumps.
   */
  publish(fragment: Fragment, arrivedAtMs: number, monotonicMs = arrivedAtMs): Packet | undefined {
    const kind = fragment.trackId === this.#videoId ? "video" : "audio";
    const isKey = kind === "video" && fragment.isSync;
    this.#hasBegun ||= isKey;
    if (!this.#hasBegun) return undefined;
    if (isKey) this.#beginGroup(monotonicMs);
    else if (this.#groupBytes >= MAX_GROUP_BYTES || this.#group.length >= MAX_GROUP_PACKETS) {
      this.#clear();
      // What is missing from here on cannot go before the next group.
      this.earlier.clear();
    }
    const seq = ++this.#lastSeq;
    const packet = {
      seq,
      generation: this.#generation,
      kind,
      isKey,
      arrivedAtMs,
      bytes: fragment.bytes,
    } as const;
    this.#group.push(packet);
    this.#groupBytes += fragment.bytes.length;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const wake of waiting) wake();
    return packet;
  }

  /**
   * Returns what came after `afterSeq` (0: the present group from its key frame), waiting for it if need be.
   * @throws AbortError when the signal aborts first.
   */
  async next(afterSeq: number, signal: AbortSignal): Promise<PacketBatch> {
    for (;;) {
      if (signal.aborted) throw abortError();
      const batch = this.#after(afterSeq);
      if (batch) return batch;
      await this.#change(signal);
    }
  }

  /**
   * Returns what there is from a time on, on the monotonic clock, beginning with a key frame: the group in which it
   * lies and all later ones. Undefined while there is nothing to begin with.
   */
  from(atMs: number): PacketBatch | undefined {
    const present = this.#after(0);
    if (!present || this.#groupAtMs <= atMs) return present;
    return { ...present, packets: [...this.earlier.from(atMs), ...present.packets] };
  }

  #beginGroup(atMs: number): void {
    const isWhole = this.#group[0]?.isKey === true;
    if (isWhole) {
      this.earlier.add({ items: this.#group, bytes: this.#groupBytes, atMs: this.#groupAtMs }, atMs);
    }
    this.#clear();
    this.#groupAtMs = atMs;
  }

  #after(afterSeq: number): PacketBatch | undefined {
    const [first] = this.#group;
    const init = this.#init;
    if (!first || !init || this.#lastSeq <= afterSeq) return undefined;
    if (!first.isKey && afterSeq < first.seq - 1) return undefined;
    const from = Math.max(0, afterSeq + 1 - first.seq);
    const skipped = afterSeq === 0 ? 0 : Math.max(0, first.seq - afterSeq - 1);
    return { init, packets: this.#group.slice(from), skipped };
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener("abort", done, { once: true });
    });
  }

  #clear(): void {
    this.#group = [];
    this.#groupBytes = 0;
  }
}
