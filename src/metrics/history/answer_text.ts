// An answer of the history as JSON rows or as CSV, made piece by piece: a long one must not hold up the pictures.
import { isoTime } from "../../base/clock.ts";
import { HISTORY_FIELDS, type HistoryFieldName } from "./fields.ts";
import type { OpenAnswer, RowLists } from "./open_answer.ts";
import type { Aggregation, HistoryRow, Tier } from "./query.ts";

/** What stands before the rows. Times are ISO 8601 in UTC. */
export interface HistoryHead {
  tier: Tier;
  step_s: number;
  from: string;
  to: string;
  agg: Aggregation;
  /** True where there is more than was answered: ask for less time, longer steps or fewer cameras. */
  truncated: boolean;
  fields: { name: HistoryFieldName; unit: string }[];
}

/** What was asked, as far as the text needs it. */
export interface AskedFields {
  fields: readonly HistoryFieldName[];
  aggregation: Aggregation;
}

/** Rows that become text at once. */
const PIECE_ROWS = 250;

function historyHead(answer: OpenAnswer["head"], { fields, aggregation }: AskedFields): HistoryHead {
  return {
    tier: answer.tier,
    step_s: answer.stepMs / 1000,
    from: isoTime(answer.fromMs),
    to: isoTime(answer.toMs),
    agg: aggregation,
    truncated: answer.isTruncated,
    fields: fields.map((name) => ({
      name,
      unit: aggregation === "count" ? "values" : HISTORY_FIELDS[name].unit,
    })),
  };
}

/** `{"tier":…, "rows":[…]}`, a row on each line. */
export function jsonPieces({ head, rows }: OpenAnswer, asked: AskedFields): AsyncGenerator<string> {
  const opening = JSON.stringify(historyHead(head, asked)).slice(0, -1);
  return listed(rows, `${opening},"rows":[`, ({ atMs, subject, values }) => ({
    time: isoTime(atMs),
    camera: subject,
    ...values,
  }));
}

/** An object that ends with a list, a line for each of its rows. `opening` ends with the list's bracket. */
export async function* listed(
  rows: RowLists,
  opening: string,
  viewOf: (row: HistoryRow) => unknown,
): AsyncGenerator<string> {
  yield opening;
  let separator = "\n";
  for await (const piece of pieces(rows)) {
    yield separator + piece.map((row) => JSON.stringify(viewOf(row))).join(",\n");
    separator = ",\n";
  }
  yield "\n]}\n";
}

/** CSV as in RFC 4180, with a line of names. What is not known is empty. */
export async function* csvPieces({ rows }: OpenAnswer, { fields }: AskedFields): AsyncGenerator<string> {
  yield csvLine(["time", "camera", ...fields]);
  for await (const piece of pieces(rows)) {
    yield piece.map((row) => csvLine(cellsOf(row, fields))).join("");
  }
}

function cellsOf({ atMs, subject, values }: HistoryRow, fields: readonly HistoryFieldName[]): Cell[] {
  return [isoTime(atMs), subject, ...fields.map((name) => values[name])];
}

async function* pieces(rows: RowLists): AsyncGenerator<readonly HistoryRow[]> {
  for await (const list of rows) {
    for (let at = 0; at < list.length; at += PIECE_ROWS) yield list.slice(at, at + PIECE_ROWS);
  }
}

type Cell = string | number | null | undefined;

/** One line. A text that a spreadsheet would take for a formula gets an apostrophe in front. */
export function csvLine(cells: readonly Cell[]): string {
  return cells.map(cellText).join(",") + "\r\n";
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
