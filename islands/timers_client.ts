// What the card of timers asks of the hub, and what it reckons by itself.
import type { TimerView } from "../src/operations/timer_views.ts";
import { callOperation } from "./api.ts";
import { formatRunning } from "./format.ts";

const TEXT = { minutes: (minutes: number) => `${minutes} min` };

/** Timers as the hub told them, and when: milliseconds on the page's own clock, which nobody sets. */
export interface TimersNow {
  timers: TimerView[];
  atMs: number;
}

const MINUTE_S = 60;
const LEAST_S = 1;

/** What is left of a timer by now, milliseconds. */
export function leftMs({ remaining_s }: TimerView, { atMs }: TimersNow, nowMs: number): number {
  return Math.max(0, remaining_s * 1000 - (nowMs - atMs));
}

/** "2:31": a second that has begun counts. */
export function leftText(ms: number): string {
  return formatRunning(Math.ceil(ms / 1000) * 1000);
}

/** A name for a timer of so many minutes that none has. */
export function freeName(minutes: number, timers: readonly TimerView[]): string {
  const taken = new Set(timers.map(({ name }) => name.toLowerCase()));
  const name = TEXT.minutes(minutes);
  for (let n = 1;; n++) {
    const candidate = n === 1 ? name : `${name} (${n})`;
    if (!taken.has(candidate.toLowerCase())) return candidate;
  }
}

/** Those that were not over before and are now. */
export function justDone(before: readonly TimerView[], now: readonly TimerView[]): TimerView[] {
  const running = new Set(before.filter(({ state }) => state === "running").map(({ timer_id }) => timer_id));
  return now.filter(({ timer_id, state }) => state === "done" && running.has(timer_id));
}

export async function startTimer(name: string, minutes: number): Promise<void> {
  await callOperation("set_timer", { name, duration_s: minutes * MINUTE_S });
}

/** Sets a timer anew to so much; so does whoever takes a cancellation back. */
export async function setLeft({ name, zone, camera_id }: TimerView, ms: number): Promise<void> {
  await callOperation("set_timer", {
    name,
    duration_s: Math.max(LEAST_S, ms / 1000),
    ...(zone === undefined ? {} : { zone }),
    ...(camera_id === undefined ? {} : { camera_id }),
  });
}

/** Cancels one that runs, or puts one away that is over. */
export async function cancelTimer({ timer_id }: TimerView): Promise<void> {
  await callOperation("cancel_timer", { timer_id });
}
