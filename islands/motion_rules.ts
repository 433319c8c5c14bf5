// A camera's motion rules as they are edited: all zones in one list, each for one of two purposes. Pure.
import type { MotionView } from "../src/operations/views.ts";
import type { OwnInput } from "./api.ts";
import type { DraftZone } from "./zones.ts";

export type MotionRules = MotionView["rules"];

/** What can be changed in the editor. */
export interface MotionDraft {
  zones: readonly DraftZone[];
  sensitivity: number;
  minArea: number;
  minDurationS: number;
}

export const COUNT = "count";
export const IGNORE = "ignore";

export function draftOf({ zones, ignore, sensitivity, min_area, min_duration_s }: MotionRules): MotionDraft {
  const drawn = [
    ...zones.map((zone) => ({ zone, kind: COUNT })),
    ...ignore.map((zone) => ({ zone, kind: IGNORE })),
  ];
  return {
    zones: drawn.map(({ zone, kind }, index) => ({
      id: index + 1,
      name: zone.name ?? "",
      kind,
      points: zone.points,
    })),
    sensitivity,
    minArea: min_area,
    minDurationS: min_duration_s,
  };
}

export function rulesOf(
  { zones, sensitivity, minArea, minDurationS }: MotionDraft,
): OwnInput<"set_motion_rules"> {
  const of = (kind: string) =>
    zones.filter((zone) => zone.kind === kind).map(({ name, points }) => {
      const title = name.trim();
      return { ...(title === "" ? {} : { name: title }), points: points.map(({ x, y }) => ({ x, y })) };
    });
  return {
    zones: of(COUNT),
    ignore: of(IGNORE),
    sensitivity,
    min_area: minArea,
    min_duration_s: minDurationS,
  };
}
