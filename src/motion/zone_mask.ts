// Zones as a mask: for each pixel of the small picture which zone it belongs to, if motion counts there at all.
import type { Zone } from "../config/camera_rules.ts";
import { GRAY_HEIGHT, GRAY_WIDTH } from "../process/motion_args.ts";

/** Where motion counts. Without a zone to count in, the whole picture does. */
export interface ZoneRules {
  zones: readonly Zone[];
  ignore: readonly Zone[];
}

/** 0: motion does not count here; n: it does, in the n-th zone, or in the picture where there are no zones. */
export class ZoneMask {
  readonly of: Uint8Array<ArrayBuffer>;
  readonly #names: readonly (string | undefined)[];

  constructor({ zones, ignore }: ZoneRules) {
    this.of = new Uint8Array(GRAY_WIDTH * GRAY_HEIGHT).fill(zones.length === 0 ? 1 : 0);
    this.#names = zones.map(({ name }) => name);
    // The first of two zones that overlap is named.
    zones.toReversed().forEach((zone, index) => fill(this.of, zone, zones.length - index));
    for (const zone of ignore) fill(this.of, zone, 0);
  }

  /** The name of a zone by its number, if it has one; unnamed zones are counted: "zone 2". */
  nameOf(number: number): string | undefined {
    if (this.#names.length === 0 || number < 1) return undefined;
    return this.#names[number - 1] ?? `zone ${number}`;
  }
}

/** Sets every pixel whose middle lies inside the polygon (even-odd rule). */
function fill(mask: Uint8Array, { points }: Zone, value: number): void {
  for (let y = 0; y < GRAY_HEIGHT; y++) {
    const crossings = crossingsAt((y + 0.5) / GRAY_HEIGHT, points);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const from = Math.ceil((crossings[i] ?? 0) * GRAY_WIDTH - 0.5);
      const to = Math.ceil((crossings[i + 1] ?? 0) * GRAY_WIDTH - 0.5);
      mask.fill(value, y * GRAY_WIDTH + Math.max(0, from), y * GRAY_WIDTH + Math.min(GRAY_WIDTH, to));
    }
  }
}

/** Where the polygon's edges cross a horizontal line, from left to right. */
function crossingsAt(y: number, points: Zone["points"]): number[] {
  const found: number[] = [];
  points.forEach((from, index) => {
    const to = points[(index + 1) % points.length];
    if (!to || from.y > y === to.y > y) return;
    found.push(from.x + (y - from.y) / (to.y - from.y) * (to.x - from.x));
  });
  return found.sort((a, b) => a - b);
}
