// Asks the hub for the history.
import { callApi } from "./api.ts";
import type { Chart } from "./chart_list.ts";
import type { HistoryRow } from "./chart_columns.ts";
import type { View } from "./timeline_scale.ts";

/** What is asked for. */
export interface HistoryWish {
  subjects: readonly string[];
  charts: readonly Chart[];
  view: View;
  stepMs: number;
}

/** What is answered, as far as the page needs it. */
interface HistoryAnswer {
  step_s: number;
  truncated: boolean;
  rows: (Omit<HistoryRow, "atMs"> & { time: string })[];
}

/** How the values of a step become one. */
type Aggregation = "avg" | "min" | "max";

/** The address of the answer; `csv` for one that is kept as a file. */
export function historyPath(
  { subjects, charts, view, stepMs }: HistoryWish,
  { agg = "avg", format }: { agg?: Aggregation; format?: "csv" } = {},
): string {
  const query = new URLSearchParams({
    camera: subjects.join(","),
    from: String(Math.floor(view.fromMs)),
    to: String(Math.ceil(view.toMs)),
    step: String(stepMs / 1000),
    agg,
    fields: charts.map(({ field }) => field).join(","),
  });
  if (format) query.set("format", format);
  return `/metrics/history?${query}`;
}

/** What was loaded: rows of means, and of the least and the most, which name their camera `door min`, `door max`. */
export interface LoadedHistory {
  rows: readonly HistoryRow[];
  stepMs: number;
  isTruncated: boolean;
}

/** The name under which the least and the most of a subject stand; no id has a space. */
export function extremeOf(subject: string, agg: "min" | "max"): string {
  return `${subject} ${agg}`;
}

/** @throws ApiProblem */
export async function fetchHistory(wish: HistoryWish): Promise<LoadedHistory> {
  const ask = (agg: Aggregation) => callApi<HistoryAnswer>("GET", historyPath(wish, { agg }));
  const [means, least, most] = await Promise.all([ask("avg"), ask("min"), ask("max")]);
  const rowsOf = ({ rows }: HistoryAnswer, nameOf: (camera: string) => string): HistoryRow[] =>
    rows.map(({ time, ...row }) => ({ ...row, camera: nameOf(row.camera), atMs: Date.parse(time) }));
  return {
    rows: [
      ...rowsOf(means, (camera) => camera),
      ...rowsOf(least, (camera) => extremeOf(camera, "min")),
      ...rowsOf(most, (camera) => extremeOf(camera, "max")),
    ],
    stepMs: means.step_s * 1000,
    isTruncated: means.truncated,
  };
}
