// Whether a change is of the whole picture: a light, the camera's own movement, a switch to night. Pure.
import { HEIGHT, PIXELS, WIDTH } from "./picture.ts";

/** So much of the picture changed at once: no thing is that large. */
const WHOLE_SHARE = 0.5;
/** What changes in so many parts of the picture that show something at all is the camera that moves. */
const SPREAD_SHARE = 0.65;
/** … as long as it is more than specks. */
const LEAST_SPREAD_CHANGE = 0.06;
/** Parts of 10 by 10 pixels. */
const PART = 10;
const COLUMNS = WIDTH / PART;
const PARTS = COLUMNS * (HEIGHT / PART);
/** A part shows something when so many of its neighbouring pixels differ by so many grey levels. */
const EDGE_LEVELS = 6;
const LEAST_EDGES = 8;
/** Of fewer parts than this nothing can be said. */
const LEAST_TEXTURED = 12;
const LEAST_CHANGED_IN_PART = 8;

/** Tells changes of the whole picture. Keeps its counters. */
export class WholePicture {
  readonly #edges = new Uint16Array(PARTS);
  readonly #changes = new Uint16Array(PARTS);

  /** @param changed 1 where a pixel differs from the background, specks left out. */
  hasChanged(changed: Uint8Array, background: Float32Array): boolean {
    const share = this.#count(changed, background) / PIXELS;
    if (share >= WHOLE_SHARE) return true;
    if (share < LEAST_SPREAD_CHANGE) return false;
    let textured = 0, changedParts = 0;
    for (let part = 0; part < PARTS; part++) {
      if (this.#edges[part]! < LEAST_EDGES) continue;
      textured++;
      if (this.#changes[part]! >= LEAST_CHANGED_IN_PART) changedParts++;
    }
    return textured >= LEAST_TEXTURED && changedParts / textured >= SPREAD_SHARE;
  }

  /** Fills the counters; returns how many pixels have changed. */
  #count(changed: Uint8Array, background: Float32Array): number {
    this.#edges.fill(0);
    this.#changes.fill(0);
    let total = 0;
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const at = y * WIDTH + x;
        const part = Math.floor(y / PART) * COLUMNS + Math.floor(x / PART);
        const across = x + 1 < WIDTH ? Math.abs(background[at]! - background[at + 1]!) : 0;
        const down = y + 1 < HEIGHT ? Math.abs(background[at]! - background[at + WIDTH]!) : 0;
        if (Math.max(across, down) >= EDGE_LEVELS) this.#edges[part]! += 1;
        this.#changes[part]! += changed[at]!;
        total += changed[at]!;
      }
    }
    return total;
  }
}
