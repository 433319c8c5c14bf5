// Alerts that others report and that go on: remembered over restarts, in the journal from their beginning to their end,
// and shown to the hub's own rules as values are that it measures.
import { Changes } from "../../base/changes.ts";
import type { Clock } from "../../base/clock.ts";
import { HubError, isAbort } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { Turns } from "../../base/turns.ts";
import { EXTERNAL_SOURCES } from "../../config/external_alerts.ts";
import type { EventHandle } from "../../events/entry.ts";
import type { Journal } from "../../events/journal.ts";
import type { ExternalAlertRow, ExternalAlertsTable } from "../../store/external_alerts_table.ts";
import type { Severity } from "../channel.ts";
import type { Measured } from "../rule_state.ts";
import { EXTERNAL, type ExternalAlert, subjectOf } from "./external_alert.ts";
import type { ExternalReport } from "./webhook.ts";

/** What they work with. */
export interface ExternalAlertsDeps {
  table: ExternalAlertsTable;
  clock: Clock;
  log: Logger;
  journal(): Pick<Journal, "open"> | undefined;
  /** True for a camera of the hub. */
  isCamera(id: string): boolean;
  /** Hours after which one is over that nobody reports any more. */
  keepHours(): number;
}

/** What came of a body. */
export interface Received {
  received: number;
  /** Alerts that the hub did not know to fire. */
  began: number;
  ended: number;
}

interface Known {
  alert: ExternalAlert;
  /** When it was reported last, on the monotonic clock. */
  seenMs: number;
  event?: EventHandle | undefined;
}

/** More than this do not go on at a time. */
const MAX_EXTERNAL_ALERTS = 1000;
/** Rules are told for so long that one is over. */
const TOLD_OVER_MS = 600_000;
const LOOK_EVERY_MS = 60_000;
const HOUR_MS = 3_600_000;

/** Knows which alerts from outside go on. `load` comes first, then `run`. */
export class ExternalAlerts {
  /** Notified when one begins or ends. */
  readonly changes = new Changes();
  readonly #deps: ExternalAlertsDeps;
  readonly #known = new Map<string, Known>();
  readonly #over = new Map<string, { alert: ExternalAlert; atMs: number }>();
  /** One body after another: each is written before the next is looked at. */
  readonly #turns = new Turns(1);

  constructor(deps: ExternalAlertsDeps) {
    this.#deps = deps;
  }

  /** Takes up what an earlier run left. @throws HubError when the database cannot be read. */
  async load(): Promise<void> {
    const { table, clock } = this.#deps;
    for (const row of await table.all()) {
      const alert = alertOf(row);
      // The wall clock may have been set back meanwhile.
      const seenMs = clock.monotonic() - Math.max(0, clock.now() - row.seenAtMs);
      if (alert) this.#known.set(subjectOf(alert), { alert, seenMs });
    }
  }

  /** Ends what nobody reports any more, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    // Events of the run before are over; those that go on go on in another.
    for (const known of this.#known.values()) known.event ??= this.#begin(known.alert);
    while (!signal.aborted) {
      try {
        await this.expire();
      } catch (error) {
        log.warn("Alerts from outside that nobody reports any more could not be ended", { error });
      }
      await clock.sleep(LOOK_EVERY_MS, signal).catch((error) => {
        if (!isAbort(error)) throw error;
      });
    }
  }

  /**
   * Takes in what was reported. What was reported before changes nothing but when it was seen last.
   * @throws HubError `unavailable` when too many go on, or when it cannot be written: then nothing was taken in.
   */
  take(reports: readonly ExternalReport[]): Promise<Received> {
    return this.#turns.run(() => this.#take(reports));
  }

  async #take(reports: readonly ExternalReport[]): Promise<Received> {
    // The last word on each counts.
    const last = new Map(reports.map((each) => [subjectOf(each), each]));
    const firing = [...last.values()].filter(({ isFiring }) => isFiring).map((each) => this.#alertOf(each));
    const over = [...last].filter(([subject, report]) => this.#isEndOf(report, this.#known.get(subject)));
    const began = firing.filter((each) => !this.#known.has(subjectOf(each)));
    this.#refuseTooMany(began.length - over.length);
    const seenAtMs = this.#deps.clock.now();
    await this.#deps.table.write(
      firing.map((each) => ({ ...each, seenAtMs })),
      over.map(([, report]) => report),
    );
    for (const alert of firing) this.#note(alert);
    for (const [subject] of over) this.#end(subject);
    if (began.length + over.length > 0) this.changes.notify();
    return { received: reports.length, began: began.length, ended: over.length };
  }

  /** Ends those that were not reported for too long. @throws HubError when that cannot be written. */
  expire(): Promise<void> {
    return this.#turns.run(async () => {
      const { clock, table, keepHours } = this.#deps;
      const latestMs = clock.monotonic() - keepHours() * HOUR_MS;
      const gone = [...this.#known].filter(([, { seenMs }]) => seenMs <= latestMs);
      await table.write([], gone.map(([, { alert }]) => alert));
      for (const [subject] of gone) this.#end(subject, "timeout");
      if (gone.length > 0) this.changes.notify();
    });
  }

  /** For rules: 1 for each that goes on, 0 for each that ended lately. */
  measured(): Measured[] {
    const nowMs = this.#deps.clock.monotonic();
    for (const [subject, { atMs }] of this.#over) {
      if (nowMs - atMs > TOLD_OVER_MS) this.#over.delete(subject);
    }
    const measured = (alert: ExternalAlert, value: number): Measured => ({
      metric: EXTERNAL,
      camera: alert.camera,
      value,
      external: alert,
    });
    return [
      ...[...this.#known.values()].map(({ alert }) => measured(alert, 1)),
      ...[...this.#over.values()].map(({ alert }) => measured(alert, 0)),
    ];
  }

  /** What ended before this one began is the end of another, told late. */
  #isEndOf({ isFiring, endsAtMs }: ExternalReport, known: Known | undefined): boolean {
    return !isFiring && known !== undefined &&
      (endsAtMs === undefined || endsAtMs >= known.alert.startsAtMs);
  }

  #refuseTooMany(more: number): void {
    if (more <= 0 || this.#known.size + more <= MAX_EXTERNAL_ALERTS) return;
    throw new HubError("unavailable", `More than ${MAX_EXTERNAL_ALERTS} alerts from outside would go on`, {
      hint: "Send fewer alerts to the hub, or end those that go on",
    });
  }

  /** The camera stays as it was when the alert began: its like at another one would be another alert. */
  #alertOf({ isFiring: _, endsAtMs: __, ...report }: ExternalReport): ExternalAlert {
    const known = this.#known.get(subjectOf(report));
    const named = report.labels["camera"];
    const camera = named !== undefined && this.#deps.isCamera(named) ? named : undefined;
    return { ...report, camera: known === undefined ? camera : known.alert.camera };
  }

  #note(alert: ExternalAlert): void {
    const subject = subjectOf(alert);
    const known = this.#known.get(subject);
    this.#over.delete(subject);
    const event = known === undefined ? this.#begin(alert) : known.event;
    this.#known.set(subject, { alert, seenMs: this.#deps.clock.monotonic(), event });
  }

  #begin({ camera, source, name, severity, title, startsAtMs }: ExternalAlert): EventHandle | undefined {
    return this.#deps.journal()?.open({
      camera,
      kind: "alert",
      source,
      startedAtMs: this.#deps.clock.now(),
      deviceAtMs: startsAtMs,
      details: { name, severity, title },
    });
  }

  #end(subject: string, because?: "timeout"): void {
    const known = this.#known.get(subject);
    if (!known) return;
    known.event?.close(this.#deps.clock.now(), because);
    this.#known.delete(subject);
    this.#over.set(subject, { alert: known.alert, atMs: this.#deps.clock.monotonic() });
  }
}

/** A row of the database; undefined for one of a source that this version does not know. */
function alertOf({ seenAtMs: _, ...row }: ExternalAlertRow): ExternalAlert | undefined {
  const source = EXTERNAL_SOURCES.find((each) => each === row.source);
  return source && { ...row, source, severity: row.severity as Severity };
}
