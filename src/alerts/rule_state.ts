// What rules of alerts see, what they remember of it, and what they want done. Times are monotonic milliseconds, but
// `wallMs`, which schedules look at.
import type { AlarmMode, AlertMetric, AlertRule } from "../config/alerts.ts";
import type { TimeWindow } from "../config/camera_rules.ts";
import type { LocalTime } from "../config/time_windows.ts";
import { LASTING_KINDS } from "../events/event.ts";
import type { Severity } from "./channel.ts";
import type { EXTERNAL, ExternalAlert } from "./external/external_alert.ts";

/** An event as rules see it. */
export interface SeenEvent {
  /** Tells it from all others while it goes on. */
  key: string;
  kind: string;
  camera?: string | undefined;
  isOver: boolean;
  details?: Readonly<Record<string, unknown>> | undefined;
}

/** A value that was measured. What is not known is not listed. */
export interface Measured {
  metric: AlertMetric | typeof EXTERNAL;
  /** Absent for what concerns the hub. */
  camera?: string | undefined;
  /** Of an alert from outside: 1 while it goes on, then 0. */
  value: number;
  external?: ExternalAlert | undefined;
}

/** Why nobody is told of an alert. */
export type Muted = "quiet_hours" | "snoozed";

/** The newest alert of a rule at a camera. */
export interface LiveAlert {
  id: number;
  rule: string;
  camera?: string | undefined;
  /** Kind of the event, or the metric. */
  kind: string;
  /** Which alert from outside. */
  subject?: string | undefined;
  /** Of a camera's state, or a timer's name; undefined where it is none, or not known any more. */
  status?: string | undefined;
  severity: Severity;
  isFiring: boolean;
  startedMs: number;
  /** When its like last happened. */
  lastMs: number;
  count: number;
  /** Events that keep it firing. */
  events: ReadonlySet<string>;
  muted?: Muted | undefined;
  isAcknowledged: boolean;
  /** Steps of the escalation that were taken. */
  escalated: number;
  /** Channels that were told. */
  channels: readonly string[];
  /** Its end was told: what is only counted after that is not told to end once more. */
  isEndTold: boolean;
}

/** What lasts, but not long enough yet, or what was last measured of what fires. */
interface Waiting {
  sinceMs: number;
  event?: SeenEvent | undefined;
}

/** Everything that rules remember, by `groupOf`. */
export interface AlertState {
  nextId: number;
  alerts: Map<string, LiveAlert>;
  waiting: Map<string, Waiting>;
  /** When a metric that fires was last known. */
  measuredMs: Map<string, number>;
}

/** What holds at this moment. */
export interface Moment {
  nowMs: number;
  wallMs: number;
  /** In which schedules and quiet hours are meant. */
  zone: LocalTime;
  rules: readonly AlertRule[];
  quietHours: readonly TimeWindow[];
  /** The alarm mode at a camera, or of the house. */
  modeAt(camera: string | undefined): AlarmMode;
  isSnoozed(rule: string, camera: string | undefined): boolean;
  /** Channels in the order of the file, with the least severity each takes. */
  channels: readonly { id: string; type: string; least: Severity }[];
}

/** What is to be done. */
export type AlertAction =
  | { type: "wait"; group: string; event?: SeenEvent; atMs: number }
  | { type: "forget"; group: string }
  | { type: "measured"; group: string; atMs: number }
  | {
    type: "open";
    group: string;
    alert: LiveAlert;
    cause: { event: SeenEvent } | { measured: Measured };
    /** Milliseconds before its first message leaves. */
    holdMs: number;
  }
  | { type: "extend"; group: string; id: number; atMs: number; event?: SeenEvent }
  | { type: "release"; group: string; id: number; event: string }
  | { type: "resolve"; group: string; id: number; atMs: number; channels: readonly string[]; value?: number }
  | { type: "escalate"; group: string; id: number; step: number; channels: readonly string[] };

export function emptyState(nextId = 1): AlertState {
  return { nextId, alerts: new Map(), waiting: new Map(), measuredMs: new Map() };
}

/**
 * Alerts of a rule at a camera belong together, but for what goes on for days, such as a camera's state: that would
 * keep all else that the rule names from being told.
 */
export function groupOf(rule: string, camera: string | undefined, kind: string, subject?: string): string {
  const apart = LASTING_KINDS.some((each) => each === kind) ? `|${kind}` : "";
  return `${rule}|${camera ?? ""}${apart}${subject === undefined ? "" : `|${subject}`}`;
}

/** The same for an alert that there is. */
export function groupOfAlert({ rule, camera, kind, subject }: LiveAlert): string {
  return groupOf(rule, camera, kind, subject);
}
