// Lays what rules decided on what they remember.
import type { AlertAction, AlertState, LiveAlert } from "./rule_state.ts";

/** Changes the state as the actions say, in their order. */
export function apply(state: AlertState, actions: readonly AlertAction[]): void {
  for (const action of actions) applyOne(state, action);
}

function applyOne(state: AlertState, action: AlertAction): void {
  const { group } = action;
  const alert = state.alerts.get(group);
  switch (action.type) {
    case "wait":
      state.waiting.set(group, { sinceMs: action.atMs, event: action.event });
      return;
    case "forget":
      state.waiting.delete(group);
      return;
    case "measured":
      state.measuredMs.set(group, action.atMs);
      return;
    case "open":
      state.nextId = Math.max(state.nextId, action.alert.id + 1);
      state.waiting.delete(group);
      state.measuredMs.set(group, action.alert.startedMs);
      state.alerts.set(group, action.alert);
      return;
  }
  if (alert?.id === action.id) state.alerts.set(group, changed(alert, action));
}

type Change = Exclude<AlertAction, { type: "wait" | "forget" | "measured" | "open" }>;

function changed(alert: LiveAlert, action: Change): LiveAlert {
  switch (action.type) {
    case "extend": {
      const { event } = action;
      const events = new Set([...alert.events, ...(event && !event.isOver ? [event.key] : [])]);
      const isFiring = event === undefined || !event.isOver || alert.isFiring;
      return { ...alert, lastMs: action.atMs, count: alert.count + 1, events, isFiring };
    }
    case "release":
      return { ...alert, events: new Set([...alert.events].filter((each) => each !== action.event)) };
    case "resolve":
      return {
        ...alert,
        isFiring: false,
        events: new Set(),
        lastMs: Math.max(alert.lastMs, action.atMs),
        isEndTold: alert.isEndTold || action.channels.length > 0,
      };
    case "escalate":
      return {
        ...alert,
        escalated: action.step,
        channels: [...new Set([...alert.channels, ...action.channels])],
      };
  }
}

/** Forgets what no rule needs any more: over, acknowledged or without steps left, and cooled down. */
export function tidy(state: AlertState, isNeeded: (alert: LiveAlert) => boolean): void {
  for (const [group, alert] of state.alerts) {
    if (alert.isFiring || isNeeded(alert)) continue;
    state.alerts.delete(group);
    state.measuredMs.delete(group);
  }
}
