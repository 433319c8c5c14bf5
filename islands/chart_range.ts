// Which time the charts show: ranges up to now or a stretch of the past, their steps, and how the address says it. Pure.
import { DAY_MS, type Limits, moved, spanOf, type View } from "./timeline_scale.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What can be chosen with one press. */
export const RANGES = [
  { name: "1h", spanMs: HOUR_MS, title: "1 h" },
  { name: "6h", spanMs: 6 * HOUR_MS, title: "6 h" },
  { name: "24h", spanMs: DAY_MS, title: "24 h" },
  { name: "7d", spanMs: 7 * DAY_MS, title: "7 d" },
  { name: "30d", spanMs: 30 * DAY_MS, title: "30 d" },
  { name: "1y", spanMs: 365 * DAY_MS, title: "1 y" },
] as const;

/** What the charts can show at least and at most. */
export const CHART_LIMITS: Limits = { leastMs: 5 * MINUTE_MS, mostMs: 3 * 366 * DAY_MS };

/** What is shown: so much of the time up to now, which goes on, or a stretch that stands still. */
export type Shown = { spanMs: number } | View;

export function isLive(shown: Shown): shown is { spanMs: number } {
  return "spanMs" in shown;
}

/** The stretch of time at this moment. */
export function viewAt(shown: Shown, nowMs: number): View {
  return isLive(shown) ? { fromMs: nowMs - shown.spanMs, toMs: nowMs } : shown;
}

/** So near to now, as a share of what is shown, counts as now. */
const NEAR = 0.01;

/** What somebody moved or zoomed to: nothing lies after now, and what reaches it goes on with the time. */
export function settled(view: View, nowMs: number): Shown {
  const spanMs = spanOf(view);
  if (view.toMs >= nowMs - spanMs * NEAR) return { spanMs };
  return view.fromMs < 0 ? moved(view, -view.fromMs) : view;
}

/** Lengths of steps that people count in. */
const STEPS_MS = [0.5, 1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS)
  .concat([1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS))
  .concat([1, 2, 7].map((days) => days * DAY_MS));
/** More steps than this in what is shown are not seen. */
const MOST_STEPS = 300;

/**
 * The step for what is shown, milliseconds: finer the less is shown.
 * @param intervalMs how often something is measured: shorter steps would be empty in between.
 */
export function stepFor(spanMs: number, intervalMs: number): number {
  return STEPS_MS.find((each) => each >= intervalMs && spanMs / each <= MOST_STEPS) ?? 7 * DAY_MS;
}

/** What is loaded for a view: half as much again on either side, so that moving it shows something at once. */
export function loadedFor(view: View, nowMs: number): View {
  const margin = spanOf(view) / 2;
  return { fromMs: Math.max(0, view.fromMs - margin), toMs: Math.min(nowMs, view.toMs + margin) };
}

/** What the page's address says. */
export interface ChartQuery {
  shown: Shown;
  /** Undefined: all cameras. */
  cameras: string[] | undefined;
}

export const DEFAULT_SHOWN: Shown = { spanMs: 6 * HOUR_MS };

/** Reads an address such as `?range=7d&camera=door,yard` or `?from=1767225600000&to=1767229200000`. */
export function readQuery(query: Readonly<Record<string, string | undefined>>): ChartQuery {
  const { range, from, to, camera } = query;
  const view = { fromMs: Number(from), toMs: Number(to) };
  const span = spanOf(view);
  const isView = from !== undefined && to !== undefined && view.fromMs >= 0 &&
    span >= CHART_LIMITS.leastMs && span <= CHART_LIMITS.mostMs;
  const ids = camera?.split(",").filter((id) => id !== "");
  return { shown: isView ? view : rangeOf(range), cameras: ids && ids.length > 0 ? ids : undefined };
}

function rangeOf(name: string | undefined): Shown {
  const found = RANGES.find((each) => each.name === name);
  if (found) return { spanMs: found.spanMs };
  const seconds = /^(\d{3,9})s$/.exec(name ?? "")?.[1];
  const spanMs = Number(seconds) * 1000;
  const isPossible = spanMs >= CHART_LIMITS.leastMs && spanMs <= CHART_LIMITS.mostMs;
  return isPossible ? { spanMs } : DEFAULT_SHOWN;
}

/** The address that shows the same to others, from `?` on. */
export function writeQuery({ shown, cameras }: ChartQuery): string {
  const query = new URLSearchParams();
  if (isLive(shown)) {
    const { name } = RANGES.find((each) => each.spanMs === shown.spanMs) ?? {};
    query.set("range", name ?? `${Math.round(shown.spanMs / 1000)}s`);
  } else {
    query.set("from", String(Math.round(shown.fromMs)));
    query.set("to", String(Math.round(shown.toMs)));
  }
  if (cameras) query.set("camera", cameras.join(","));
  return `?${query}`;
}
