// The one time along which several cameras are played: it follows the picture of the first that has one, waits for all, and
// jumps over time in which nothing was recorded.
import type { PanePlayer } from "./pane_player.ts";

/** What is used of a pane. */
export type Pane = Pick<PanePlayer, "state" | "atMs" | "nextMs" | "show">;

/** The choice of speeds. */
export const RATES = [0.5, 1, 2, 4, 8] as const;

/** What moves it on. */
export interface PlaybackTick {
  panes: readonly Pane[];
  atMs: number;
  /** Since the last tick. */
  elapsedMs: number;
  rate: number;
}

/** The moment that follows; undefined at the end of what was recorded. */
export function nextMoment({ panes, atMs, elapsedMs, rate }: PlaybackTick): number | undefined {
  if (panes.length === 0) return undefined;
  // A picture that loads holds all others up: they belong together.
  if (panes.some(({ state }) => state === "loading" || state === "looking")) return atMs;
  const showing = panes.filter(({ state }) => state === "ready");
  const [lead] = showing;
  if (lead) {
    const ledMs = lead.atMs ?? atMs;
    // The last picture of a file stands still: then the time goes on by itself, into the next file.
    return ledMs > atMs
      ? Math.min(ledMs, atMs + elapsedMs * rate + MOST_AHEAD_MS * rate)
      : atMs + elapsedMs * rate;
  }
  const nexts = panes.flatMap(({ nextMs }) => nextMs === undefined || nextMs <= atMs ? [] : [nextMs]);
  return nexts.length > 0 ? Math.min(...nexts) : undefined;
}

const MOST_AHEAD_MS = 500;
