// A history in a folder of its own, with values that the test makes up, and the same told by plain arithmetic.
import { Logger } from "../../../../src/base/log.ts";
import { Warnings } from "../../../../src/base/warnings.ts";
import { HISTORY_FIELDS, type HistoryFieldName } from "../../../../src/metrics/history/fields.ts";
import { History, type HistoryDeps, type HistorySettings } from "../../../../src/metrics/history/history.ts";
import type { Aggregation, HistoryQuery } from "../../../../src/metrics/history/query.ts";
import type { Sample } from "../../../../src/metrics/sample.ts";
import { Database } from "../../../../src/store/database.ts";
import { FakeClock } from "../../../tools/fake_clock.ts";
import { DEFAULT_HISTORY } from "../../../tools/history_settings.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** A whole day since 1970. */
export const BEGIN = Date.UTC(2026, 4, 1);

/** What is measured: the test changes it. */
export class Scene {
  readonly clock = new FakeClock(BEGIN);
  readonly warnings = new Warnings(() => this.clock.now());
  /** Of a clock that tests move with `jumpTo`. */
  doubt: HistoryDeps["doubt"] = { isDoubted: false };
  readonly path: string;
  settings: HistorySettings = DEFAULT_HISTORY;
  samples: Sample[] = [];
  open: HistoryDeps["open"];

  constructor(folder: string) {
    this.path = `${folder}/history.sqlite`;
    this.open = () => Database.open(this.path, undefined, "history");
  }

  history(): History {
    return new History({
      clock: this.clock,
      log: new Logger(() => {}, "error"),
      warnings: this.warnings,
      doubt: this.doubt,
      settings: () => this.settings,
      samples: () => this.samples,
      open: () => this.open(),
    });
  }
}

export async function inScene(work: (scene: Scene) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(new Scene(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** One value as it was measured. */
export interface Measured {
  atMs: number;
  subject: string;
  field: HistoryFieldName;
  value: number;
}

/** What an answer must be, worked out from all that was measured. Rows as texts, to be compared. */
export function expected(
  measured: readonly Measured[],
  { subjects, fields, aggregation, fromMs, toMs }: Pick<
    HistoryQuery,
    "subjects" | "fields" | "aggregation" | "fromMs" | "toMs"
  >,
  stepMs: number,
): string[] {
  const cells = new Map<string, number[]>();
  for (const { atMs, subject, field, value } of measured.toSorted((a, b) => a.atMs - b.atMs)) {
    if (atMs < fromMs || atMs >= toMs) continue;
    if (!subjects.includes(subject) || !fields.includes(field)) continue;
    const key = `${subject} ${Math.floor(atMs / stepMs) * stepMs} ${field}`;
    cells.set(key, [...cells.get(key) ?? [], value]);
  }
  return [...cells].map(([key, values]) => {
    const field = key.split(" ")[2] as HistoryFieldName;
    return `${key} ${aggregate(values, field, aggregation).toFixed(3)}`;
  }).sort();
}

function aggregate(values: readonly number[], field: HistoryFieldName, aggregation: Aggregation): number {
  const sum = values.reduce((total, each) => total + each, 0);
  if (aggregation === "count") return values.length;
  if (aggregation === "sum" || HISTORY_FIELDS[field].kind === "count") return sum;
  if (aggregation === "avg") return sum / values.length;
  if (aggregation === "last") return values.at(-1) ?? NaN;
  return aggregation === "min" ? Math.min(...values) : Math.max(...values);
}
