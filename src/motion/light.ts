// Whether a change is light that falls on the scene: it has no edges of its own, which a thing has. Pure.
import type { Blob } from "./blobs.ts";
import { HEIGHT, WIDTH } from "./picture.ts";

/** Darkness at which brightness can no longer be compared as a ratio, grey levels. */
const DARKEST = 16;
/** At an edge the ratio changes from one pixel to the one after the next by so much of the whole change. */
const EDGE_SHARE = 0.22;
/** So much of its rim must be an edge for a change to be a thing. */
const LEAST_RIM_SHARE = 0.15;

/**
 * True when the rim of a change is soft: what is lit differently keeps its shapes.
 * @param mask the pixels that have changed.
 */
export function isLight(
  blob: Readonly<Blob>,
  mask: Uint8Array,
  picture: Float32Array,
  background: Float32Array,
): boolean {
  const ratio = (at: number) => (picture[at]! + DARKEST) / (background[at]! + DARKEST);
  let change = 0;
  for (let index = 0; index < blob.area; index++) change += Math.abs(ratio(blob.pixels[index]!) - 1);
  const least = change / blob.area * EDGE_SHARE;
  let rim = 0, edges = 0;
  for (let index = 0; index < blob.area; index++) {
    const at = blob.pixels[index]!;
    const x = at % WIDTH, y = Math.floor(at / WIDTH);
    if (x < 2 || y < 2 || x >= WIDTH - 2 || y >= HEIGHT - 2) continue;
    const inside = mask[at - 1]! + mask[at + 1]! + mask[at - WIDTH]! + mask[at + WIDTH]!;
    if (inside === 4) continue;
    rim++;
    const across = Math.abs(ratio(at + 1) - ratio(at - 1));
    const down = Math.abs(ratio(at + WIDTH) - ratio(at - WIDTH));
    if (Math.max(across, down) >= least) edges++;
  }
  return rim > 0 && edges < rim * LEAST_RIM_SHARE;
}
