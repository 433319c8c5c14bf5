// Holds an armed camera's stream open and keeps its last seconds in memory. Not of one with a battery: that would be
// empty soon.
import type { Clock } from "../base/clock.ts";
import type { Camera } from "../devices/camera.ts";
import type { Media } from "../media/media.ts";
import type { RecordSource } from "./record_source.ts";
import { recordSource } from "./sources.ts";

/** What holding needs of the house. */
export interface StandbyContext {
  media: Pick<Media, "find">;
  clock: Clock;
}

/** The standby of one camera. */
export class Standby {
  readonly #camera: Camera;
  readonly #context: StandbyContext;
  #held: { source: RecordSource; durationMs: number; release: () => void } | undefined;

  constructor(camera: Camera, context: StandbyContext) {
    this.#camera = camera;
    this.#context = context;
  }

  /** True for one that is not held open, to spare its battery. */
  get isSpared(): boolean {
    return this.#camera.device?.capabilities.power !== undefined;
  }

  /** How much is kept at present; undefined where nothing is held. */
  get keptMs(): number | undefined {
    if (!this.#held) return undefined;
    const { earlier } = this.#held.source.stream.hub;
    return earlier.sinceMs === undefined ? 0 : this.#context.clock.monotonic() - earlier.sinceMs;
  }

  /** Keeps so much of before from now on; 0 lets go. */
  adapt(durationMs: number): void {
    const lane = this.#context.media.find(this.#camera.id)?.main;
    const source = lane && recordSource(lane, this.#context.clock);
    const wanted = this.isSpared ? 0 : durationMs;
    if (wanted === 0 || !source) return this.stop();
    if (this.#held?.source.stream === source.stream && this.#held.durationMs === wanted) return;
    const letGo = [source.keep(wanted), source.acquire()];
    const before = this.#held;
    const release = () => letGo.forEach((each) => each());
    this.#held = { source, durationMs: wanted, release };
    before?.release();
  }

  /** Lets go of the stream and of what was kept. */
  stop(): void {
    this.#held?.release();
    this.#held = undefined;
  }
}
