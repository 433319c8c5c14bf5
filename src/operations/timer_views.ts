// The shapes in which timers are shown to the outside: JSON of the API, the live socket, pages and islands.
import { isoTime } from "../base/clock.ts";
import type { TimerState } from "../timers/timer.ts";

/** One timer. Times are ISO 8601 by the hub's clock. */
export interface TimerView {
  timer_id: number;
  name: string;
  state: "running" | "done";
  /** When this was told; 0 when it is done. */
  remaining_s: number;
  /** How long it was set for. */
  duration_s: number;
  ends_at: string;
  /** When the hub told that it was over. */
  ended_at?: string;
  /** How much too late that was, as the hub did not run. */
  late_s?: number;
  zone?: string;
  camera_id?: string;
}

export function timerView(timer: TimerState): TimerView {
  const { id, name, leftMs, durationMs, endsAtMs, endedAtMs, lateMs, zone, camera } = timer;
  return {
    timer_id: id,
    name,
    state: endedAtMs === undefined ? "running" : "done",
    remaining_s: Math.round(leftMs / 100) / 10,
    duration_s: Math.round(durationMs / 100) / 10,
    ends_at: isoTime(endsAtMs),
    ...(endedAtMs === undefined ? {} : { ended_at: isoTime(endedAtMs) }),
    ...(lateMs === 0 ? {} : { late_s: Math.round(lateMs / 1000) }),
    ...(zone === undefined ? {} : { zone }),
    ...(camera === undefined ? {} : { camera_id: camera }),
  };
}
