// Which parts of a picture privacy zones cover, as a small grey picture: each of its pixels stands for a block of the
// large one. Pure. In doubt a block is covered.
import type { Zone } from "../config/camera_rules.ts";
import type { GreyPicture } from "../protocols/png/grey.ts";

/** Edge of a block, in pixels of the picture. */
export const BLOCK_PIXELS = 4;
const COVERED = 255;

/** A picture's size in pixels. */
export interface PictureSize {
  width: number;
  height: number;
}

/**
 * 255 for each block that a zone touches, and for those around it: what compression smears over an edge stays inside.
 * A zone that crosses itself covers all that it goes around.
 */
export function maskOf(zones: readonly Zone[], size: PictureSize): GreyPicture {
  const width = Math.ceil(size.width / BLOCK_PIXELS);
  const height = Math.ceil(size.height / BLOCK_PIXELS);
  const touched = new Uint8Array(width * height);
  const grid = { width, height, pixels: touched };
  for (const { points } of zones) {
    const corners = points.map(({ x, y }) => ({
      x: x * size.width / BLOCK_PIXELS,
      y: y * size.height / BLOCK_PIXELS,
    }));
    fill(grid, corners);
    outline(grid, corners);
  }
  return widened(grid);
}

interface Point {
  x: number;
  y: number;
}

interface Edge {
  from: Point;
  to: Point;
}

function edgesOf(corners: readonly Point[]): Edge[] {
  return corners.map((from, i) => ({ from, to: corners[(i + 1) % corners.length] ?? from }));
}

/** Covers the blocks whose middle lies inside, by the number of times that the outline goes around it. */
function fill({ width, height, pixels }: GreyPicture, corners: readonly Point[]): void {
  const edges = edgesOf(corners);
  for (let row = 0; row < height; row++) {
    const crossings = crossingsOf(edges, row + 0.5);
    let winding = 0;
    for (let i = 0; i + 1 < crossings.length; i++) {
      const [left, right] = [crossings[i], crossings[i + 1]];
      if (!left || !right) continue;
      winding += left.turn;
      if (winding === 0) continue;
      const first = Math.max(0, Math.ceil(left.x - 0.5));
      const last = Math.min(width - 1, Math.floor(right.x - 0.5));
      if (first <= last) pixels.fill(COVERED, row * width + first, row * width + last + 1);
    }
  }
}

function crossingsOf(edges: readonly Edge[], y: number): { x: number; turn: 1 | -1 }[] {
  return edges.flatMap(({ from, to }) => {
    if ((from.y <= y) === (to.y <= y)) return [];
    const x = from.x + (y - from.y) / (to.y - from.y) * (to.x - from.x);
    return [{ x, turn: from.y <= y ? 1 as const : -1 as const }];
  }).sort((a, b) => a.x - b.x);
}

/** Covers the blocks along the outline: thin zones have no block's middle in them. */
function outline({ width, height, pixels }: GreyPicture, corners: readonly Point[]): void {
  for (const { from, to } of edgesOf(corners)) {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) * 2));
    for (let step = 0; step <= steps; step++) {
      const column = Math.floor(from.x + (to.x - from.x) * step / steps);
      const row = Math.floor(from.y + (to.y - from.y) * step / steps);
      pixels[Math.min(height - 1, row) * width + Math.min(width - 1, column)] = COVERED;
    }
  }
}

/** One block more on every side. */
function widened({ width, height, pixels }: GreyPicture): GreyPicture {
  const wide = new Uint8Array(pixels.length);
  for (let at = 0; at < pixels.length; at++) {
    if (pixels[at] === 0) continue;
    const [column, row] = [at % width, Math.floor(at / width)];
    const first = Math.max(0, column - 1);
    const last = Math.min(width - 1, column + 1);
    for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
      wide.fill(COVERED, y * width + first, y * width + last + 1);
    }
  }
  return { width, height, pixels: wide };
}
