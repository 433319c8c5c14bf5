// Which movements a camera offers, and the keys for them.
import type { Move } from "./use_ptz.ts";

export type PtzAxis = "pan" | "tilt" | "zoom";

/** A direction, as it is named on the pad. */
export type PtzWay = "up" | "left" | "right" | "down" | "closer" | "wider";

/** One step, as a share of the camera's whole range. */
const STEP = 0.1;

const WAYS: Readonly<Record<PtzWay, { axis: PtzAxis; by: number; keys: readonly string[] }>> = {
  up: { axis: "tilt", by: STEP, keys: ["ArrowUp"] },
  left: { axis: "pan", by: -STEP, keys: ["ArrowLeft"] },
  right: { axis: "pan", by: STEP, keys: ["ArrowRight"] },
  down: { axis: "tilt", by: -STEP, keys: ["ArrowDown"] },
  closer: { axis: "zoom", by: STEP, keys: ["+", "="] },
  wider: { axis: "zoom", by: -STEP, keys: ["-"] },
};

const ALL_AXES: readonly PtzAxis[] = ["pan", "tilt", "zoom"];

/** The directions of a camera with these axes; all of them where they are not known. */
export function waysOf(axes: readonly PtzAxis[] = ALL_AXES): PtzWay[] {
  return (Object.keys(WAYS) as PtzWay[]).filter((way) => axes.includes(WAYS[way].axis));
}

/** One step in a direction, naming only the axis that moves. */
export function stepOf(way: PtzWay): Move {
  const { axis, by } = WAYS[way];
  return { [axis]: by };
}

/** The direction that a key stands for, if it is one of these. */
export function wayOfKey(key: string, ways: readonly PtzWay[]): PtzWay | undefined {
  return ways.find((way) => WAYS[way].keys.includes(key));
}
