// The history in few words: of each camera and field the least, most, mean and last value, and a line of some points.
import { HISTORY_FIELDS, type HistoryFieldName } from "./fields.ts";
import type { Aggregation, HistoryAnswer, HistoryQuery, HistoryReader } from "./query.ts";

/** Points of one line, and of all lines together: an answer that a model can read. */
export const MAX_POINTS = 60;
const MAX_ALL_POINTS = 600;

/** One field of one camera. */
export interface Series {
  camera_id: string;
  field: HistoryFieldName;
  unit: string;
  last?: number;
  min?: number;
  max?: number;
  avg?: number;
  /** Of what is counted, such as reports of motion. */
  total?: number;
  /** One for each step from the beginning on; null where nothing is known. */
  points?: (number | null)[];
}

export interface Summary extends Pick<HistoryAnswer, "tier" | "stepMs" | "fromMs" | "toMs" | "isTruncated"> {
  series: Series[];
}

/** What is asked for. */
export type SummaryQuery = Omit<HistoryQuery, "isFilled" | "maxSteps">;

/** Asks as often as there are ways to see the same steps, so that no value is smoothed away. */
export async function summarize(history: HistoryReader, asked: SummaryQuery): Promise<Summary> {
  const lines = asked.subjects.length * asked.fields.length;
  const points = Math.min(MAX_POINTS, Math.floor(MAX_ALL_POINTS / Math.max(1, lines)));
  const query = {
    ...asked,
    isFilled: true,
    maxSteps: asked.stepMs === undefined ? Math.max(2, points) : MAX_POINTS,
  };
  const shown = await history.query(query);
  const { stepMs, fromMs, toMs } = shown;
  const of = (aggregation: Aggregation) =>
    aggregation === asked.aggregation
      ? shown
      : history.query({ ...query, aggregation, stepMs, fromMs, toMs });
  const [min, max, sum, count, last] = await Promise.all(
    (["min", "max", "sum", "count", "last"] as const).map(of),
  );
  const series = asked.subjects.flatMap((subject) =>
    asked.fields.flatMap((field) => {
      const line = (answer: HistoryAnswer | undefined) => lineOf(answer, subject, field);
      const known = { min: line(min), max: line(max), sum: line(sum), count: line(count), last: line(last) };
      if (known.count.every((each) => !each)) return [];
      const isShown = points >= LEAST_POINTS || asked.stepMs !== undefined;
      return [{
        camera_id: subject,
        field,
        unit: HISTORY_FIELDS[field].unit,
        ...figures(field, known),
        ...(isShown ? { points: line(shown).map((each) => each === null ? null : round(each)) } : {}),
      }];
    })
  );
  const { tier, isTruncated } = shown;
  return { tier, stepMs, fromMs, toMs, isTruncated, series };
}

/** Fewer are not worth to be read. */
const LEAST_POINTS = 4;

function lineOf(
  answer: HistoryAnswer | undefined,
  subject: string,
  field: HistoryFieldName,
): (number | null)[] {
  return (answer?.rows ?? []).filter((row) => row.subject === subject)
    .map(({ values }) => values[field] ?? null);
}

type Known = Record<"min" | "max" | "sum" | "count" | "last", (number | null)[]>;

function figures(field: HistoryFieldName, known: Known): Partial<Series> {
  const add = (line: (number | null)[]) => line.reduce<number>((sum, each) => sum + (each ?? 0), 0);
  const values = (line: (number | null)[]) => line.filter((each) => each !== null);
  const total = add(known.sum);
  if (HISTORY_FIELDS[field].kind === "count") return { total: round(total) };
  const last = values(known.last).at(-1);
  return {
    ...(last === undefined ? {} : { last: round(last) }),
    min: round(Math.min(...values(known.min))),
    max: round(Math.max(...values(known.max))),
    avg: round(total / add(known.count)),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
