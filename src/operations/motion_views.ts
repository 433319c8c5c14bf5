// How motion detection stands at a camera, as it is shown.
import { isoTime } from "../base/clock.ts";
import type { MotionDetector } from "../motion/detector.ts";
import { COLUMNS, ROWS } from "../motion/picture.ts";
import type { Hub } from "./hub.ts";
import type { MotionSightView, MotionView } from "./views.ts";

/** Undefined for a camera that is not there. */
export function motionView(cameraId: string, hub: Pick<Hub, "motion" | "rules">): MotionView | undefined {
  const detector = hub.motion.find(cameraId);
  if (!detector) return undefined;
  return { ...standing(detector), ...lately(detector), rules: detector.rules };
}

/** What the newest picture showed; undefined while the hub does not look. */
export function motionSight(cameraId: string, { motion }: Pick<Hub, "motion">): MotionSightView | undefined {
  const sight = motion.find(cameraId)?.sight;
  if (!sight) return undefined;
  const cells = [...sight.cells.keys()].filter((cell) => sight.cells[cell] === 1);
  return {
    at: isoTime(sight.atMs),
    score: round(sight.score),
    area: Math.round(sight.area * 1000) / 10,
    unsteady: sight.isUnsteady,
    columns: COLUMNS,
    rows: ROWS,
    cells,
  };
}

function standing(
  { state }: MotionDetector,
): Pick<MotionView, "by" | "state" | "reason" | "hint" | "next_try_at"> {
  if (state.state === "off") {
    const { byCamera, reason, hint } = state.why;
    return {
      by: byCamera ? "camera" : "nobody",
      state: "off",
      reason,
      ...(hint === undefined ? {} : { hint }),
    };
  }
  if (state.state !== "waiting") return { by: "hub", state: state.state };
  const { error: { message, hint }, nextTryAtMs } = state;
  return {
    by: "hub",
    state: "waiting",
    reason: message,
    ...(hint === undefined ? {} : { hint }),
    ...(nextTryAtMs === undefined ? {} : { next_try_at: isoTime(nextTryAtMs) }),
  };
}

function lately(detector: MotionDetector): Pick<MotionView, "active" | "last_motion_at"> {
  const { state: { state }, isActive, lastMotionAtMs } = detector;
  return {
    ...(state === "off" ? {} : { active: isActive }),
    ...(lastMotionAtMs === undefined ? {} : { last_motion_at: isoTime(lastMotionAtMs) }),
  };
}

function round(score: number): number {
  return Math.round(score * 100) / 100;
}
