// The history in few words: of each camera and field the least, most, mean and last value, and a line of some points.
import { HISTORY_FIELDS, type HistoryFieldName } from "./fields.ts";
import type { HistoryAnswer, HistoryQuery, HistoryReader } from "./query.ts";

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

/**
 * Asks as often as there are ways to see the same steps, so that no value is smoothed away. A step that would give too
 * many points is passed over.
 */
export async function summarize(history: HistoryReader, asked: SummaryQuery): Promise<Summary> {
  const { subjects, fields, stepMs: given = 0 } = asked;
  const lines = Math.max(1, subjects.length * fields.length);
  const maxSteps = Math.max(2, Math.min(MAX_POINTS, Math.floor(MAX_ALL_POINTS / lines)));
  const isCoarse = (asked.toMs - asked.fromMs) / given <= maxSteps - 1;
  const query = { ...asked, stepMs: isCoarse ? given : undefined, isFilled: true, maxSteps };
  const shown = await history.query(query);
  const { tier, stepMs, fromMs, toMs, isTruncated } = shown;
  const ways = await waysOf(history, { ...query, stepMs, fromMs, toMs });
  const series = subjects.flatMap((subject) => {
    const all = new Map(WAYS.map((way) => [way, linesOf(ways[way], subject, fields)] as const));
    const points = linesOf(shown, subject, fields);
    return fields.flatMap((field): Series[] => {
      const known = (way: Way) => (all.get(way)?.get(field) ?? []).filter((each) => each !== null);
      if (known("count").length === 0) return [];
      const line = points.get(field)?.map((each) => each === null ? null : round(each));
      const figures = figuresOf(field, known);
      const head = { camera_id: subject, field, unit: HISTORY_FIELDS[field].unit, ...figures };
      return [maxSteps < LEAST_POINTS || !line ? head : { ...head, points: line }];
    });
  });
  return { tier, stepMs, fromMs, toMs, isTruncated, series };
}

const WAYS = ["min", "max", "sum", "count", "last"] as const;
type Way = typeof WAYS[number];

async function waysOf(history: HistoryReader, query: HistoryQuery): Promise<Record<Way, HistoryAnswer>> {
  const answers = await Promise.all(WAYS.map((aggregation) => history.query({ ...query, aggregation })));
  return Object.fromEntries(WAYS.map((way, at) => [way, answers[at]])) as Record<Way, HistoryAnswer>;
}

/** Fewer are not worth to be read. */
const LEAST_POINTS = 4;

/** What a subject had of each field, step by step. */
function linesOf(
  { rows }: HistoryAnswer,
  subject: string,
  fields: readonly HistoryFieldName[],
): Map<HistoryFieldName, (number | null)[]> {
  const own = rows.filter((row) => row.subject === subject);
  return new Map(fields.map((field) => [field, own.map(({ values }) => values[field] ?? null)]));
}

function figuresOf(field: HistoryFieldName, known: (way: Way) => number[]): Partial<Series> {
  const add = (line: number[]) => line.reduce((sum, each) => sum + each, 0);
  const total = add(known("sum"));
  if (HISTORY_FIELDS[field].kind === "count") return { total: round(total) };
  const last = known("last").at(-1);
  return {
    ...(last === undefined ? {} : { last: round(last) }),
    min: round(Math.min(...known("min"))),
    max: round(Math.max(...known("max"))),
    avg: round(total / add(known("count"))),
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
