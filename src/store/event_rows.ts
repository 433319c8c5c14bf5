// The journal's rows: what is written of an event, which are asked for, and how they are read back.
import type { Row, SqlValue } from "./protocol.ts";

/** What is written of an event. Times are milliseconds since 1970, whole numbers. */
export interface EventRow {
  /** Undefined for what concerns the hub as a whole. */
  camera?: string | undefined;
  kind: string;
  source: string;
  startedAtMs: number;
  /** When it was last known to go on. */
  lastAtMs: number;
  /** Undefined while it goes on. */
  endedAtMs?: number | undefined;
  deviceAtMs?: number | undefined;
  count: number;
  details?: Readonly<Record<string, unknown>> | undefined;
}

/** An event as it stands in the database. */
export interface StoredEvent extends EventRow {
  /** Grows with each new event and is never given again. */
  seq: number;
  /** Grows with each write to any event: what has a higher one was written later. */
  change: number;
}

/** Where the journal stands. */
export interface JournalPosition {
  /** `change` of the last write. */
  change: number;
  /** Who has seen everything up to here has missed nothing: later changes are all kept. */
  oldest: number;
}

/** Which events are wanted. With `after` the least recently written first, otherwise the newest first. */
export interface EventQuery {
  camera?: string | undefined;
  kind?: string | undefined;
  /** Not of these kinds. */
  hidden?: readonly string[] | undefined;
  /** Events that went on at this time or later. */
  fromMs?: number | undefined;
  /** Events that began before this time. */
  toMs?: number | undefined;
  /** Events written after this `change`. */
  after?: number | undefined;
  /** Events with a smaller `seq`. */
  before?: number | undefined;
  limit: number;
}

/** Some events, and where the journal stood when they were read. */
export interface EventPage<E = StoredEvent> extends JournalPosition {
  events: E[];
  /** True when there are others beyond the limit, or, with `after`, beyond what was looked through. */
  more: boolean;
  /** With `after`: everything that is wanted up to this change was given; go on from here. */
  reached?: number | undefined;
}

/** What is kept at most. */
export interface EventRetention {
  /** Bytes of rows with their share of the indexes. */
  maxBytes: number;
  /** Events that ended before this time are deleted; undefined: none. */
  endedBeforeMs: number | undefined;
  /** How many rows one call deletes at most. */
  batch: number;
}

/** How large the journal is. */
export interface JournalSize {
  rows: number;
  /** Of the rows with their share of the indexes. */
  bytes: number;
}

/** The columns of a row. */
export const COLUMNS =
  "seq, change, camera, kind, source, started_at, last_at, ended_at, device_at, count, details";

/** A follower with a filter looks through so many changes at a time: a rare kind must not cost a whole scan. */
const LOOK_THROUGH = 10_000;
/** A span of time that is worth to be looked up by its start; a longer one is met by going back from the newest. */
const SHORT_SPAN_MS = 7 * 86_400_000;
/** As in the index `events_long`. */
const LONG_MS = 3_600_000;

/** One statement that finds a page, and where the journal stands: reading needs no lock then. */
export function pageStatement(query: EventQuery): { sql: string; params: SqlValue[] } {
  const { conditions, params } = conditionsOf(query);
  const where = conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : "";
  const order = query.after === undefined ? "seq DESC" : "change";
  return {
    sql:
      `SELECT head, pruned, bound, found.* FROM (SELECT change AS head, pruned, ${boundOf(query)} AS bound ` +
      `FROM journal) LEFT JOIN (SELECT ${COLUMNS} FROM events ${where} ORDER BY ${order} LIMIT ?) AS found ` +
      `ORDER BY ${order}`,
    params: [...(isLookedThrough(query) ? [query.after ?? 0] : []), ...params, query.limit + 1],
  };
}

/** The answer to it as a page. */
export function pageOf(query: EventQuery, rows: readonly Row[]): EventPage {
  const found = rows.filter(({ seq }) => seq !== null).map(eventOf);
  const events = found.slice(0, query.limit);
  const [first] = rows;
  const page = { change: Number(first?.head), oldest: Number(first?.pruned), events };
  const isFull = found.length > query.limit;
  if (query.after === undefined) return { ...page, more: isFull };
  const bound = first?.bound === null || first?.bound === undefined ? undefined : Number(first.bound);
  const reached = isFull ? events.at(-1)?.change : bound;
  return {
    ...page,
    more: reached !== undefined,
    reached: reached ?? Math.max(query.after, page.change),
  };
}

function isLookedThrough({ after, camera, kind, hidden }: EventQuery): boolean {
  return after !== undefined && [camera, kind, hidden].some((each) => each !== undefined);
}

/** The last change that a follower's page looks at; NULL where that is the end. */
function boundOf(query: EventQuery): string {
  return isLookedThrough(query)
    ? `(SELECT change FROM events WHERE change > ? ORDER BY change LIMIT 1 OFFSET ${LOOK_THROUGH - 1})`
    : "NULL";
}

type Condition = readonly [sql: string, ...params: SqlValue[]];

function conditionsOf(query: EventQuery): { conditions: string[]; params: SqlValue[] } {
  const { camera, kind, hidden, fromMs, toMs, after, before } = query;
  // Who follows has seen nearly everything: the plus keeps SQLite from any other index than the one of `change`.
  const plus = after === undefined ? "" : "+";
  const asked: (Condition | undefined)[] = [
    camera === undefined ? undefined : [`${plus}camera = ?`, camera],
    kind === undefined ? undefined : [`${plus}kind = ?`, kind],
    hidden === undefined ? undefined : [`+kind NOT IN (${hidden.map(() => "?").join()})`, ...hidden],
    shortSpan(query),
    fromMs === undefined ? undefined : ["(ended_at IS NULL OR ended_at >= ?)", fromMs],
    toMs === undefined ? undefined : ["started_at < ?", toMs],
    after === undefined ? undefined : ["change > ?", after],
    isLookedThrough(query) ? [`change <= ifnull(${boundOf(query)}, 9e15)`, after ?? 0] : undefined,
    before === undefined ? undefined : ["seq < ?", before],
  ];
  const used = asked.filter((each) => each !== undefined);
  return { conditions: used.map(([sql]) => sql), params: used.flatMap(([, ...params]) => params) };
}

/** Narrows a short span down by its start; what is long or goes on may have begun at any time before. */
function shortSpan({ fromMs, toMs, after }: EventQuery): Condition | undefined {
  if (fromMs === undefined || toMs === undefined || after !== undefined) return undefined;
  if (toMs - fromMs > SHORT_SPAN_MS) return undefined;
  return [
    "seq IN (SELECT seq FROM events WHERE started_at >= ? AND started_at < ? UNION ALL SELECT seq FROM events " +
    `WHERE ended_at - started_at > ${LONG_MS} UNION ALL SELECT seq FROM events WHERE ended_at IS NULL)`,
    fromMs - LONG_MS,
    toMs,
  ];
}

/** Details as JSON; null where there are none. */
export function encode(details: EventRow["details"]): string | null {
  return details === undefined || Object.keys(details).length === 0 ? null : JSON.stringify(details);
}

/** A row as an event. */
export function eventOf(row: Row): StoredEvent {
  return {
    seq: Number(row.seq),
    change: Number(row.change),
    ...(row.camera === null ? {} : { camera: String(row.camera) }),
    kind: String(row.kind),
    source: String(row.source),
    startedAtMs: Number(row.started_at),
    lastAtMs: Number(row.last_at),
    ...(row.ended_at === null ? {} : { endedAtMs: Number(row.ended_at) }),
    ...(row.device_at === null ? {} : { deviceAtMs: Number(row.device_at) }),
    count: Number(row.count),
    ...(row.details === null ? {} : { details: JSON.parse(String(row.details)) }),
  };
}
