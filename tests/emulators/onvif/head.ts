// The motors of the emulated camera: where it looks, and how it gets there.
import type { Ranges } from "./model.ts";
import type { Position } from "./model.ts";

const TICK_MS = 40;
/** Shares of the whole way in a second, at full speed. */
const SPEED_PER_S = 0.5;

export class Head {
  readonly ranges: Ranges;
  readonly #view: (position: Position) => void;
  readonly #presets = new Map<string, { name: string; position: Position }>();
  #position: Position = { pan: 0, tilt: 0, zoom: 0 };
  #home: Position = { pan: 0, tilt: 0, zoom: 0 };
  #timer: number | undefined;
  #lastToken = 0;

  constructor(ranges: Partial<Ranges>, view: (position: Position) => void) {
    this.ranges = { pan: [-1, 1], tilt: [-1, 1], zoom: [0, 1], ...ranges };
    this.#view = view;
  }

  /** Pan and tilt −1…1, zoom 0…1. */
  get position(): Position {
    return { ...this.#position };
  }

  get isMoving(): boolean {
    return this.#timer !== undefined;
  }

  get presets(): ReadonlyMap<string, { name: string; position: Position }> {
    return this.#presets;
  }

  /** At once; the emulator does not play the way between. */
  moveTo(target: Partial<Position>): void {
    this.stop();
    this.#set({ ...this.#position, ...target });
  }

  moveBy(by: Partial<Position>): void {
    const { pan, tilt, zoom } = this.#position;
    this.moveTo({ pan: pan + (by.pan ?? 0), tilt: tilt + (by.tilt ?? 0), zoom: zoom + (by.zoom ?? 0) });
  }

  /** Velocities −1…1. */
  moveOn(velocity: Partial<Position>, timeoutMs: number): void {
    this.stop();
    const begin = performance.now();
    const from = this.#position;
    const step = () => {
      const ms = Math.min(timeoutMs, performance.now() - begin);
      const way = ms / 1000 * SPEED_PER_S;
      this.#set({
        pan: from.pan + (velocity.pan ?? 0) * 2 * way,
        tilt: from.tilt + (velocity.tilt ?? 0) * 2 * way,
        zoom: from.zoom + (velocity.zoom ?? 0) * way,
      });
      if (ms >= timeoutMs) this.stop();
    };
    this.#timer = setInterval(step, TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Returns the token. */
  save(name: string, token: string | undefined): string {
    const own = token ?? String(++this.#lastToken);
    this.#presets.set(own, { name, position: this.position });
    return own;
  }

  /** False for an unknown token. */
  recall(token: string): boolean {
    const preset = this.#presets.get(token);
    if (preset) this.moveTo(preset.position);
    return preset !== undefined;
  }

  remove(token: string): boolean {
    return this.#presets.delete(token);
  }

  goHome(): void {
    this.moveTo(this.#home);
  }

  setHome(): void {
    this.#home = this.position;
  }

  #set({ pan, tilt, zoom }: Position): void {
    const within = (value: number, min: number) => Math.min(1, Math.max(min, value));
    this.#position = { pan: within(pan, -1), tilt: within(tilt, -1), zoom: within(zoom, 0) };
    this.#view(this.position);
  }
}
