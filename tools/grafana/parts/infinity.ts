// Queries of the Infinity source, for which the SDK has no builder: JSON of the hub, shaped by jq in Grafana's server.
import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import { INFINITY } from "./datasources.ts";

/** A column of the answer: the key that the selector's rows have, the name that it gets, and its type. */
export interface Column {
  selector: string;
  text: string;
  type: "string" | "number" | "boolean" | "timestamp" | "timestamp_epoch";
}

/** What is asked. */
export interface InfinityQuery {
  /** A path of the hub; in other sources a whole URL. */
  url: string;
  /** jq; gives a list of objects. */
  rows: string;
  columns: readonly Column[];
  /** `table` by default. */
  format?: "table" | "logs";
  source?: DataSourceRef;
}

/** Infinity's query model, version 3.3 and newer. */
export interface InfinityTarget extends Dataquery {
  refId: string;
  datasource: DataSourceRef;
  type: "json" | "csv";
  source: "url";
  parser: "jq-backend" | "backend";
  format: "table" | "logs";
  url: string;
  url_options: { method: "GET" };
  root_selector: string;
  columns: Column[];
  filters: never[];
}

/** Makes a query of it. */
export function infinityTarget(refId: string, query: InfinityQuery): Builder<Dataquery> {
  const { url, rows, columns, format = "table", source = INFINITY } = query;
  return target({
    refId,
    datasource: source,
    type: "json",
    parser: "jq-backend",
    format,
    url,
    rows,
    columns,
  });
}

/** Rows of a CSV file with a heading, all columns as they are. */
export function csvTarget(refId: string, url: string, source: DataSourceRef): Builder<Dataquery> {
  return target({
    refId,
    datasource: source,
    type: "csv",
    parser: "backend",
    format: "table",
    url,
    rows: "",
    columns: [],
  });
}

type Given = Pick<InfinityTarget, "refId" | "datasource" | "type" | "parser" | "format" | "url"> & {
  rows: string;
  columns: readonly Column[];
};

function target({ rows, columns, ...given }: Given): Builder<Dataquery> {
  const made: InfinityTarget = {
    ...given,
    source: "url",
    url_options: { method: "GET" },
    root_selector: rows,
    columns: [...columns],
    filters: [],
    _implementsDataqueryVariant: () => {},
  };
  return { build: () => made };
}
