// The shapes in which events are shown to the outside: JSON of the API, the live socket, pages and islands.
import { isoTime } from "../base/clock.ts";
import type { EventDetails, EventKind, HubEvent } from "../events/event.ts";
import type { TimerView } from "./timer_views.ts";

export type { EventDetails, EventKind };

/** One event. Times are ISO 8601 by the hub's clock. */
export interface EventView {
  /** Grows with each event. */
  seq: number;
  /** Grows with each write to any event. */
  change: number;
  /** Absent for what concerns the hub as a whole. */
  camera_id?: string;
  kind: EventKind;
  /** Who says so, for example `onvif`. */
  source: string;
  started_at: string;
  /** Absent while it goes on. */
  ended_at?: string;
  /** The beginning by the device's own clock, which may be wrong. */
  device_at?: string;
  /** Absent while it goes on. */
  duration_s?: number;
  /** How many observations were merged into it. */
  count: number;
  /** True while it goes on. */
  active: boolean;
  details?: EventDetails;
  /** Where its picture is had, a small JPEG; absent where none was kept. It may be gone before the event is. */
  snapshot?: string;
}

/** Some events, and where the journal stood when they were read. */
export interface EventPageView {
  events: EventView[];
  /** Follow the journal from here. */
  change: number;
  /** Changes up to here may be gone: who has seen less has missed something. */
  oldest: number;
  /** True when there are others beyond the limit. */
  more: boolean;
  /** With `after`: all that is wanted up to this change was given; go on from here. */
  reached?: number;
}

/** What the hub says on /api/events/live. */
export type EventMessage =
  | { op: "hello"; change: number; oldest: number }
  | { op: "event"; change: number; event: EventView }
  /** Where that was asked for: all timers, at first and after each change. */
  | { op: "timers"; timers: TimerView[] }
  | { op: "gap"; from: number; to: number; reason: "pruned" | "slow" | "reset" };

/** An event as it is shown. */
export function eventView(event: HubEvent): EventView {
  const { seq, change, camera, kind, source, startedAtMs, endedAtMs, deviceAtMs, count, details } = event;
  return {
    seq,
    change,
    ...(camera === undefined ? {} : { camera_id: camera }),
    kind,
    source,
    started_at: isoTime(startedAtMs),
    ...(endedAtMs === undefined ? {} : { ended_at: isoTime(endedAtMs) }),
    ...(deviceAtMs === undefined ? {} : { device_at: isoTime(deviceAtMs) }),
    ...(endedAtMs === undefined ? {} : { duration_s: (endedAtMs - startedAtMs) / 1000 }),
    count,
    active: endedAtMs === undefined,
    ...(details === undefined ? {} : { details }),
    ...(details?.snapshot === undefined ? {} : { snapshot: `/api/events/${seq}/snapshot` }),
  };
}
