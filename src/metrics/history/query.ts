// What can be asked of the history, and what is answered.
import type { HistoryFieldName } from "./fields.ts";

/** The tables, from fine to coarse. */
export const TIERS = ["raw", "5m", "1h"] as const;
export type Tier = typeof TIERS[number];

/** How the values of one step become one. Of a count only `sum` and `count` mean something else than its sum. */
export const AGGREGATIONS = ["avg", "min", "max", "last", "sum", "count"] as const;
export type Aggregation = typeof AGGREGATIONS[number];

/** A question. Times are milliseconds since 1970; `toMs` is not included. */
export interface HistoryQuery {
  /** Ids of cameras, or `HUB_SUBJECT`. */
  subjects: readonly string[];
  fromMs: number;
  toMs: number;
  /** Length of a step, milliseconds; left out, the finest of which there are `maxSteps` at most. */
  stepMs?: number | undefined;
  aggregation: Aggregation;
  fields: readonly HistoryFieldName[];
  /** Steps of which nothing is known have a row of their own. */
  isFilled: boolean;
  /** Most steps of one subject. */
  maxSteps: number;
}

/** What one subject had in one step. A field that is not known is absent, or null where steps are filled. */
export interface HistoryRow {
  atMs: number;
  subject: string;
  values: Partial<Record<HistoryFieldName, number | null>>;
}

/** The answer. Rows are ordered by subject as asked, then by time. */
export interface HistoryAnswer {
  /** The table that was read: of those that reach back to the beginning, the coarsest that gives this step. */
  tier: Tier;
  stepMs: number;
  /** As it was answered: ends lie on whole steps. */
  fromMs: number;
  toMs: number;
  /** True where there is more than was answered. */
  isTruncated: boolean;
  rows: HistoryRow[];
}

/** Keeps and answers. Live values, not yet on the disk, are part of every answer. */
export interface HistoryReader {
  /** @throws HubError `invalid_input` for a step or span that cannot be, `unavailable` when the history cannot be read. */
  query(query: HistoryQuery): Promise<HistoryAnswer>;
  /** Everybody of whom something is kept: cameras, those that were removed too, and `HUB_SUBJECT`. */
  readonly subjects: readonly string[];
}
