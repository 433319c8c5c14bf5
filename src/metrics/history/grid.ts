// Puts values of several sources together into steps.
import { HISTORY_FIELDS, type HistoryField, type HistoryFieldName } from "./fields.ts";
import type { Aggregation, HistoryRow } from "./query.ts";
import { decoded } from "./series.ts";

/** What is put together of a field in one step: its mean, its sum, …; `n` is how many values there are. */
export type Fold = "mean" | "sum" | "min" | "max" | "last" | "n";

/** A count has one meaning, whatever is asked for. */
export function foldOf(name: HistoryFieldName, aggregation: Aggregation): Fold {
  if (aggregation === "count") return "n";
  if (HISTORY_FIELDS[name].kind === "count" || aggregation === "sum") return "sum";
  return aggregation === "avg" ? "mean" : aggregation;
}

/** One part of a step: the kept value, and beside it what the fold needs: how many of a mean, the time of the last. */
export interface Part {
  value: number;
  beside: number;
}

/** The part that one value of raw is. */
export function partOf(fold: Fold, kept: number, atMs: number): Part {
  if (fold === "n") return { value: 1, beside: 0 };
  return { value: kept, beside: fold === "last" ? atMs : 1 };
}

/** One field of one subject, by steps. */
class Column {
  readonly fold: Fold;
  readonly #values: Float64Array;
  readonly #beside: Float64Array;

  constructor(fold: Fold, steps: number) {
    this.fold = fold;
    this.#values = new Float64Array(steps).fill(NaN);
    this.#beside = new Float64Array(steps);
  }

  add(step: number, { value, beside }: Part): void {
    const before = this.#values[step];
    if (before === undefined) return;
    const isFirst = Number.isNaN(before);
    if (this.fold === "last") {
      if (!isFirst && beside < (this.#beside[step] ?? 0)) return;
      this.#beside[step] = beside;
      this.#values[step] = value;
      return;
    }
    this.#beside[step] = (this.#beside[step] ?? 0) + beside;
    if (isFirst) this.#values[step] = value;
    else if (this.fold === "min") this.#values[step] = Math.min(before, value);
    else if (this.fold === "max") this.#values[step] = Math.max(before, value);
    else this.#values[step] = before + value;
  }

  /** In the field's unit; undefined where nothing is known. */
  at(step: number, field: HistoryField): number | undefined {
    const value = this.#values[step] ?? NaN;
    if (Number.isNaN(value)) return undefined;
    if (this.fold === "n") return value;
    return decoded(this.fold === "mean" ? value / (this.#beside[step] ?? 1) : value, field);
  }
}

/** What the subjects had in each step. */
export class Grid {
  readonly #fields: readonly HistoryFieldName[];
  readonly #fromMs: number;
  readonly #stepMs: number;
  readonly #steps: number;
  readonly #subjects = new Map<string, Map<HistoryFieldName, Column>>();

  constructor(
    { subjects, fields, aggregation, fromMs, stepMs, steps }: {
      subjects: readonly string[];
      fields: readonly HistoryFieldName[];
      aggregation: Aggregation;
      fromMs: number;
      stepMs: number;
      steps: number;
    },
  ) {
    this.#fields = fields;
    this.#fromMs = fromMs;
    this.#stepMs = stepMs;
    this.#steps = steps;
    for (const subject of subjects) {
      const columns = fields.map((name) => [name, new Column(foldOf(name, aggregation), steps)] as const);
      this.#subjects.set(subject, new Map(columns));
    }
  }

  /** Adds a part to the step in which a moment lies. */
  add(subject: string, field: HistoryFieldName, atMs: number, part: Part): void {
    const column = this.#subjects.get(subject)?.get(field);
    column?.add(Math.floor((atMs - this.#fromMs) / this.#stepMs), part);
  }

  /** Adds one value of raw. */
  addRaw(subject: string, field: HistoryFieldName, atMs: number, kept: number): void {
    const column = this.#subjects.get(subject)?.get(field);
    if (column) this.add(subject, field, atMs, partOf(column.fold, kept, atMs));
  }

  /** By subject as asked, then by time. */
  rows(isFilled: boolean): HistoryRow[] {
    return [...this.#subjects].flatMap(([subject, columns]) => {
      const rows: HistoryRow[] = [];
      for (let step = 0; step < this.#steps; step++) {
        const values: HistoryRow["values"] = {};
        let isKnown = false;
        for (const name of this.#fields) {
          const value = columns.get(name)?.at(step, HISTORY_FIELDS[name]);
          if (value !== undefined) isKnown = true;
          if (value !== undefined) values[name] = value;
          else if (isFilled) values[name] = null;
        }
        if (isKnown || isFilled) rows.push({ atMs: this.#fromMs + step * this.#stepMs, subject, values });
      }
      return rows;
    });
  }
}
