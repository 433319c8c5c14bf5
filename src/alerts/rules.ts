// What the rules make of an event, of a measured value, and of time going by. Pure: the state goes in, actions come
// out, and `apply` lays them on the state. Times are monotonic milliseconds, but `wallMs`, which schedules look at.
import { channelsOfRule } from "../config/actions.ts";
import { type AlertRule, isOfState, tellsEnd } from "../config/alerts.ts";
import { EXTERNAL_RULE } from "../config/external_alerts.ts";
import { isWithin } from "../config/time_windows.ts";
import type { Severity } from "./channel.ts";
import { fitsExternal, severityFor, subjectOf } from "./external/external_alert.ts";
import { fitsEvent, holds, isAt, isBeyond, isClear } from "./rule_fit.ts";
import {
  type AlertAction,
  type AlertState,
  groupOf,
  groupOfAlert,
  type LiveAlert,
  type Measured,
  type Moment,
  type Muted,
  type SeenEvent,
} from "./rule_state.ts";

/** A metric that fired and is no longer known for so long counts as over: its camera was removed or switched off. */
const UNKNOWN_MS = 120_000;
const SEVERITY_ORDER: readonly Severity[] = ["info", "warning", "critical"];

/** What an event makes happen. `isNew` is true the first time it is seen. */
export function onEvent(event: SeenEvent, isNew: boolean, state: AlertState, moment: Moment): AlertAction[] {
  const actions: AlertAction[] = [];
  for (const rule of moment.rules) {
    if (!fitsEvent(rule, event)) continue;
    const group = groupOf(rule.id, event.camera, event.kind);
    const alert = state.alerts.get(group);
    const waits = state.waiting.get(group)?.event?.key === event.key;
    if (isNew && holds(rule, event.camera, moment)) {
      if (rule.when.for_s > 0) {
        if (!event.isOver) actions.push({ type: "wait", group, event, atMs: moment.nowMs });
      } else actions.push(...fire(rule, { event }, state, moment, actions));
    }
    if (!event.isOver) continue;
    if (waits) actions.push({ type: "forget", group });
    if (alert?.isFiring && alert.events.has(event.key)) {
      actions.push(...endOf(rule, alert, event.key, moment));
    }
  }
  return actions;
}

/** What measured values and the time that went by make happen. */
export function onTick(measured: readonly Measured[], state: AlertState, moment: Moment): AlertAction[] {
  const actions: AlertAction[] = [];
  for (const rule of moment.rules) {
    if (isOfState(rule)) actions.push(...watchMetric(rule, measured, state, moment, actions));
    else actions.push(...fireWaiting(rule, state, moment, actions));
  }
  const known = new Set(actions.filter(({ type }) => type === "measured").map(({ group }) => group));
  return [...actions, ...escalations(state, moment), ...orphans(known, state, moment)];
}

function watchMetric(
  rule: AlertRule,
  measured: readonly Measured[],
  state: AlertState,
  moment: Moment,
  before: readonly AlertAction[],
): AlertAction[] {
  const actions: AlertAction[] = [];
  for (const each of measured) {
    if (!isAbout(rule, each, state, moment)) continue;
    const group = groupOf(rule.id, each.camera, each.metric, each.external && subjectOf(each.external));
    const alert = state.alerts.get(group);
    const isHeld = holds(rule, each.camera, moment);
    if (alert?.isFiring) {
      actions.push({ type: "measured", group, atMs: moment.nowMs });
      if (isClear(rule, each.value)) actions.push(resolve(rule, alert, moment, each.value));
      continue;
    }
    if (!isBeyond(rule, each.value) || !isHeld) {
      if (state.waiting.has(group)) actions.push({ type: "forget", group });
      continue;
    }
    const sinceMs = state.waiting.get(group)?.sinceMs ?? moment.nowMs;
    if (moment.nowMs - sinceMs >= rule.when.for_s * 1000) {
      actions.push(...fire(rule, { measured: each }, state, moment, [...before, ...actions]));
    } else if (!state.waiting.has(group)) actions.push({ type: "wait", group, atMs: moment.nowMs });
  }
  return actions;
}

/** The rule for the rest is about those alerts from outside that no other rule takes. */
function isAbout(rule: AlertRule, measured: Measured, state: AlertState, moment: Moment): boolean {
  const { external, camera, metric } = measured;
  if (!isAt(rule, camera)) return false;
  if (external === undefined) return metric === rule.when.metric;
  if (rule.when.external === undefined || !fitsExternal(rule.when.external, external)) return false;
  return rule.id !== EXTERNAL_RULE || !moment.rules.some((other) => {
    if (other.id === EXTERNAL_RULE || !isAbout(other, measured, state, moment)) return false;
    const known = state.alerts.get(groupOf(other.id, camera, metric, subjectOf(external)));
    return known?.isFiring === true || holds(other, camera, moment);
  });
}

/** Events that have now gone on for long enough. */
function fireWaiting(
  rule: AlertRule,
  state: AlertState,
  moment: Moment,
  before: readonly AlertAction[],
): AlertAction[] {
  const actions: AlertAction[] = [];
  for (const [group, { sinceMs, event }] of state.waiting) {
    if (event === undefined || group !== groupOf(rule.id, event.camera, event.kind)) continue;
    if (moment.nowMs - sinceMs < rule.when.for_s * 1000) continue;
    actions.push({ type: "forget", group }, ...fire(rule, { event }, state, moment, [...before, ...actions]));
  }
  return actions;
}

type Cause = { event: SeenEvent } | { measured: Measured };

function fire(
  rule: AlertRule,
  cause: Cause,
  state: AlertState,
  moment: Moment,
  before: readonly AlertAction[],
): AlertAction[] {
  const event = "event" in cause ? cause.event : undefined;
  const external = "event" in cause ? undefined : cause.measured.external;
  const camera = "event" in cause ? cause.event.camera : cause.measured.camera;
  const kind = "event" in cause ? cause.event.kind : cause.measured.metric;
  const subject = external && subjectOf(external);
  const group = groupOf(rule.id, camera, kind, subject);
  const severity = severityFor(rule, external);
  const known = state.alerts.get(group);
  const status = statusOf(event);
  const isRecent = known && moment.nowMs - known.lastMs < rule.cooldown_s * 1000;
  if (known?.isFiring || (isRecent && isSameStatus(known.status, status))) {
    return [{ type: "extend", group, id: known.id, atMs: moment.nowMs, ...(event ? { event } : {}) }];
  }
  const muted = mutedBy({ ...rule, severity }, camera, moment);
  const wanted = channelsOfRule(rule, moment.channels);
  const alert: LiveAlert = {
    id: state.nextId + before.filter(({ type }) => type === "open").length,
    rule: rule.id,
    camera,
    kind,
    subject,
    status,
    severity,
    isFiring: event === undefined || !event.isOver,
    startedMs: moment.nowMs,
    lastMs: moment.nowMs,
    count: 1,
    events: new Set(event && !event.isOver ? [event.key] : []),
    muted,
    isAcknowledged: false,
    escalated: 0,
    channels: muted ? [] : whoTakes(wanted, severity, moment),
    isEndTold: false,
  };
  return [{ type: "open", group, alert, cause, holdMs: rule.group_s * 1000 }];
}

/** The status of a camera's state, the name of a timer; undefined for all other events. */
function statusOf(event: SeenEvent | undefined): string | undefined {
  if (event?.kind === "timer") return String(event.details?.["name"]);
  return event?.kind === "camera_state" ? String(event.details?.["status"]) : undefined;
}

/** A camera that is offline is not the like of one that was online a moment before, nor are eggs the like of bread. */
function isSameStatus(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

function whoTakes(wanted: readonly string[], severity: Severity, { channels }: Moment): string[] {
  return channels.filter(({ id, least }) =>
    wanted.includes(id) && SEVERITY_ORDER.indexOf(severity) >= SEVERITY_ORDER.indexOf(least)
  ).map(({ id }) => id);
}

function mutedBy(rule: AlertRule, camera: string | undefined, moment: Moment): Muted | undefined {
  if (moment.isSnoozed(rule.id, camera)) return "snoozed";
  const isQuiet = rule.severity !== "critical" && isWithin(moment.quietHours, moment.wallMs, moment.zone);
  return isQuiet ? "quiet_hours" : undefined;
}

/** An event is over: with the last of an alert's events, so is the alert. */
function endOf(rule: AlertRule, alert: LiveAlert, event: string, moment: Moment): AlertAction[] {
  const group = groupOfAlert(alert);
  if (alert.events.size > 1) return [{ type: "release", group, id: alert.id, event }];
  return [resolve(rule, alert, moment)];
}

function resolve(
  rule: AlertRule | undefined,
  alert: LiveAlert,
  moment: Moment,
  value?: number,
): AlertAction {
  const isTold = rule !== undefined && tellsEnd(rule);
  return {
    type: "resolve",
    group: groupOfAlert(alert),
    id: alert.id,
    atMs: moment.nowMs,
    channels: isTold && !alert.isEndTold ? alert.channels : [],
    ...(value === undefined ? {} : { value }),
  };
}

/** What nobody acknowledged for long enough. A metric that is over needs nobody any more; an event may still. */
function escalations(state: AlertState, moment: Moment): AlertAction[] {
  const actions: AlertAction[] = [];
  for (const [group, alert] of state.alerts) {
    const rule = moment.rules.find(({ id }) => id === alert.rule);
    const step = rule?.escalate[alert.escalated];
    if (!rule || !step || alert.isAcknowledged || alert.muted !== undefined) continue;
    if (isOfState(rule) && !alert.isFiring) continue;
    if (moment.nowMs - alert.startedMs < step.after_min * 60_000) continue;
    const channels = whoTakes(step.channels, rule.severity, moment);
    actions.push({ type: "escalate", group, id: alert.id, step: alert.escalated + 1, channels });
  }
  return actions;
}

/**
 * Alerts that nothing can end any more: their rule is gone, or what they measured.
 * @param known groups of which something was measured just now.
 */
function orphans(known: ReadonlySet<string>, state: AlertState, moment: Moment): AlertAction[] {
  const actions: AlertAction[] = [];
  for (const [group, alert] of state.alerts) {
    if (!alert.isFiring) continue;
    const rule = moment.rules.find(({ id }) => id === alert.rule);
    const isMetric = alert.events.size === 0;
    const knownMs = state.measuredMs.get(group) ?? alert.startedMs;
    const isUnknown = isMetric && !known.has(group) && moment.nowMs - knownMs >= UNKNOWN_MS;
    if (!rule || isUnknown) actions.push(resolve(rule, alert, moment));
  }
  return actions;
}
