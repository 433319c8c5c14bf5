// What the hub's thread and the database's thread say to each other.
import type { SchemaName } from "./schemas.ts";

export type SqlValue = string | number | bigint | null | Uint8Array;
export type Row = Record<string, SqlValue>;

/** One statement with its values. */
export interface Statement {
  sql: string;
  params?: SqlValue[];
}

/** A question to the database's thread. `statements` run in one transaction. */
export type StoreRequest =
  | { id: number; kind: "open"; path: string; schema: SchemaName }
  | { id: number; kind: "query"; statements: Statement[] }
  | { id: number; kind: "numbers"; statements: Statement[] }
  | { id: number; kind: "alone"; statement: Statement }
  | { id: number; kind: "copy"; to: string }
  | { id: number; kind: "close" };

/** Rows of numbers alone, one after the other; NULL is NaN. */
export interface NumberRows {
  columns: number;
  values: Float64Array<ArrayBuffer>;
}

/** Its answer: the rows of each statement, or why it failed. */
export type StoreReply =
  | { id: number; ok: true; results: Row[][] }
  | { id: number; ok: true; numbers: NumberRows[] }
  | { id: number; ok: false; message: string; sqliteCode: number | undefined };
