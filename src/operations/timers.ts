// Operations on timers: countdowns with names, for the kitchen and elsewhere.
import { z } from "zod";
import { inputError } from "../config/problems.ts";
import { idSchema } from "../config/schema.ts";
import { MAX_DURATION_MS, MAX_NAME_CHARS, type TimerWish } from "../timers/timer.ts";
import { read, write } from "./define.ts";
import type { Hub } from "./hub.ts";
import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";
import { type TimerView, timerView } from "./timer_views.ts";

const { success, verified, count } = schemas;
const text = z.string();
const seconds = z.number().min(0);
const LEAST_MS = 1000;

const timer = z.object(
  {
    timer_id: count,
    name: text,
    state: z.enum(["running", "done"]),
    remaining_s: seconds,
    duration_s: seconds,
    ends_at: text,
    ended_at: text.optional(),
    late_s: seconds.optional().meta({ description: "Told so late: the hub was off" }),
    zone: text.optional(),
    camera_id: text.optional(),
  } satisfies Record<keyof TimerView, z.ZodType>,
);

/** In one line, and written in one way: a name is a label of metrics, where no two may look alike in bytes. */
const name = z.string().trim().normalize().min(1).max(MAX_NAME_CHARS).refine(
  (given) => !/[\p{Cc}\p{Cs}]/u.test(given),
  "Expected a name in one line",
);

const listTimers = read({
  name: "list_timers",
  title: "List timers",
  summary: "Lists countdowns, the next to end first; done ones stay until cancelled",
  toolset: "system",
  http: { method: "GET", path: "/api/timers" },
  input: z.object({}),
  output: z.object({ success, timers: z.array(timer) }),
  examples: [{ title: "All", input: {} }],
  run: ({ hub }) => Promise.resolve({ success: true as const, timers: hub.timers.list.map(timerView) }),
});

const wish = z.object({
  name,
  duration_s: z.number().min(LEAST_MS / 1000).max(MAX_DURATION_MS / 1000).optional(),
  until: schemas.time.optional().meta({ description: "In place of duration_s" }),
  zone: name.optional(),
  camera_id: idSchema.optional(),
});

/** @throws HubError `invalid_input`, or `not_found` for a camera that is not there. */
function checkWish({ clock, manager }: Hub, given: z.output<typeof wish>): TimerWish {
  const { name, duration_s, until, zone, camera_id: camera } = given;
  if (camera !== undefined) manager.get(camera);
  const rest = { name, zone, camera };
  const untilMs = schemas.epochMs(until);
  if ((duration_s === undefined) === (untilMs === undefined)) {
    throw inputError([{
      path: "duration_s",
      message: untilMs === undefined ? "How long is missing" : "Either duration_s or until, not both",
      expected: "seconds, or a time in until",
    }]);
  }
  if (untilMs === undefined) return { ...rest, end: { durationMs: (duration_s ?? 0) * 1000 } };
  const leftMs = untilMs - clock.now();
  if (leftMs >= LEAST_MS && leftMs <= MAX_DURATION_MS) return { ...rest, end: { untilMs } };
  throw inputError([{
    path: "until",
    message: leftMs < LEAST_MS ? "That time is past" : "That is too far away",
    expected: "a time in the next 7 days",
  }]);
}

const setTimer = write({
  name: "set_timer",
  title: "Set a timer",
  summary: "Starts a countdown; one of the same name starts anew",
  guide: "Its end is an event of kind timer, shown and sounded on the dashboard",
  toolset: "system",
  input: wish,
  output: z.object({ success, timer, verified }),
  examples: [
    { title: "Eggs", input: { name: "Eggs", duration_s: 360 } },
    { title: "In the kitchen", input: { name: "Bread", duration_s: 2700, zone: "Kitchen" } },
  ],
  would: ({ hub }, given) => {
    const { name, end } = checkWish(hub, given);
    const leftS = ("untilMs" in end ? end.untilMs - hub.clock.now() : end.durationMs) / 1000;
    const isKnown = hub.timers.list.some((each) => each.name.toLowerCase() === name.toLowerCase());
    return `${isKnown ? "Start anew" : "Start"} the timer "${name}": ${Math.round(leftS)} s`;
  },
  run: async ({ hub }, given) => ({
    success: true as const,
    timer: timerView(await hub.timers.set(checkWish(hub, given))),
    verified: "readback" as const,
  }),
});

const which = z.object({
  timer_id: count.optional(),
  name: name.optional().meta({ description: "In place of timer_id" }),
});

/** The number, or the name. @throws HubError `invalid_input`. */
function wantedOf({ timer_id, name }: z.output<typeof which>): number | string {
  const wanted = timer_id ?? name;
  if (wanted !== undefined && (timer_id === undefined || name === undefined)) return wanted;
  throw inputError([{
    path: "timer_id",
    message: wanted === undefined ? "Which timer is meant" : "Either timer_id or name, not both",
    expected: "what list_timers gives",
  }]);
}

const cancelTimer = write({
  name: "cancel_timer",
  title: "Cancel a timer",
  summary: "Ends a countdown silently, or puts a done one away",
  toolset: "system",
  input: which,
  output: z.object({ success, timer, verified }),
  examples: [{ title: "By its name", input: { name: "Eggs" } }],
  would: ({ hub }, given) => `Cancel the timer "${hub.timers.find(wantedOf(given)).name}"`,
  run: async ({ hub }, given) => ({
    success: true as const,
    timer: timerView(await hub.timers.cancel(wantedOf(given))),
    verified: "readback" as const,
  }),
});

export const TIMER_OPERATIONS: readonly Operation[] = [listTimers, setTimer, cancelTimer];
