// A long answer in parts, a subject at a time: what the database told of one is put together before the next is asked.
import type { HistoryAnswer, HistoryQuery, HistoryReader, HistoryRow } from "./query.ts";

/** Rows list by list, each asked for when the one before it was taken. */
export type RowLists = Iterable<readonly HistoryRow[]> | AsyncIterable<readonly HistoryRow[]>;

/** An answer of which the rows are still to come. */
export interface OpenAnswer {
  /** All but the rows. */
  head: Omit<HistoryAnswer, "rows">;
  rows: RowLists;
}

/** Asks for the first subject; the steps of all others are the same. @throws HubError as the history's `query`. */
export async function openAnswer(history: HistoryReader, query: HistoryQuery): Promise<OpenAnswer> {
  const [first, ...others] = query.subjects;
  const { rows, ...head } = await history.query({ ...query, subjects: first === undefined ? [] : [first] });
  const { stepMs, fromMs, toMs } = head;
  async function* lists(): AsyncGenerator<readonly HistoryRow[]> {
    yield rows;
    for (const subject of others) {
      yield (await history.query({ ...query, subjects: [subject], stepMs, fromMs, toMs })).rows;
    }
  }
  return { head, rows: lists() };
}
