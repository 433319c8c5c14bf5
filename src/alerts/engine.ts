// Looks at every event before it is written, and at measured values again and again: what rules make of them is
// written together with the event, or in a transaction of its own.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { takesState } from "../config/actions.ts";
import { type AlertRule, type AlertsConfig, rulesInForce, tellsEnd } from "../config/alerts.ts";
import type { AlertRow, AlertsTable } from "../store/alerts_table.ts";
import type { LocalTime } from "../config/time_windows.ts";
import type { EventRow } from "../store/events_table.ts";
import type { Statement } from "../store/protocol.ts";
import type { Arming } from "./arming.ts";
import { EXTERNAL, wordsOfExternal } from "./external/external_alert.ts";
import {
  type AlertAction,
  type AlertState,
  emptyState,
  groupOfAlert,
  type LiveAlert,
  type Measured,
  type Moment,
} from "./rule_state.ts";
import { onEvent, onTick } from "./rules.ts";
import { isOfMetric, keyOf, liveAlert, seenEvent } from "./seen_rows.ts";
import { apply, tidy } from "./state.ts";
import { endingUnseen, type OpenAction, statementsOf } from "./statements.ts";
import { type AlertWords, wordsOfEvent, wordsOfMetric } from "./words.ts";

/** What the engine works with. */
export interface EngineDeps {
  table: AlertsTable;
  arming: Arming;
  clock: Clock;
  /** Local time, in which schedules are meant. */
  zone: LocalTime;
  log: Logger;
  config(): AlertsConfig;
  /** What is known now. */
  measure(): Promise<Measured[]>;
  /** How people call a camera. */
  cameraName(id: string): string;
  /** Told of each new alert after it was written. */
  opened(action: OpenAction, words: AlertWords): void;
}

/** What is to be written, and the alerts that begin with it. */
interface Taken {
  statements: readonly Statement[];
  opened: readonly { action: OpenAction; words: AlertWords }[];
}

const NOTHING: Taken = { statements: [], opened: [] };
const TICK_MS = 5000;
/** More than the journal lets wait. */
const MAX_PROPOSED = 2000;
const PRUNE_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** More open alerts than this are not taken up again after a restart; they stay as they are. */
const MAX_TAKEN_UP = 500;

/** Decides about alerts. `load` comes first, then `run`. */
export class AlertEngine {
  /** Notified when alerts or their messages were written or changed. */
  readonly changes = new Changes();
  /** Notify it to have the engine look at once. */
  readonly wake = new Changes();
  readonly #deps: EngineDeps;
  #state: AlertState = emptyState();
  /** Of the events that are being written, by their keys: given again as long as that fails. */
  readonly #proposed = new Map<string, Taken>();
  /** Of time and measured values, not written yet. */
  #unwritten: Taken = NOTHING;
  #inForce: { config: AlertsConfig; rules: readonly AlertRule[] } | undefined;
  #hasFailed = false;
  /** Told once: it would be told every few seconds. */
  #isBlind = false;

  constructor(deps: EngineDeps) {
    this.#deps = deps;
  }

  /** Takes up what an earlier run left. Events of that run are over. @throws HubError. */
  async load(): Promise<void> {
    const { table, clock } = this.#deps;
    this.#state = emptyState(await table.lastId() + 1);
    const firing = (await table.list({ state: "firing", limit: MAX_TAKEN_UP })).alerts;
    const unseen = (await table.list({ state: "unacknowledged", limit: MAX_TAKEN_UP })).alerts;
    const [measured, ofEvents] = [firing.filter(isOfMetric), firing.filter((each) => !isOfMetric(each))];
    await table.write(ofEvents.flatMap(({ id, rule, lastAtMs, channels }) => {
      const known = this.rules.find((each) => each.id === rule);
      const isTold = known !== undefined && tellsEnd(known);
      return endingUnseen(
        id,
        lastAtMs,
        isTold ? channels.filter((each) => this.#takes(each, "resolved")) : [],
        clock.now(),
      );
    }));
    // The newest of a group comes last and stands.
    for (const row of [...unseen.filter((each) => !isOfMetric(each)), ...measured].reverse()) {
      const live = liveAlert(row, clock);
      const group = groupOfAlert(live);
      this.#state.alerts.set(group, live);
      // Nothing could be measured while the hub did not run: that is no reason to call it over.
      this.#state.measuredMs.set(group, clock.monotonic());
    }
  }

  /** For `JournalDeps.alongside`: what is written in one transaction with the event. Never fails. */
  readonly alongside = (row: EventRow, seq: number | undefined): Statement[] => {
    const event = seenEvent(row);
    const before = this.#proposed.get(event.key);
    const isNew = seq === undefined && before === undefined;
    try {
      const taken = this.#take(onEvent(event, isNew, this.#state, this.#moment()), true);
      this.#propose(event.key, both(before ?? NOTHING, taken));
    } catch (error) {
      // The event itself must not wait for it.
      this.#deps.log.error("The rules of alerts failed at an event", { kind: row.kind, error });
    }
    return [...this.#proposed.get(event.key)?.statements ?? []];
  };

  /** For the journal's subscribers: an event and what belongs to it were written. */
  readonly written = (event: Pick<EventRow, "camera" | "kind" | "source" | "startedAtMs">): void => {
    const key = keyOf(event);
    const taken = this.#proposed.get(key) ?? NOTHING;
    this.#proposed.delete(key);
    if (taken.statements.length > 0) this.#tell(taken);
  };

  /**
   * For `JournalDeps.onDropped`: an event was given up before it was written, and so were the alerts that began with
   * it. They must not swallow their like from now on.
   */
  readonly dropped = (row: EventRow): void => {
    const event = { ...seenEvent(row), isOver: true };
    const { alerts } = this.#state;
    for (const { action: { group, alert } } of this.#proposed.get(event.key)?.opened ?? []) {
      if (alerts.get(group)?.id === alert.id) alerts.delete(group);
    }
    this.#proposed.delete(event.key);
    // Those that were there before go on without it.
    const taken = this.#take(onEvent(event, false, this.#state, this.#moment()), false);
    this.#unwritten = both(this.#unwritten, taken);
  };

  /** No more is remembered than the journal lets wait. */
  #propose(key: string, taken: Taken): void {
    this.#proposed.set(key, taken);
    for (const oldest of this.#proposed.keys()) {
      if (this.#proposed.size <= MAX_PROPOSED) break;
      this.#proposed.delete(oldest);
    }
  }

  /** Watches values and the time until the signal aborts. Never fails. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    let pruneAtMs = clock.monotonic();
    let hasNews = false;
    const unsubscribe = this.wake.subscribe(() => hasNews = true);
    while (!signal.aborted) {
      hasNews = false;
      try {
        await this.tick();
        if (clock.monotonic() >= pruneAtMs) {
          await this.#deps.table.prune(clock.now() - this.#deps.config().keep_days * DAY_MS);
          pruneAtMs = clock.monotonic() + PRUNE_EVERY_MS;
        }
        this.#hasFailed = false;
      } catch (error) {
        if (!this.#hasFailed) log.error("Alerts cannot be written; they wait in memory", { error });
        this.#hasFailed = true;
      }
      if (!hasNews) await sleepOrChange(TICK_MS, this.wake, clock, signal);
    }
    unsubscribe();
  }

  /** Looks once. @throws HubError when the database cannot be written; nothing is lost by that. */
  async tick(): Promise<void> {
    const { clock, table } = this.#deps;
    const measured = await this.#measured();
    const moment = this.#moment();
    this.#unwritten = both(this.#unwritten, this.#take(onTick(measured, this.#state, moment), false));
    tidy(this.#state, (alert) => this.#isNeeded(alert, clock.monotonic()));
    if (this.#unwritten.statements.length === 0) return;
    const taken = this.#unwritten;
    await table.write(taken.statements);
    this.#unwritten = NOTHING;
    this.#tell(taken);
  }

  /** Nothing where measuring fails: events and escalations do not wait for it. */
  async #measured(): Promise<Measured[]> {
    try {
      return await this.#deps.measure();
    } catch (error) {
      if (!this.#isBlind) this.#deps.log.warn("Values that alerts watch cannot be measured", { error });
      this.#isBlind = true;
      return [];
    }
  }

  /** Somebody has seen it: nobody further is told. @throws HubError `not_found`. */
  async acknowledge(id: number, by: string, note: string | undefined): Promise<AlertRow> {
    const { table, clock } = this.#deps;
    await table.acknowledge(id, by, clock.now(), note);
    const row = await table.get(id);
    if (!row) throw new HubError("not_found", `There is no alert ${id}`, { hint: "list_alerts names them" });
    this.#noteAcknowledged((alert) => alert.id === id);
    return row;
  }

  /** The same for all alerts. @returns how many nobody had acknowledged. */
  async acknowledgeAll(by: string, note: string | undefined): Promise<number> {
    const { table, clock } = this.#deps;
    const count = await table.acknowledgeAll(by, clock.now(), note);
    this.#noteAcknowledged(() => true);
    return count;
  }

  #noteAcknowledged(isMeant: (alert: LiveAlert) => boolean): void {
    for (const [group, alert] of this.#state.alerts) {
      if (isMeant(alert)) this.#state.alerts.set(group, { ...alert, isAcknowledged: true });
    }
    this.changes.notify();
  }

  /** Rules in force. */
  get rules(): readonly AlertRule[] {
    const config = this.#deps.config();
    if (this.#inForce?.config !== config) this.#inForce = { config, rules: rulesInForce(config) };
    return this.#inForce.rules;
  }

  #take(actions: readonly AlertAction[], isOfEvent: boolean): Taken {
    const opened: { action: OpenAction; words: AlertWords }[] = [];
    const wordsOf = (action: OpenAction) => {
      const words = this.#wordsOf(action);
      opened.push({ action, words });
      return words;
    };
    // Each action is written as the one before left the state.
    const statements = actions.flatMap((action) => {
      const made = statementsOf(action, this.#state, {
        wallMs: this.#deps.clock.now(),
        isOfEvent,
        wordsOf,
        takes: this.#takes,
      });
      apply(this.#state, [action]);
      return made;
    });
    return { statements, opened };
  }

  readonly #takes = (id: string, state: "firing" | "resolved"): boolean =>
    takesState(this.#deps.config().channels.find((each) => each.id === id), state);

  #wordsOf({ alert, cause }: OpenAction): AlertWords {
    const rule = this.rules.find(({ id }) => id === alert.rule);
    if (!rule) throw new HubError("internal", `The rule "${alert.rule}" is gone`);
    const name = alert.camera === undefined ? undefined : this.#deps.cameraName(alert.camera);
    if ("event" in cause) return wordsOfEvent(rule, cause.event, name);
    const { metric, external, value } = cause.measured;
    if (external !== undefined) return wordsOfExternal(rule, external, name);
    if (metric === EXTERNAL) throw new HubError("internal", "An alert from outside came without itself");
    return wordsOfMetric(rule, { metric, value }, name);
  }

  #tell({ opened }: Taken): void {
    for (const { action, words } of opened) this.#deps.opened(action, words);
    this.changes.notify();
  }

  #moment(): Moment {
    const { clock, zone, arming, config } = this.#deps;
    const { quiet_hours, channels } = config();
    return {
      nowMs: clock.monotonic(),
      wallMs: clock.now(),
      zone,
      rules: this.rules,
      quietHours: quiet_hours,
      modeAt: (camera) => arming.modeAt(camera),
      isSnoozed: (rule, camera) => arming.isSnoozed(rule, camera),
      channels: channels.map(({ id, type, min_severity }) => ({ id, type, least: min_severity })),
    };
  }

  #isNeeded(alert: LiveAlert, nowMs: number): boolean {
    const rule = this.rules.find(({ id }) => id === alert.rule);
    if (!rule) return false;
    const isWarm = nowMs - alert.lastMs < rule.cooldown_s * 1000;
    return isWarm || (!alert.isAcknowledged && rule.escalate.length > alert.escalated);
  }
}

function both(a: Taken, b: Taken): Taken {
  return { statements: [...a.statements, ...b.statements], opened: [...a.opened, ...b.opened] };
}
