// What the journal holds: an event of a camera or of the hub, from its beginning to its end.
import { OBSERVATION_KINDS } from "../devices/capabilities.ts";
import type { StoredEvent } from "../store/events_table.ts";

/**
 * Kinds of the hub's own events. `camera_state`: a camera has a status, in `details`. `recording`: a recording goes on.
 * `alarm`: a siren was sounded or silenced. `workflow`: a workflow ran. `alert`: a rule of the alerts holds. `login`:
 * somebody logged in or was refused. `timer`: a countdown is over. `config_change`: somebody changed how the hub works. `gap`: observations may have
 * been missed.
 */
const HUB_KINDS = [
  "camera_state",
  "recording",
  "alarm",
  "workflow",
  "timer",
  "alert",
  "login",
  "config_change",
  "gap",
] as const;

/** All kinds. The table holds any word: a new kind is a new entry here. */
export const EVENT_KINDS = [...OBSERVATION_KINDS, ...HUB_KINDS] as const;
export type EventKind = typeof EVENT_KINDS[number];

/** Kinds that last for as long as the hub runs and hears nothing else. */
export const LASTING_KINDS: readonly EventKind[] = ["camera_state", "recording"];

/** Kinds that tell who did what, and from where: as the audit log, they are for administrators. */
export const ADMIN_KINDS: readonly EventKind[] = ["login", "config_change"];

/** True for what a device or the hub has seen or heard at a camera: a picture of that moment shows it. */
export function isObserved(kind: EventKind): boolean {
  return OBSERVATION_KINDS.some((each) => each === kind);
}

/**
 * Why an event ended although nobody said that it was over; stands in `details.closed_by`. `timeout`: nothing more
 * was heard for too long. `split`: it went on for so long that another event goes on with it. `device_lost`: the device is gone.
 * `stopped`: the camera was removed or the hub stopped. `restart`: the hub had ended without a word.
 */
export type ClosedBy = "timeout" | "split" | "device_lost" | "stopped" | "restart";

/** Shown to users: no secrets in it. `snapshot` is the id of a kept picture, `score` goes from 0 to 1. */
export type EventDetails = Readonly<Record<string, string | number | boolean>>;

/** An event as it stands in the journal. Times are milliseconds since 1970 by the hub's clock. */
export interface HubEvent {
  /** Its number: grows with each event, never given twice. */
  readonly seq: number;
  /** Grows with every write to any event; readers follow the journal along it. */
  readonly change: number;
  /** Absent for what concerns the hub as a whole. */
  readonly camera?: string | undefined;
  readonly kind: EventKind;
  /** Who says so: `onvif`, `hub`, … */
  readonly source: string;
  readonly startedAtMs: number;
  /** Absent while it goes on. */
  readonly endedAtMs?: number | undefined;
  /** The beginning by the device's own clock, which may be wrong. */
  readonly deviceAtMs?: number | undefined;
  /** How many observations were merged into it. */
  readonly count: number;
  readonly details?: EventDetails | undefined;
}

/** What a new event begins with. */
export interface EventDraft {
  camera?: string | undefined;
  kind: EventKind;
  source: string;
  startedAtMs: number;
  deviceAtMs?: number | undefined;
  details?: EventDetails | undefined;
}

/** A row of the table as an event. */
export function hubEvent({ lastAtMs: _, ...row }: StoredEvent): HubEvent {
  const { kind, details, ...rest } = row;
  return { ...rest, kind: kind as EventKind, ...(details ? { details: details as EventDetails } : {}) };
}
