// From the rows of the history to the columns that are drawn, and to the figures below them. Pure.
import type { HistoryFieldName } from "../src/metrics/history/fields.ts";
import type { View } from "./timeline_scale.ts";

/** What one camera, or the hub, had in one step. What is not known is absent or null. */
export type HistoryRow = { atMs: number; camera: string } & Partial<Record<HistoryFieldName, number | null>>;

/** The times, milliseconds, and below each the values: null where nothing is known, undefined where another one's row is. */
export interface Columns {
  times: number[];
  values: (number | null | undefined)[][];
}

/** A camera without rows for longer than so many steps was not measured: its line breaks. */
const GAP_STEPS = 2.5;

interface Point {
  atMs: number;
  value: number | null;
}

/** One column for each of the subjects, in their order. */
export function columnsOf(
  rows: readonly HistoryRow[],
  field: HistoryFieldName,
  { subjects, stepMs }: { subjects: readonly string[]; stepMs: number },
): Columns {
  const points = new Map(subjects.map((subject): [string, Point[]] => [subject, []]));
  for (const row of rows) {
    points.get(row.camera)?.push({ atMs: row.atMs, value: row[field] ?? null });
  }
  const lines = [...points.values()].map((line) => broken(line, stepMs));
  const times = [...new Set(lines.flatMap((line) => line.map(({ atMs }) => atMs)))].sort((a, b) => a - b);
  return { times, values: lines.map((line) => spread(line, times)) };
}

/** The line's values at all times: at those of other lines it is still unknown where it was before. */
function spread(line: readonly Point[], times: readonly number[]): Columns["values"][number] {
  const known = new Map(line.map(({ atMs, value }) => [atMs, value]));
  let isUnknown = false;
  return times.map((atMs) => {
    const value = known.get(atMs);
    if (value !== undefined) isUnknown = value === null;
    return value === undefined && isUnknown ? null : value;
  });
}

/** With a point of which nothing is known wherever rows are missing. */
function broken(points: readonly Point[], stepMs: number): Point[] {
  return points.flatMap((point, index) => {
    const before = points[index - 1];
    const isGap = before !== undefined && point.atMs - before.atMs > GAP_STEPS * stepMs;
    return isGap ? [{ atMs: before.atMs + stepMs, value: null }, point] : [point];
  });
}

/** True where any value is known. */
export function hasValues({ values }: Columns): boolean {
  return values.some((column) => column.some((value) => value !== null && value !== undefined));
}

/** What a line came to in a stretch of time; undefined where nothing of it is known. */
export interface Figures {
  least: number;
  mean: number;
  most: number;
  last: number;
  /** All together: of what is counted. */
  total: number;
}

/** @param lines how many there are: the columns after theirs are the least of each, and then the most. */
export function figuresOf(
  columns: Columns,
  { line, lines, view }: { line: number; lines: number; view: View },
): Figures | undefined {
  const means = knownIn(columns, line, view);
  const last = means.at(-1);
  if (last === undefined) return undefined;
  const total = means.reduce((sum, each) => sum + each, 0);
  const least = knownIn(columns, lines + line, view).concat(means);
  const most = knownIn(columns, 2 * lines + line, view).concat(means);
  return {
    least: least.reduce((a, b) => Math.min(a, b)),
    mean: total / means.length,
    most: most.reduce((a, b) => Math.max(a, b)),
    last,
    total,
  };
}

function knownIn({ times, values }: Columns, column: number, { fromMs, toMs }: View): number[] {
  return (values[column] ?? []).filter((value, at): value is number =>
    value !== null && value !== undefined && (times[at] ?? 0) >= fromMs && (times[at] ?? 0) <= toMs
  );
}

/** The value of a line at a moment: that of the step in which it lies; undefined where nothing is known of it. */
export function valueAt(
  { times, values }: Columns,
  line: number,
  at: { atMs: number; stepMs: number },
): number | undefined {
  const column = values[line] ?? [];
  for (let index = times.length - 1; index >= 0; index--) {
    const atMs = times[index] ?? 0;
    if (atMs > at.atMs) continue;
    if (at.atMs - atMs >= GAP_STEPS * at.stepMs) return undefined;
    const value = column[index];
    if (value !== undefined) return value ?? undefined;
  }
  return undefined;
}
