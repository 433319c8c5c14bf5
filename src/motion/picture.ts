// The small picture in which motion is looked for: its size, its cells, and how noise is taken out of it. Pure.
import { GRAY_HEIGHT, GRAY_WIDTH } from "../process/motion_args.ts";

export const WIDTH = GRAY_WIDTH;
export const HEIGHT = GRAY_HEIGHT;
export const PIXELS = WIDTH * HEIGHT;

/** People are shown motion in cells of so many pixels each way. */
export const CELL = 5;
export const COLUMNS = WIDTH / CELL;
export const ROWS = HEIGHT / CELL;

/** Means of each pixel and its eight neighbours: noise becomes a third, edges stay within a pixel. */
export function smooth(picture: Uint8Array, into: Float32Array, sums: Uint16Array): void {
  for (let at = 0; at < PIXELS; at++) {
    const column = at % WIDTH;
    const middle = picture[at]!;
    const left = column === 0 ? middle : picture[at - 1]!;
    const right = column === WIDTH - 1 ? middle : picture[at + 1]!;
    sums[at] = left + middle + right;
  }
  for (let at = 0; at < PIXELS; at++) {
    const middle = sums[at]!;
    const above = at < WIDTH ? middle : sums[at - WIDTH]!;
    const below = at >= PIXELS - WIDTH ? middle : sums[at + WIDTH]!;
    into[at] = (above + middle + below) / 9;
  }
}

/** Sets the pixels of `mask` that have at least `least` set among themselves and their neighbours. */
export function despeckle(mask: Uint8Array, into: Uint8Array, least: number): void {
  into.fill(0);
  for (let y = 1; y < HEIGHT - 1; y++) {
    for (let at = y * WIDTH + 1; at < (y + 1) * WIDTH - 1; at++) {
      if (mask[at] === 0) continue;
      const above = mask[at - WIDTH - 1]! + mask[at - WIDTH]! + mask[at - WIDTH + 1]!;
      const beside = mask[at - 1]! + 1 + mask[at + 1]!;
      const below = mask[at + WIDTH - 1]! + mask[at + WIDTH]! + mask[at + WIDTH + 1]!;
      if (above + beside + below >= least) into[at] = 1;
    }
  }
}
