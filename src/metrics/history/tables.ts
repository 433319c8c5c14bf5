// The tables of the history as SQL, made from the list of fields. Times are milliseconds since 1970.
import type { SqlValue, Statement } from "../../store/protocol.ts";
import type { HistoryField, HistoryFieldName } from "./fields.ts";
import type { Tier } from "./query.ts";
import { type KeptValues, SERIES, type Series, SERIES_FIELDS } from "./series.ts";

export const HOUR_MS = 3_600_000;
/** How much time one row of a tier tells of; of raw, one moment. */
export const SPAN_MS: Readonly<Record<Tier, number>> = { raw: 1, "5m": 300_000, "1h": HOUR_MS };
/** The tiers that are made of raw. */
const ROLLED = ["5m", "1h"] as const;

export function tableOf(series: Series, tier: Tier): string {
  return `${series}_${tier}`;
}

/** Columns of a field in the coarser tiers, each with what makes it of raw. */
function rolledColumns([name, { kind }]: readonly [HistoryFieldName, HistoryField]): [string, string][] {
  const both: [string, string][] = [[`${name}_n`, `count(${name})`], [`${name}_sum`, `sum(${name})`]];
  if (kind === "count") return both;
  return [...both, [`${name}_min`, `min(${name})`], [`${name}_max`, `max(${name})`]];
}

/** Writes a row of raw. One that stands there already is written over. */
export function insertRaw(series: Series, subject: number, atMs: number, values: KeptValues): Statement {
  const names = SERIES_FIELDS[series].map(([name]) => name);
  const marks = ["at", "subject", ...names].map(() => "?").join(", ");
  return {
    sql: `INSERT OR REPLACE INTO ${tableOf(series, "raw")} (at, subject, ${
      names.join(", ")
    }) VALUES (${marks})`,
    params: [atMs, subject, ...values],
  };
}

/** Writes an hour of the coarser tiers anew, of all that raw has of it. */
export function rollUp(hour: number): Statement[] {
  const range = [hour * HOUR_MS, (hour + 1) * HOUR_MS];
  const rolled = SERIES.flatMap((series) =>
    ROLLED.map((tier): Statement => {
      const columns = SERIES_FIELDS[series].flatMap(rolledColumns);
      return {
        sql: `INSERT OR REPLACE INTO ${tableOf(series, tier)} (subject, span, ${
          columns.map(([name]) => name).join(", ")
        }) SELECT subject, at / ${SPAN_MS[tier]} AS its_span, ${columns.map(([, made]) => made).join(", ")}
         FROM ${tableOf(series, "raw")} WHERE at >= ? AND at < ? GROUP BY subject, its_span`,
        params: range,
      };
    })
  );
  return [...rolled, { sql: "DELETE FROM open_hours WHERE hour = ?", params: [hour] }];
}

/** Adds one row to the coarser tiers: of a time of which raw is deleted, so that they cannot be made anew of it. */
export function addToRolled(series: Series, subject: number, atMs: number, values: KeptValues): Statement[] {
  const fields = SERIES_FIELDS[series];
  const columns = fields.flatMap((field) => rolledColumns(field).map(([name]) => name));
  const params = fields.flatMap(([, { kind }], index): SqlValue[] => {
    const value = values[index] ?? null;
    const both = [value === null ? 0 : 1, value];
    return kind === "count" ? both : [...both, value, value];
  });
  return ROLLED.map((tier) => ({
    sql: `INSERT INTO ${tableOf(series, tier)} (subject, span, ${columns.join(", ")})
      VALUES (?, ?, ${columns.map(() => "?").join(", ")})
      ON CONFLICT DO UPDATE SET ${columns.map(added).join(", ")}`,
    params: [subject, Math.floor(atMs / SPAN_MS[tier]), ...params],
  }));
}

function added(column: string): string {
  const [old, fresh] = [`coalesce(${column}, excluded.${column})`, `coalesce(excluded.${column}, ${column})`];
  if (column.endsWith("_min")) return `${column} = min(${old}, ${fresh})`;
  if (column.endsWith("_max")) return `${column} = max(${old}, ${fresh})`;
  return `${column} = coalesce(${column} + excluded.${column}, ${old})`;
}

/** Deletes what a tier has of the time before, and notes it. */
export function deleteBefore(tier: Tier, beforeMs: number): Statement[] {
  const column = tier === "raw" ? "at" : "span";
  // By subject first, as these tables are ordered: so that only what goes is looked at.
  const where = tier === "raw" ? "" : "subject IN (SELECT number FROM subjects) AND ";
  return [
    ...SERIES.map((series): Statement => ({
      sql: `DELETE FROM ${tableOf(series, tier)} WHERE ${where}${column} < ?`,
      params: [Math.floor(beforeMs / SPAN_MS[tier])],
    })),
    {
      sql: "UPDATE deleted SET before_ms = ?1 WHERE tier = ?2 AND before_ms < ?1",
      params: [beforeMs, tier],
    },
  ];
}
