// Time and pixels of the timeline: moving, zooming, and the marks of its ruler. Pure. Times are milliseconds since 1970.

/** The stretch of time that is shown. */
export interface View {
  fromMs: number;
  toMs: number;
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** The page of recordings with a camera at a moment. */
export function momentHref(camera: string, atMs: number): string {
  return `/recordings?${new URLSearchParams({ camera, at: String(atMs) })}`;
}

/** The moment that such an address names, milliseconds since 1970; undefined where it names none. */
export function momentOf(at: string | undefined): number | undefined {
  return at !== undefined && /^\d{1,14}$/.test(at) ? Number(at) : undefined;
}

/** The hour around a moment. */
export function hourAround(atMs: number): View {
  return { fromMs: atMs - HOUR_MS / 2, toMs: atMs + HOUR_MS / 2 };
}

/** What can be shown at least and at most. */
export interface Limits {
  leastMs: number;
  mostMs: number;
}

const TIMELINE_LIMITS: Limits = { leastMs: 20 * SECOND_MS, mostMs: 62 * DAY_MS };

export function spanOf({ fromMs, toMs }: View): number {
  return toMs - fromMs;
}

/** Where a moment lies, in pixels of that width. */
export function xOf({ fromMs, toMs }: View, atMs: number, width: number): number {
  return (atMs - fromMs) / (toMs - fromMs) * width;
}

/** The moment at a pixel. */
export function timeAt(view: View, x: number, width: number): number {
  return view.fromMs + x / Math.max(1, width) * spanOf(view);
}

export function moved({ fromMs, toMs }: View, byMs: number): View {
  return { fromMs: fromMs + byMs, toMs: toMs + byMs };
}

/** Shows `factor` times as much; the moment given stays where it is. */
export function zoomed(view: View, factor: number, aroundMs: number, limits = TIMELINE_LIMITS): View {
  const span = spanOf(view);
  const wanted = Math.min(limits.mostMs, Math.max(limits.leastMs, span * factor));
  const share = (aroundMs - view.fromMs) / span;
  const fromMs = aroundMs - wanted * share;
  return { fromMs, toMs: fromMs + wanted };
}

/** The same stretch, moved so that the moment lies in it. */
export function withMoment(view: View, atMs: number): View {
  if (atMs >= view.fromMs && atMs <= view.toMs) return view;
  return moved(view, atMs - (view.fromMs + view.toMs) / 2);
}

/** The day on which a moment lies, by the clock here. */
export function dayOf(atMs: number): View {
  const day = new Date(atMs);
  day.setHours(0, 0, 0, 0);
  const next = new Date(day);
  next.setDate(day.getDate() + 1);
  return { fromMs: day.getTime(), toMs: next.getTime() };
}

/** How far apart marks may be: what people count in. */
const STEPS_MS = [1, 2, 5, 10, 15, 30].map((each) => each * SECOND_MS)
  .concat([1, 2, 5, 10, 15, 30].map((each) => each * MINUTE_MS))
  .concat([1, 2, 3, 6, 12].map((each) => each * HOUR_MS))
  .concat([1, 2, 3, 7, 10, 14].map((each) => each * DAY_MS));

/** One mark of the ruler. */
export interface Mark {
  atMs: number;
  /** True where a day begins. */
  isDay: boolean;
}

/** Marks at round times by the clock here, no closer together than that many pixels; also where the clock is put on. */
export function marksOf(view: View, width: number, leastPixels: number): Mark[] {
  const most = Math.max(1, Math.floor(width / leastPixels));
  const stepMs = STEPS_MS.find((each) => spanOf(view) / each <= most) ?? 28 * DAY_MS;
  const marks: Mark[] = [];
  for (let day = dayOf(view.fromMs); day.fromMs <= view.toMs; day = dayOf(day.toMs + HOUR_MS)) {
    if (stepMs >= DAY_MS) {
      // Days are counted from one that everybody counts from, so that marks stay when the view moves.
      const index = Math.round(day.fromMs / DAY_MS);
      if (index % (stepMs / DAY_MS) === 0) marks.push({ atMs: day.fromMs, isDay: true });
      continue;
    }
    for (const atMs of timesOf(day, stepMs)) {
      if (atMs >= view.fromMs && atMs <= view.toMs) marks.push({ atMs, isDay: atMs === day.fromMs });
    }
  }
  return marks;
}

/** Times of a day; whole hours by the clock here, also after it was put on or back. */
function timesOf({ fromMs, toMs }: View, stepMs: number): number[] {
  const count = Math.ceil((toMs - fromMs) / stepMs);
  const begin = new Date(fromMs);
  const times = Array.from({ length: count }, (_, index) => {
    if (stepMs < HOUR_MS) return fromMs + index * stepMs;
    const hours = index * stepMs / HOUR_MS;
    return new Date(begin.getFullYear(), begin.getMonth(), begin.getDate(), hours).getTime();
  });
  // An hour that is left out is the one after it.
  return [...new Set(times)].filter((atMs) => atMs < toMs);
}

/** What a key does to the moment and the view. */
export type KeyAction =
  | { step: number }
  | { zoom: number }
  | { go: "first" | "last" | "next" | "previous" }
  | { toggle: true }
  | { mark: "from" | "to" };

/** Keys of the timeline; undefined for those that are none. */
export function keyAction(key: string, isShifted: boolean): KeyAction | undefined {
  const share = isShifted ? 0.1 : 0.01;
  switch (key) {
    case "ArrowLeft":
      return { step: -share };
    case "ArrowRight":
      return { step: share };
    case "PageUp":
      return { step: -0.5 };
    case "PageDown":
      return { step: 0.5 };
    case "+":
    case "=":
      return { zoom: 1 / 1.5 };
    case "-":
      return { zoom: 1.5 };
    case "Home":
      return { go: "first" };
    case "End":
      return { go: "last" };
    case "n":
      return { go: "next" };
    case "p":
      return { go: "previous" };
    case " ":
      return { toggle: true };
    case "[":
      return { mark: "from" };
    case "]":
      return { mark: "to" };
    default:
      return undefined;
  }
}
