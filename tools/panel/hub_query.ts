// Asks the hub through Grafana's own server: the Infinity data source there adds the hub's token, which no browser sees.
// Grafana's data proxy (/api/datasources/proxy) does not add it, so this is a query like those of other panels.
import { getBackendSrv, getDataSourceSrv } from "@grafana/runtime";
import { PanelError } from "./panel_error.ts";

export const INFINITY = "yesoreyeram-infinity-datasource";

/** Names and kinds of the fields that are wanted of an answer. */
export type Columns = Readonly<Record<string, "string" | "boolean">>;
export type Row = Readonly<Record<string, unknown>>;

/** What is asked of the hub. */
export interface HubQuery {
  /** Path and query at the hub, such as `/api/cameras`. */
  path: string;
  /** Where the rows stand in the answer; empty: the answer is one. */
  root: string;
  columns: Columns;
}

interface QueryAnswer {
  results?: Record<string, { error?: string; frames?: Frame[] }>;
}
interface Frame {
  schema?: { fields?: { name: string }[] };
  data?: { values?: unknown[][] };
}

/** The data source with that uid, or the first Infinity there is. @throws PanelError where there is none. */
export function dataSourceOf(uid: string): string {
  const found = uid === "" ? getDataSourceSrv().getList({ type: INFINITY })[0]?.uid : uid;
  if (found !== undefined) return found;
  throw new PanelError(
    "Grafana has no Infinity data source",
    "Add one with the hub's address and a token of the hub; docs/grafana.md shows how",
  );
}

/** Asks; rows as the hub gave them. @throws PanelError with what Grafana, Infinity or the hub said. */
export async function askHub(uid: string, { path, root, columns }: HubQuery): Promise<Row[]> {
  const query = {
    refId: "A",
    datasource: { type: INFINITY, uid },
    type: "json",
    source: "url",
    parser: "backend",
    format: "table",
    url: path,
    url_options: { method: "GET", data: "" },
    root_selector: root,
    columns: Object.entries(columns).map(([name, type]) => ({ selector: name, text: name, type })),
    filters: [],
  };
  const body = { queries: [query], from: "now-1m", to: "now" };
  const quietly = { showErrorAlert: false, showSuccessAlert: false };
  const answer = await getBackendSrv().post("/api/ds/query", body, quietly).catch((error) => {
    throw explained(error);
  });
  const { error, frames } = (answer as QueryAnswer).results?.A ?? {};
  if (error !== undefined) throw explainedText(error);
  return rowsOf(frames?.[0]);
}

function rowsOf(frame: Frame | undefined): Row[] {
  const names = (frame?.schema?.fields ?? []).map(({ name }) => name);
  const values = frame?.data?.values ?? [];
  const count = values[0]?.length ?? 0;
  return Array.from(
    { length: count },
    (_, row) => Object.fromEntries(names.map((name, column) => [name, values[column]?.[row]])),
  );
}

function explained(error: unknown): PanelError {
  const { status, data } = (error ?? {}) as { status?: number; data?: QueryAnswer & { message?: string } };
  if (status === 401 || status === 403) {
    return new PanelError("Grafana does not let you use this data source", "Ask who administers Grafana");
  }
  const said = data?.results?.A?.error ?? data?.message;
  return said === undefined
    ? new PanelError("Grafana does not answer", "Look whether its page still works; the panel tries again")
    : explainedText(said);
}

/** What Infinity's words mean; they hold the hub's status, and what it said. */
const MEANINGS: readonly [RegExp, PanelError][] = [
  [
    /\b401 Unauthorized/,
    new PanelError(
      "The hub does not accept the token of the data source",
      'Make one with "tapo-camera-mcp token create grafana" on the hub, and enter it in the data source',
    ),
  ],
  [
    /\b404 Not Found/,
    new PanelError("The hub knows no such camera", "Choose one of its cameras in the panel's options"),
  ],
  [
    /no response received/,
    new PanelError(
      "Grafana's server does not reach the hub",
      "Is the hub running, and is the address in the data source right?",
    ),
  ],
  [
    /URL is not allowed/,
    new PanelError(
      "The data source may not ask the hub",
      "Name the hub's address in the data source, under Security, Allowed hosts",
    ),
  ],
];

function explainedText(text: string): PanelError {
  const found = MEANINGS.find(([words]) => words.test(text))?.[1];
  return found ??
    new PanelError(`The data source says: ${text.slice(0, 300)}`, "Test the data source in Grafana");
}
