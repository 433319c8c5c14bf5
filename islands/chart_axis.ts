// The marks of a chart's time axis, by the clock of who looks. Pure.
import { DAY_MS, type Mark, marksOf, spanOf, type View } from "./timeline_scale.ts";

/** So far apart, at least, that their words do not touch. */
const MARK_PIXELS = 72;
/** Longer than this, months are marked. */
const MONTHS_FROM_MS = 75 * DAY_MS;

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const MONTH = new Intl.DateTimeFormat("en-GB", { month: "short" });
const YEAR = new Intl.DateTimeFormat("en-GB", { month: "short", year: "numeric" });

/** Marks at round times of the clock here, also over changes of the clock. */
export function axisMarks(view: View, width: number): Mark[] {
  if (spanOf(view) <= MONTHS_FROM_MS) {
    return marksOf(view, width, MARK_PIXELS).filter(({ atMs }) => atMs >= view.fromMs);
  }
  const months = spanOf(view) / (30.44 * DAY_MS);
  const most = Math.max(1, Math.floor(width / MARK_PIXELS));
  const step = [1, 2, 3, 6, 12].find((each) => months / each <= most) ?? 12;
  return monthsIn(view).filter((atMs) => new Date(atMs).getMonth() % step === 0)
    .map((atMs) => ({ atMs, isDay: true }));
}

/** The words at a mark. */
export function markText({ atMs, isDay }: Mark, view: View): string {
  if (spanOf(view) <= MONTHS_FROM_MS) return (isDay ? DAY : CLOCK).format(atMs);
  return (new Date(atMs).getMonth() === 0 ? YEAR : MONTH).format(atMs);
}

function monthsIn({ fromMs, toMs }: View): number[] {
  const first = new Date(fromMs);
  const months: number[] = [];
  for (let month = 0;; month++) {
    const atMs = new Date(first.getFullYear(), first.getMonth() + month, 1).getTime();
    if (atMs > toMs) return months;
    if (atMs >= fromMs) months.push(atMs);
  }
}
