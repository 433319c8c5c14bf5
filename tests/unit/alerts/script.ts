// Plays events, values and time to the rules, and writes down in short what they make of it.
import { alertsSection, rulesInForce } from "../../../src/config/alerts.ts";
import { hubTime } from "../../../src/config/time_windows.ts";
import {
  type AlertAction,
  emptyState,
  type Measured,
  type Moment,
  type SeenEvent,
} from "../../../src/alerts/rule_state.ts";
import { onEvent, onTick } from "../../../src/alerts/rules.ts";
import { apply } from "../../../src/alerts/state.ts";

/** Wednesday, 6 May 2026, noon, local time. */
export const NOON = new Date(2026, 4, 6, 12).getTime();
export const OFF = { offline_s: false, latency_ms: false, temperature_c: false, motion_per_min: false };

/** Rules of a section of the file, and the time. */
export class Script {
  readonly state = emptyState();
  mode: ReturnType<Moment["modeAt"]> = "disarmed";
  snoozed: string[] = [];
  #nowMs = 1_000_000;
  #wallMs = NOON;
  readonly #section;

  constructor(section: Record<string, unknown>) {
    const channels = ["a", "b", "c"].map((id) => ({ id, type: "webhook", url: `http://${id}.test/` }));
    this.#section = alertsSection.parse({ channels, thresholds: OFF, ...section });
  }

  at(hours: number, minutes = 0): this {
    this.#wallMs = new Date(2026, 4, 6, hours, minutes).getTime();
    return this;
  }

  wait(seconds: number): this {
    this.#nowMs += seconds * 1000;
    this.#wallMs += seconds * 1000;
    return this;
  }

  /** An event begins; over at once where it is momentary. */
  event(key: string, kind: string, change: Partial<SeenEvent> = {}): string[] {
    return this.#do(
      onEvent({ key, kind, camera: "door", isOver: false, ...change }, true, this.state, this.#moment()),
    );
  }

  end(key: string, kind: string, change: Partial<SeenEvent> = {}): string[] {
    const event = { key, kind, camera: "door", isOver: true, ...change };
    return this.#do(onEvent(event, false, this.state, this.#moment()));
  }

  tick(...values: [Measured["metric"], number, camera?: string][]): string[] {
    const measured = values.map(([metric, value, camera]) => ({ metric, value, camera }));
    return this.#do(onTick(measured, this.state, this.#moment()));
  }

  acknowledge(): void {
    for (const [group, alert] of this.state.alerts) {
      this.state.alerts.set(group, { ...alert, isAcknowledged: true });
    }
  }

  #do(actions: AlertAction[]): string[] {
    apply(this.state, actions);
    return actions.filter(({ type }) => type !== "measured").map(shortly);
  }

  #moment(): Moment {
    return {
      nowMs: this.#nowMs,
      wallMs: this.#wallMs,
      zone: hubTime,
      rules: rulesInForce(this.#section),
      quietHours: this.#section.quiet_hours,
      modeAt: () => this.mode,
      isSnoozed: (rule) => this.snoozed.includes(rule),
      channels: this.#section.channels.map(({ id, type, min_severity }) => ({
        id,
        type,
        least: min_severity,
      })),
    };
  }
}

function shortly(action: AlertAction): string {
  switch (action.type) {
    case "open": {
      const { id, rule, muted, channels } = action.alert;
      return `open ${id} ${rule} ${muted ?? (channels.join("+") || "nobody")}`;
    }
    case "resolve":
      return `resolve ${action.id} ${action.channels.join("+") || "silently"}`;
    case "escalate":
      return `escalate ${action.id} ${action.step} ${action.channels.join("+")}`;
    case "extend":
    case "release":
      return `${action.type} ${action.id}`;
    default:
      return action.type;
  }
}
