// An event as the hub knows it now, which may be more than what is written of it so far.
import type { EventRow } from "../store/events_table.ts";
import type { ClosedBy, EventDetails, EventDraft } from "./event.ts";

/** An event that was begun. Times are milliseconds since 1970 by the hub's clock. */
export interface EventHandle {
  /** It goes on, or again after it had ended. Counts one observation. */
  extend(atMs: number): void;
  /** It happened once more, and is over. Counts one observation. */
  repeat(atMs: number): void;
  /** It ended, or its end is known better now. */
  close(atMs: number, because?: ClosedBy): void;
  /** More is known of it: added to its details, over what they say so far. */
  note(details: EventDetails): void;
}

/** Told after each change; `isUrgent` is false for what can wait for a while to be written. */
export type EntryListener = (entry: Entry, isUrgent: boolean) => void;

/** The longest time that a date can hold (ECMA-262, "Time Values and Time Range"). */
const MAX_TIME_MS = 8.64e15;
/** Details are shown in one line; a device's text has no bound of its own. */
const MAX_TEXT_CHARS = 500;

/** An event and whether it has a row. */
export class Entry implements EventHandle {
  /** Its row's number; undefined until it is written. */
  seq: number | undefined;
  /** When it was written last, on the monotonic clock. */
  writtenAtMs = -Infinity;
  #row: EventRow;
  readonly #onChange: EntryListener;

  constructor(draft: EventDraft, onChange: EntryListener) {
    const { camera, kind, source, deviceAtMs, details } = draft;
    const startedAtMs = Math.round(draft.startedAtMs);
    const isTime = deviceAtMs !== undefined && Math.abs(deviceAtMs) <= MAX_TIME_MS;
    this.#row = {
      ...(camera === undefined ? {} : { camera }),
      kind,
      source,
      startedAtMs,
      lastAtMs: startedAtMs,
      ...(isTime ? { deviceAtMs: Math.round(deviceAtMs) } : {}),
      count: 1,
      ...(details === undefined ? {} : { details: shortened(details) }),
    };
    this.#onChange = onChange;
    onChange(this, true);
  }

  /** What is to be written. Not to be changed. */
  get row(): EventRow {
    return this.#row;
  }

  extend(atMs: number): void {
    const wasClosed = this.#row.endedAtMs !== undefined;
    this.#seen(atMs);
    this.#end(undefined, undefined);
    this.#onChange(this, wasClosed);
  }

  repeat(atMs: number): void {
    this.#seen(atMs);
    this.#end(this.#row.lastAtMs, undefined);
    this.#onChange(this, false);
  }

  close(atMs: number, because?: ClosedBy): void {
    // The wall clock may have been set back since it began.
    const endedAtMs = Math.max(this.#row.startedAtMs, Math.round(atMs));
    this.#row = { ...this.#row, lastAtMs: Math.max(this.#row.lastAtMs, endedAtMs) };
    this.#end(endedAtMs, because);
    this.#onChange(this, true);
  }

  note(details: EventDetails): void {
    this.#row = { ...this.#row, details: { ...this.#row.details, ...shortened(details) } };
    this.#onChange(this, true);
  }

  #seen(atMs: number): void {
    const lastAtMs = Math.max(this.#row.lastAtMs, Math.round(atMs));
    this.#row = { ...this.#row, lastAtMs, count: this.#row.count + 1 };
  }

  #end(endedAtMs: number | undefined, because: ClosedBy | undefined): void {
    const { details: before, endedAtMs: _, ...row } = this.#row;
    const { closed_by: __, ...kept } = before ?? {};
    const details = because === undefined ? kept : { ...kept, closed_by: because };
    this.#row = {
      ...row,
      ...(endedAtMs === undefined ? {} : { endedAtMs }),
      ...(Object.keys(details).length === 0 ? {} : { details }),
    };
  }
}

function shortened(details: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) =>
      typeof value === "string" ? [name, value.slice(0, MAX_TEXT_CHARS)] : [name, value]
    ),
  );
}
