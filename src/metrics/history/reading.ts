// Reads the steps of an answer out of the tables: most of the putting together is SQLite's work.
import type { NumberRows, Statement } from "../../store/protocol.ts";
import type { HistoryFieldName } from "./fields.ts";
import { type Fold, foldOf, type Grid } from "./grid.ts";
import type { Plan } from "./plan.ts";
import type { Aggregation, Tier } from "./query.ts";
import { SERIES, type Series, SERIES_FIELDS, seriesOf } from "./series.ts";
import { HOUR_MS, SPAN_MS, tableOf } from "./tables.ts";

/** What is read of which table. */
interface Reading {
  series: Series;
  tier: Tier;
  fromMs: number;
  toMs: number;
}

/** What a question reads of the database, and how its rows come into the grid. */
export interface Readings {
  statements: Statement[];
  /** @param results the rows of each statement. */
  fill(grid: Grid, results: readonly NumberRows[]): void;
}

/**
 * The statements of a question.
 * @param numbers of the subjects that the tables know.
 * @param openHours hours whose rows are in raw only, or not all in the coarser tiers.
 */
export function readingsOf(
  plan: Plan,
  asked: { fields: readonly HistoryFieldName[]; aggregation: Aggregation },
  { numbers, openHours }: { numbers: ReadonlyMap<string, number>; openHours: ReadonlySet<number> },
): Readings {
  const readings = SERIES.flatMap((series) => {
    const subjects = [...numbers].filter(([subject]) => seriesOf(subject) === series);
    const known = new Set(SERIES_FIELDS[series].map(([name]) => name));
    const fields = asked.fields.filter((name) => known.has(name));
    if (subjects.length === 0 || fields.length === 0) return [];
    return partsOf(plan, series, openHours).map((reading) => ({
      statement: select(reading, {
        plan,
        subjects: subjects.map(([, number]) => number),
        columns: fields.flatMap((name) =>
          columnsOf(reading.tier, name, {
            fold: foldOf(name, asked.aggregation),
            isPlain: isPlain(reading, plan),
          })
        ),
      }),
      fields,
    }));
  });
  const names = new Map([...numbers].map(([subject, number]) => [number, subject]));
  return {
    statements: readings.map(({ statement }) => statement),
    fill: (grid, results) => {
      for (const [index, { fields }] of readings.entries()) {
        const rows = results[index];
        if (rows) addRows(grid, rows, { ...asked, plan, fields, names });
      }
    },
  };
}

/** The tier itself, and raw for the hours that it lacks. */
function partsOf({ tier, fromMs, toMs }: Plan, series: Series, openHours: ReadonlySet<number>): Reading[] {
  const whole = { series, tier, fromMs, toMs };
  if (tier === "raw") return [whole];
  const open = [...openHours].map((hour): Reading => ({
    series,
    tier: "raw",
    fromMs: Math.max(fromMs, hour * HOUR_MS),
    toMs: Math.min(toMs, (hour + 1) * HOUR_MS),
  }));
  return [whole, ...open.filter((part) => part.fromMs < part.toMs)];
}

/** Whether a fold reads two columns. */
function besideOf(fold: Fold): boolean {
  return fold === "mean" || fold === "last";
}

/** Whether every step is one row of the table: then nothing has to be put together. */
function isPlain({ tier }: Reading, { stepMs }: Plan): boolean {
  return tier !== "raw" && stepMs === SPAN_MS[tier];
}

function columnsOf(
  tier: Tier,
  name: HistoryFieldName,
  { fold, isPlain }: { fold: Fold; isPlain: boolean },
): string[] {
  const isRaw = tier === "raw";
  if (fold === "last") {
    // The newest by a text of time and value that sorts by time; of a coarser tier, the mean of the last span.
    const at = isRaw ? "at" : `span * ${SPAN_MS[tier]}`;
    const value = isRaw ? name : `CAST(round(1.0 * ${name}_sum / ${name}_n) AS INTEGER)`;
    const known = isRaw ? `${name} IS NOT NULL` : `${name}_n > 0`;
    const text = `CASE WHEN ${known} THEN printf('%015d%d', ${at}, ${value}) END`;
    const newest = isPlain ? text : `max(${text})`;
    return [`CAST(substr(${newest}, 16) AS INTEGER)`, `CAST(substr(${newest}, 1, 15) AS INTEGER)`];
  }
  const of = (how: string, column: string) => isPlain ? column : `${how}(${column})`;
  if (fold === "n") return [`nullif(${isRaw ? `count(${name})` : of("sum", `${name}_n`)}, 0)`];
  if (fold === "mean") {
    return isRaw ? [`sum(${name})`, `count(${name})`] : [of("sum", `${name}_sum`), of("sum", `${name}_n`)];
  }
  return [isRaw ? `${fold}(${name})` : of(fold, `${name}_${fold}`)];
}

function select(
  { series, tier, fromMs, toMs }: Reading,
  { plan, subjects, columns }: { plan: Plan; subjects: readonly number[]; columns: readonly string[] },
): Statement {
  const [time, spanMs] = tier === "raw" ? ["at", 1] : ["span", SPAN_MS[tier]];
  const list = columns.map((column, index) => `${column} AS c${index}`).join(", ");
  const step = plan.stepMs / spanMs;
  const inHours = tier === "raw" ? "" : `AND span / ${HOUR_MS / spanMs} NOT IN (SELECT hour FROM open_hours)`;
  return {
    sql: `SELECT subject, CAST((${time} - ?) / ? AS INTEGER) AS its_step, ${list}
      FROM ${tableOf(series, tier)}
      WHERE subject IN (SELECT value FROM json_each(?)) AND ${time} >= ? AND ${time} < ? ${inHours}
      ${step === 1 ? "" : "GROUP BY subject, its_step"}`,
    params: [
      plan.fromMs / spanMs,
      step,
      JSON.stringify(subjects),
      Math.floor(fromMs / spanMs),
      Math.ceil(toMs / spanMs),
    ],
  };
}

function addRows(
  grid: Grid,
  { columns, values }: NumberRows,
  { plan, fields, names, aggregation }: {
    plan: Plan;
    fields: readonly HistoryFieldName[];
    names: ReadonlyMap<number, string>;
    aggregation: Aggregation;
  },
): void {
  const places = fields.map((name) => ({ name, beside: besideOf(foldOf(name, aggregation)) }));
  for (let row = 0; row < values.length; row += columns) {
    const subject = names.get(values[row] ?? NaN) ?? "";
    const atMs = plan.fromMs + (values[row + 1] ?? 0) * plan.stepMs;
    let column = row + 2;
    for (const { name, beside } of places) {
      const value = values[column++] ?? NaN;
      const next = beside ? values[column++] ?? 0 : 0;
      if (!Number.isNaN(value)) grid.add(subject, name, atMs, { value, beside: next });
    }
  }
}
