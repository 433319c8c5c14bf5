// Connected pixels of a mask as things: how large each is, how much of it moves, where it is. Allocates nothing.
import { HEIGHT, PIXELS, WIDTH } from "./picture.ts";

/** One thing; the same object is used for the next one. */
export interface Blob {
  /** Pixels. */
  area: number;
  /** Of them those that still change. */
  moving: number;
  /** Sum over its pixels of how many times the threshold they differ by. */
  contrast: number;
  /** Its pixels are the first `area` ones here. */
  readonly pixels: Int32Array;
}

/** Finds things in masks. */
export class BlobFinder {
  readonly #seen = new Uint8Array(PIXELS);
  readonly #blob: Blob = { area: 0, moving: 0, contrast: 0, pixels: new Int32Array(PIXELS) };

  /** Calls back for each thing, eight neighbours being connected. @param contrast for each pixel. */
  find(
    mask: Uint8Array,
    moving: Uint8Array,
    contrast: Float32Array,
    onBlob: (blob: Readonly<Blob>) => void,
  ): void {
    this.#seen.fill(0);
    for (let at = 0; at < PIXELS; at++) {
      if (mask[at] === 0 || this.#seen[at] === 1) continue;
      this.#grow(at, mask);
      const blob = this.#blob;
      for (let index = 0; index < blob.area; index++) {
        const pixel = blob.pixels[index]!;
        blob.moving += moving[pixel]!;
        blob.contrast += contrast[pixel]!;
      }
      onBlob(blob);
    }
  }

  #grow(from: number, mask: Uint8Array): void {
    const blob = this.#blob;
    Object.assign(blob, { area: 0, moving: 0, contrast: 0 });
    this.#take(from);
    for (let index = 0; index < blob.area; index++) {
      const at = blob.pixels[index]!;
      const x = at % WIDTH;
      const y = (at - x) / WIDTH;
      for (let row = Math.max(0, y - 1); row <= Math.min(HEIGHT - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(WIDTH - 1, x + 1); column++) {
          const next = row * WIDTH + column;
          if (mask[next] === 1 && this.#seen[next] === 0) this.#take(next);
        }
      }
    }
  }

  #take(pixel: number): void {
    this.#seen[pixel] = 1;
    this.#blob.pixels[this.#blob.area++] = pixel;
  }
}
