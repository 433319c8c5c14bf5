// The shapes in which alerts are shown to the outside: JSON of the API, pages and islands.
import type { Alerts } from "../alerts/alerts.ts";
import { isoTime } from "../base/clock.ts";
import { externalText } from "../alerts/external/external_alert.ts";
import { duration, metricText } from "../alerts/words.ts";
import { channelsOfRule } from "../config/actions.ts";
import type { AlarmMode, AlertRule } from "../config/alerts.ts";
import type { AlertQuery, AlertRow } from "../store/alerts_table.ts";
import type { OutboxRow } from "../store/outbox_table.ts";

export type { AlarmMode };

/** A message of an alert to one channel. */
export interface DeliveryView {
  channel: string;
  /** What it tells: that the alert began, or that it is over. */
  tells: "firing" | "resolved";
  state: "waiting" | "delivered" | "given_up";
  /** When it was delivered or given up. */
  at?: string;
  /** Tries that failed. */
  attempts: number;
  error?: string;
}

/** One alert. Times are ISO 8601 by the hub's clock. */
export interface AlertView {
  id: number;
  rule: string;
  severity: "info" | "warning" | "critical";
  state: "firing" | "resolved";
  title: string;
  text: string;
  /** Kind of the event, or the metric. */
  kind: string;
  camera_id?: string;
  started_at: string;
  last_at: string;
  ended_at?: string;
  count: number;
  /** Number of the event behind it. */
  event_seq?: number;
  /** What was measured. */
  value?: number;
  /** Why nobody was told. */
  muted?: "quiet_hours" | "snoozed";
  acknowledged: boolean;
  acknowledged_at?: string;
  acknowledged_by?: string;
  note?: string;
  deliveries: DeliveryView[];
}

/** Some alerts, the newest first, and how things stand altogether. */
export interface AlertPageView {
  alerts: AlertView[];
  more: boolean;
  firing: number;
  unacknowledged: number;
  /** Messages on their way. */
  waiting: number;
  /** Messages that were given up. */
  dead_letters: number;
}

/** A message that was given up. */
export interface DeadLetterView {
  id: number;
  alert_id: number;
  channel: string;
  tells: "firing" | "resolved";
  /** The headline; absent where it was never made. */
  title?: string;
  created_at: string;
  gave_up_at: string;
  attempts: number;
  error: string;
}

/** What is told, to whom, and of what nobody is told at present. */
export interface AlertSetupView {
  rules: {
    id: string;
    severity: "info" | "warning" | "critical";
    /** In words. */
    when: string;
    cameras: string[];
    armed: "always" | "when_armed";
    modes: string[];
    channels: string[];
  }[];
  /** `does`: what one that tells nobody has the hub do. */
  channels: { id: string; type: string; does?: string }[];
  snoozes: { camera_id?: string; rule?: string; until: string }[];
  mode: AlarmMode;
}

/** Alerts with their deliveries. @throws HubError when the database cannot be read. */
export async function alertPage(alerts: Alerts, query: AlertQuery): Promise<AlertPageView> {
  const [page, counts, outbox] = await Promise.all([
    alerts.table.list(query),
    alerts.table.counts(),
    alerts.messages.counts(),
  ]);
  const messages = await alerts.messages.ofAlerts(page.alerts.map(({ id }) => id));
  return {
    alerts: page.alerts.map((row) => alertView(row, messages.filter(({ alert }) => alert === row.id))),
    more: page.more,
    ...counts,
    waiting: outbox.waiting,
    dead_letters: outbox.dead,
  };
}

export function alertView(row: AlertRow, messages: readonly OutboxRow[]): AlertView {
  const optional = {
    camera_id: row.camera,
    ended_at: row.endedAtMs === undefined ? undefined : isoTime(row.endedAtMs),
    event_seq: row.event,
    value: row.value,
    muted: row.muted,
    acknowledged_at: row.acknowledgedAtMs === undefined ? undefined : isoTime(row.acknowledgedAtMs),
    acknowledged_by: row.acknowledgedBy,
    note: row.note,
  };
  return {
    id: row.id,
    rule: row.rule,
    severity: row.severity as AlertView["severity"],
    state: row.endedAtMs === undefined ? "firing" : "resolved",
    title: row.title,
    text: row.text,
    kind: row.kind,
    started_at: isoTime(row.startedAtMs),
    last_at: isoTime(row.lastAtMs),
    count: row.count,
    acknowledged: row.acknowledgedAtMs !== undefined,
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
    deliveries: messages.map(deliveryView),
  };
}

function deliveryView({ channel, state, attempts, error, deliveredAtMs, deadAtMs }: OutboxRow): DeliveryView {
  const atMs = deliveredAtMs ?? deadAtMs;
  return {
    channel,
    tells: state,
    state: deliveredAtMs !== undefined ? "delivered" : deadAtMs !== undefined ? "given_up" : "waiting",
    ...(atMs === undefined ? {} : { at: isoTime(atMs) }),
    attempts,
    ...(error === undefined ? {} : { error }),
  };
}

/** Messages that were given up, the newest first. @throws HubError when the database cannot be read. */
export async function deadLetters(alerts: Alerts, limit: number): Promise<DeadLetterView[]> {
  return (await alerts.messages.dead(limit)).map((row) => {
    const title: unknown = row.message === undefined ? undefined : JSON.parse(row.message).title;
    return {
      id: row.id,
      alert_id: row.alert,
      channel: row.channel,
      tells: row.state,
      ...(typeof title === "string" ? { title } : {}),
      created_at: isoTime(row.createdAtMs),
      gave_up_at: isoTime(row.deadAtMs ?? row.createdAtMs),
      attempts: row.attempts,
      error: row.error ?? "",
    };
  });
}

/** What is told, to whom, and of what nobody is told at present. */
export function alertSetup({ engine, arming, channels }: Alerts): AlertSetupView {
  return {
    rules: engine.rules.map((rule) => ({
      id: rule.id,
      severity: rule.severity,
      when: whenText(rule),
      cameras: rule.cameras,
      armed: rule.armed,
      modes: rule.armed === "always" ? [] : rule.modes,
      channels: [...channelsOfRule(rule, channels)],
    })),
    channels: channels.map(({ id, type, does }) => ({ id, type, ...(does === undefined ? {} : { does }) })),
    snoozes: arming.snoozes.map(({ camera, rule, untilMs }) => ({
      ...(camera === undefined ? {} : { camera_id: camera }),
      ...(rule === undefined ? {} : { rule }),
      until: isoTime(untilMs),
    })),
    mode: arming.house,
  };
}

function whenText({ when }: AlertRule): string {
  const lasting = when.for_s > 0 ? ` for ${duration(when.for_s)}` : "";
  if (when.metric !== undefined) {
    return `${metricText(when.metric, when)}${lasting}`;
  }
  if (when.external !== undefined) return `${externalText(when.external)}${lasting}`;
  const zones = when.zones ? ` in ${when.zones.join(", ")}` : "";
  const status = when.status ? ` ${when.status.join(", ")}` : "";
  return `${when.events?.join(", ").replaceAll("_", " ")}${status}${zones}${lasting}`;
}
