// Queries of the Infinity source, for which the SDK has no builder: JSON of the hub, shaped by jq in Grafana's server.
import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import type { DataSourceRef } from "@grafana/grafana-foundation-sdk/common";
import type { DataTransformerConfig } from "@grafana/grafana-foundation-sdk/dashboard";
import { INFINITY } from "./datasources.ts";

/** A column of the answer: the key that the selector's rows have, how people see it, and its type. */
export interface Column {
  key: string;
  /** The key by default. */
  title?: string;
  type: "string" | "number" | "boolean" | "timestamp" | "timestamp_epoch";
}

type Format = "table" | "logs" | "dataframe";

/** What is asked. */
export interface InfinityQuery {
  /** A path of the hub; in other sources a whole URL. */
  url: string;
  /** jq; gives a list of objects. */
  rows: string;
  columns: readonly Column[];
  /** `table` by default. Annotations want `dataframe`. */
  format?: Format;
  source?: DataSourceRef;
}

/** Infinity's query model, version 3.3 and newer. */
export interface InfinityTarget extends Dataquery {
  refId: string;
  datasource: DataSourceRef;
  type: "json" | "csv";
  source: "url";
  parser: "jq-backend" | "backend";
  format: Format;
  url: string;
  url_options: { method: "GET" };
  root_selector: string;
  columns: { selector: string; text: string; type: Column["type"] }[];
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

/** Infinity puts columns in the order of the alphabet: this puts them in theirs, under the names that people see. */
export function inOrder(columns: readonly Column[]): DataTransformerConfig {
  return {
    id: "organize",
    options: {
      excludeByName: {},
      indexByName: Object.fromEntries(columns.map(({ key }, index) => [key, index])),
      renameByName: Object.fromEntries(columns.map(({ key, title = key }) => [key, title])),
    },
  };
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
    columns: columns.map(({ key, type }) => ({ selector: key, text: key, type })),
    filters: [],
    _implementsDataqueryVariant: () => {},
  };
  return { build: () => made };
}
