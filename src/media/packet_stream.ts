// One stream of video as the camera encodes it (H.264, H.265), read by one process for any number of consumers.
import type { Changes } from "../base/changes.ts";
import { Fmp4Splitter } from "../protocols/fmp4/splitter.ts";
import {
  type Intake,
  OnDemandProcess,
  type ProcessSource,
  type StreamContext,
  type StreamState,
} from "./on_demand.ts";
import { PacketHub } from "./packet_hub.ts";
import { RateMeter } from "./rate_meter.ts";

/** Figures of a packet stream since the hub started. */
export interface PacketFigures {
  packetsTotal: number;
  keyFramesTotal: number;
  bytesTotal: number;
  restartsTotal: number;
}

/** Reads one source into a `PacketHub`. `run` does the work; without consumers it holds nothing open. */
export class PacketStream {
  readonly hub: PacketHub;
  /** Of pictures, not of sound. */
  readonly meter = new RateMeter();
  readonly #context: StreamContext;
  readonly #process: OnDemandProcess<ProcessSource>;
  #packetsTotal = 0;
  #keyFramesTotal = 0;
  #bytesTotal = 0;

  constructor(context: StreamContext) {
    this.#context = context;
    this.hub = new PacketHub(context.preRoll);
    this.#process = new OnDemandProcess(context, () => this.#begin());
  }

  get figures(): Readonly<PacketFigures> {
    return {
      packetsTotal: this.#packetsTotal,
      keyFramesTotal: this.#keyFramesTotal,
      bytesTotal: this.#bytesTotal,
      restartsTotal: this.#process.restarts,
    };
  }

  get changes(): Changes {
    return this.#process.changes;
  }

  get state(): StreamState {
    return this.#process.state;
  }

  /** True while packets come and will go on coming. */
  get isFlowing(): boolean {
    return this.#process.isFlowing;
  }

  get consumers(): number {
    return this.#process.consumers;
  }

  setSource(source: ProcessSource | undefined): void {
    this.#process.setSource(source);
  }

  /** Tries at once, if the stream waits for its next try. */
  retryNow(): void {
    this.#process.retryNow();
  }

  /** Keeps the stream running until the returned function is called. */
  acquire(): () => void {
    return this.#process.acquire();
  }

  /** Serves consumers until the signal aborts. */
  run(signal: AbortSignal): Promise<void> {
    return this.#process.run(signal);
  }

  #begin(): Intake {
    this.meter.reset();
    const { clock } = this.#context;
    const splitter = new Fmp4Splitter({
      onInit: (init) => this.hub.begin(init),
      onFragment: (fragment) => {
        const packet = this.hub.publish(fragment, clock.now(), clock.monotonic());
        if (!packet) return;
        this.#packetsTotal++;
        this.#bytesTotal += packet.bytes.length;
        if (packet.isKey) this.#keyFramesTotal++;
        if (packet.kind === "video") this.meter.add(packet.bytes.length, clock.monotonic());
      },
    });
    return {
      push: (chunk) => {
        const before = this.#packetsTotal;
        splitter.push(chunk);
        return this.#packetsTotal > before;
      },
      end: () => this.hub.end(),
    };
  }
}
