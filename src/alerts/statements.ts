// What decided actions write into the database. Written twice, they change nothing the second time.
import { type AlertRow, endAlert, escalateAlert, extendAlert, insertAlert } from "../store/alerts_table.ts";
import { insertMessage, type NewMessage } from "../store/outbox_table.ts";
import type { Statement } from "../store/protocol.ts";
import type { AlertAction, AlertState } from "./rule_state.ts";
import type { AlertWords } from "./words.ts";

/** What the statements are made with. */
export interface StatementContext {
  wallMs: number;
  /** True for statements of an event's own transaction. */
  isOfEvent: boolean;
  wordsOf(action: OpenAction): AlertWords;
  /** True where a channel is told of such a message. */
  takes(channel: string, state: NewMessage["state"]): boolean;
}

export type OpenAction = Extract<AlertAction, { type: "open" }>;

/** Statements for an action that is about to be laid on the state. */
export function statementsOf(action: AlertAction, state: AlertState, context: StatementContext): Statement[] {
  const { wallMs, takes } = context;
  const known = state.alerts.get(action.group);
  switch (action.type) {
    case "open":
      return opening(action, context);
    case "extend": {
      const isFiring = action.event === undefined || !action.event.isOver || known?.isFiring === true;
      return [extendAlert(action.id, (known?.count ?? 1) + 1, wallMs, isFiring)];
    }
    case "resolve":
      return [
        endAlert(action.id, wallMs),
        ...action.channels.filter((channel) => takes(channel, "resolved"))
          .map((channel) => message(action.id, channel, "resolved", wallMs)),
      ];
    case "escalate": {
      const told = [...new Set([...known?.channels ?? [], ...action.channels])];
      return [
        escalateAlert(action.id, action.step, told),
        ...action.channels.filter((channel) => takes(channel, "firing"))
          .map((channel) => message(action.id, channel, "firing", wallMs)),
      ];
    }
    default:
      return [];
  }
}

/** Statements for an alert that ended while nobody looked: its hub had ended before. */
export function endingUnseen(
  id: number,
  endedAtMs: number,
  told: readonly string[],
  wallMs: number,
): Statement[] {
  return [endAlert(id, endedAtMs), ...told.map((channel) => message(id, channel, "resolved", wallMs))];
}

function opening(action: OpenAction, context: StatementContext): Statement[] {
  const { alert, cause, holdMs } = action;
  const { wallMs, isOfEvent, takes } = context;
  const row: AlertRow = {
    id: alert.id,
    rule: alert.rule,
    camera: alert.camera,
    kind: "event" in cause ? cause.event.kind : cause.measured.metric,
    severity: alert.severity,
    ...context.wordsOf(action),
    startedAtMs: wallMs,
    lastAtMs: wallMs,
    endedAtMs: alert.isFiring ? undefined : wallMs,
    count: 1,
    subject: alert.subject,
    value: "measured" in cause && cause.measured.external === undefined ? cause.measured.value : undefined,
    muted: alert.muted,
    channels: alert.channels,
    escalated: 0,
  };
  return [
    insertAlert(row, isOfEvent),
    ...alert.channels.filter((channel) => takes(channel, "firing"))
      .map((channel) => message(alert.id, channel, "firing", wallMs, holdMs)),
  ];
}

function message(
  alert: number,
  channel: string,
  state: NewMessage["state"],
  wallMs: number,
  holdMs = 0,
): Statement {
  const key = crypto.randomUUID();
  return insertMessage({ key, alert, channel, state, createdAtMs: wallMs, dueAtMs: wallMs + holdMs });
}
