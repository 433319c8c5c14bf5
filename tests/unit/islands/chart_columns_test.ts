// From rows of the history to lines and figures.
import { assertEquals } from "@std/assert";
import type { View } from "../../../islands/timeline_scale.ts";
import { columnsOf, figuresOf, hasValues, type HistoryRow, valueAt } from "../../../islands/chart_columns.ts";

const STEP = 30_000;
const T = Date.parse("2026-03-01T10:00:00Z");
const row = (steps: number, camera: string, latency_ms?: number | null): HistoryRow => ({
  atMs: T + steps * STEP,
  camera,
  ...(latency_ms === undefined ? {} : { latency_ms }),
});
const ALL = { fromMs: T, toMs: T + 100 * STEP };

Deno.test("[METRICS-VIEW-GAPS] columnsOf: what is not known is a hole, never 0; another one's row is none", () => {
  const rows = [
    row(0, "a", 5),
    row(1, "a"),
    row(2, "a", null),
    row(3, "a", 0),
    // One step without a row is the jitter of measuring, three are a gap.
    row(5, "a", 7),
    row(9, "a", 8),
    row(0.5, "b", 1),
    row(1.5, "b", 1),
    row(7, "b", 1),
  ];
  const { times, values } = columnsOf(rows, "latency_ms", { subjects: ["a", "b", "c"], stepMs: STEP });
  assertEquals(times.map((atMs) => (atMs - T) / STEP), [0, 0.5, 1, 1.5, 2, 2.5, 3, 5, 6, 7, 9]);
  const U = undefined;
  assertEquals(values, [
    [5, U, null, null, null, null, 0, 7, null, null, 8],
    [U, 1, U, 1, U, null, null, null, null, 1, U],
    Array(11).fill(U),
  ]);
});

Deno.test("[METRICS-VIEW-FIGURES] figuresOf: least, mean, most and last of what is shown; nothing of what is unknown", () => {
  const rows = [row(0, "a", 100), row(1, "a", 4), row(2, "a"), row(3, "a", 8), row(0, "b")];
  const columns = columnsOf(rows, "latency_ms", { subjects: ["a", "b"], stepMs: STEP });
  const shown = { fromMs: T + STEP, toMs: T + 3 * STEP };
  const figures = (line: number, view: View) => figuresOf(columns, { line, lines: 2, view });
  assertEquals(figures(0, shown), { least: 4, mean: 6, most: 8, last: 8, total: 12 });
  assertEquals([figures(1, ALL), figures(5, ALL)], [undefined, undefined]);
  assertEquals([hasValues(columns), hasValues({ times: [T], values: [[null], [undefined]] })], [true, false]);
  // The least and the most within steps stand in columns of their own: a peak is not lost in a mean.
  const subjects = ["a", "b", "a min", "b min", "a max", "b max"];
  const more = [...rows, row(1, "a min", 1), row(3, "a max", 90), row(0, "a max", 900)];
  const all = columnsOf(more, "latency_ms", { subjects, stepMs: STEP });
  const { least, most, mean } = figuresOf(all, { line: 0, lines: 2, view: shown })!;
  assertEquals([least, mean, most], [1, 6, 90]);
});

Deno.test("[METRICS-VIEW-FIGURES] valueAt: that of the step; nothing in a gap", () => {
  const rows = [row(0, "a", 5), row(1, "a", 6), row(6, "a", 7), row(1.5, "b", 1), row(2, "a", null)];
  const columns = columnsOf(rows, "latency_ms", { subjects: ["a", "b"], stepMs: STEP });
  const at = (steps: number, line = 0) => valueAt(columns, line, { atMs: T + steps * STEP, stepMs: STEP });
  assertEquals([at(-1), at(0), at(0.9), at(1.7), at(2.1), at(5.9), at(6)], [
    undefined,
    5,
    5,
    6,
    undefined,
    undefined,
    7,
  ]);
  assertEquals([at(1.2, 1), at(1.9, 1)], [undefined, 1]);
});
