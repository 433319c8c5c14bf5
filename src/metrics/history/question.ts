// A question to the history as it stands in an address: which time, whose, which values, and how they are told.
import type { HistoryFieldName } from "./fields.ts";
import { LENGTH, MOMENT, parseLength, parseMoment } from "./moment.ts";
import { Params } from "./params.ts";
import { type Aggregation, AGGREGATIONS, type HistoryQuery } from "./query.ts";
import { FIELD_NAMES, fieldsFor, subjectsFor } from "./subjects.ts";

/** Steps of one subject in one answer. */
export const MAX_STEPS = 1000;
/** Rows of one answer, of all subjects together. */
export const MAX_ROWS = 20_000;
/** Subjects that one question can name. */
const MAX_SUBJECTS = 200;
/** How far back an answer reaches where `from` is left out. */
const DEFAULT_SPAN_MS = 24 * 3_600_000;

export const HISTORY_FORMATS = ["rows", "csv"] as const;
export type HistoryFormat = typeof HISTORY_FORMATS[number];

/** The names that a question can have. */
export const HISTORY_PARAMS = ["camera", "from", "to", "step", "agg", "fields", "fill", "format"] as const;

export interface HistoryQuestion {
  query: HistoryQuery;
  format: HistoryFormat;
}

/** What is known where the question is asked. */
export interface Asked {
  nowMs: number;
  /** Ids of the cameras that there are. */
  cameras: readonly string[];
}

/** Reads a question. @throws HubError `invalid_input` that names everything that is wrong with it. */
export function parseQuestion(given: URLSearchParams, { nowMs, cameras }: Asked): HistoryQuestion {
  const params = new Params(given, HISTORY_PARAMS);
  const named = params.list("camera", MAX_SUBJECTS);
  const fields = fieldsOf(params, named);
  const subjects = named ?? subjectsFor(fields, cameras).slice(0, MAX_SUBJECTS);
  const maxSteps = Math.min(MAX_STEPS, Math.floor(MAX_ROWS / Math.max(1, subjects.length)));
  const query = {
    subjects,
    fields,
    ...spanOf(params, nowMs, maxSteps),
    aggregation: params.choice<Aggregation>("agg", AGGREGATIONS, "avg"),
    isFilled: params.choice("fill", ["null", "none"], "none") === "null",
    maxSteps,
  };
  const format = params.choice<HistoryFormat>("format", HISTORY_FORMATS, "rows");
  params.check();
  return { query, format };
}

/** Which time, and how it is cut. */
type Span = Pick<HistoryQuery, "fromMs" | "toMs" | "stepMs">;

/** Reads `from`, `to` and `step` alone. @throws HubError `invalid_input`. */
export function parseSpan(given: Readonly<Record<string, string | undefined>>, nowMs: number): Span {
  const texts = Object.entries(given).flatMap(([name, text]) => text === undefined ? [] : [[name, text]]);
  const params = new Params(new URLSearchParams(texts), ["from", "to", "step"]);
  const span = spanOf(params, nowMs, Infinity);
  params.check();
  return span;
}

/** Where `from` is left out, as far back as there are steps for. */
function spanOf(params: Params, nowMs: number, maxSteps: number): Span {
  const read = (text: string) => parseMoment(text, nowMs);
  const to = params.value("to", read, MOMENT);
  const from = params.value("from", read, MOMENT);
  const stepMs = params.value("step", parseLength, LENGTH);
  // What was measured this very moment belongs to it.
  const toMs = to ?? nowMs + 1;
  const spanMs = Math.min(DEFAULT_SPAN_MS, (stepMs ?? Infinity) * (maxSteps - 1));
  const fromMs = Math.max(0, from ?? (to ?? nowMs) - spanMs);
  if (fromMs >= toMs && !params.isRefused("from", "to")) {
    params.refuse("from", "is not before to", "an earlier time than that of to");
  }
  return { fromMs, toMs, stepMs };
}

/** Those named; otherwise all that those named can have. */
function fieldsOf(params: Params, subjects: readonly string[] | undefined): readonly HistoryFieldName[] {
  const named = params.list("fields", FIELD_NAMES.length);
  return named
    ? named.flatMap((each) => params.word("fields", each, FIELD_NAMES) ?? [])
    : fieldsFor(subjects);
}
