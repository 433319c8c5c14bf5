// Countdowns with names: for so long, whatever the wall clock does meanwhile, or until a time of day. They go on over a
// restart; those that ended while the hub did not run are told late.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { HubError } from "../base/errors.ts";
import type { Logger } from "../base/log.ts";
import { Turns } from "../base/turns.ts";
import type { Journal } from "../events/journal.ts";
import type { TimerRow, TimersTable } from "../store/timers_table.ts";
import { Countdown, MAX_TIMERS, type TimerState, type TimerWish } from "./timer.ts";

/** What they work with. */
export interface TimersDeps {
  table: TimersTable;
  clock: Clock;
  log: Logger;
  journal: Pick<Journal, "record">;
}

/** The wall clock is looked at this often while a timer runs. */
const LOOK_EVERY_MS = 10_000;
/** A difference that is no setting of the clock. */
const STEADY_MS = 1000;
/** What is over is shown for so long. */
const SHOWN_MS = 86_400_000;

/** Keeps them. `load` comes first, then `run`. */
export class Timers {
  /** Notified when one is set, cancelled, over, or ends at another time of day. */
  readonly changes = new Changes();
  readonly #deps: TimersDeps;
  readonly #wake = new Changes();
  readonly #turns = new Turns(1);
  readonly #timers = new Map<number, Countdown>();
  /** Wall clock less monotonic clock. */
  #offsetMs: number;

  constructor(deps: TimersDeps) {
    this.#deps = deps;
    this.#offsetMs = this.#offset();
  }

  /** Takes up what an earlier run left. @throws HubError when the database cannot be read. */
  async load(): Promise<void> {
    for (const row of await this.#deps.table.all()) {
      this.#timers.set(row.id, new Countdown(row, this.#deps.clock, { isFound: true }));
    }
  }

  /** All of them: those that end first come first, and before them those that are over. */
  get list(): TimerState[] {
    return [...this.#timers.values()].map(({ state }) => state).sort((a, b) =>
      a.leftMs - b.leftMs || a.id - b.id
    );
  }

  /** The one of that number or name. @throws HubError `not_found`, naming those that there are. */
  find(wanted: number | string): TimerState {
    const found = this.#named(wanted)?.state;
    if (found) return found;
    const names = this.list.map(({ name, id }) => `"${name}" (${id})`);
    throw new HubError("not_found", `There is no timer ${JSON.stringify(wanted)}`, {
      hint: names.length === 0 ? "No timer is set" : `The timers are: ${names.join(", ")}`,
    });
  }

  /**
   * Begins a countdown; one of the same name begins anew and keeps its number.
   * @throws HubError `conflict` when there are too many, or what the database throws.
   */
  set(wish: TimerWish): Promise<TimerState> {
    return this.#turns.run(async () => {
      const { table, clock } = this.#deps;
      const known = this.#named(wish.name);
      if (!known) await this.#makeRoom();
      const timer = timerOf(wish, clock.now());
      const id = known?.row.id ?? await table.add(timer);
      const row = { ...timer, id };
      if (known) await table.update(row);
      const countdown = new Countdown(row, clock);
      this.#timers.set(id, countdown);
      this.#tell();
      return countdown.state;
    });
  }

  /** Ends a countdown without a word, or puts away one that is over. @throws HubError `not_found`. */
  cancel(wanted: number | string): Promise<TimerState> {
    return this.#turns.run(async () => {
      const timer = this.find(wanted);
      await this.#remove(timer.id);
      this.#tell();
      return timer;
    });
  }

  /** Counts down until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    let hasNews = false;
    const unsubscribe = this.#wake.subscribe(() => hasNews = true);
    while (!signal.aborted) {
      hasNews = false;
      await this.#turns.run(() => this.#look());
      if (!hasNews) await sleepOrChange(this.#waitMs(), this.#wake, this.#deps.clock, signal);
    }
    unsubscribe();
  }

  /** Never fails: what cannot be written is told all the same, and once more after a restart. */
  async #look(): Promise<void> {
    const { log } = this.#deps;
    try {
      await this.#followClock();
      await this.#putAway();
    } catch (error) {
      log.warn("Timers could not be written", { error });
    }
    for (const countdown of this.#timers.values()) {
      if (countdown.isRunning && countdown.leftMs === 0) await this.#end(countdown);
    }
  }

  async #end(countdown: Countdown): Promise<void> {
    const { table, clock, journal, log } = this.#deps;
    countdown.row = { ...countdown.row, endedAtMs: clock.now() };
    const { row, lateMs } = countdown;
    journal.record({
      camera: row.camera,
      kind: "timer",
      source: "hub",
      startedAtMs: clock.now(),
      details: {
        name: row.name,
        set_s: Math.round(row.durationMs / 1000),
        ...(row.zone === undefined ? {} : { zone: row.zone }),
        ...(lateMs === 0 ? {} : {
          late_s: Math.round(lateMs / 1000),
          reason: "Told late: the hub did not run when it ended",
        }),
      },
    });
    this.changes.notify();
    await table.update(row).catch((error) =>
      log.warn("The end of a timer could not be written", { timer: row.id, error })
    );
  }

  async #followClock(): Promise<void> {
    const aheadMs = this.#offset() - this.#offsetMs;
    if (Math.abs(aheadMs) < STEADY_MS) return;
    this.#offsetMs += aheadMs;
    const changed = [...this.#timers.values()].filter((each) => each.followClock(aheadMs));
    this.changes.notify();
    for (const { row } of changed) await this.#deps.table.update(row);
  }

  /** What has been over for a day is seen by nobody any more. */
  async #putAway(): Promise<void> {
    const beforeMs = this.#deps.clock.now() - SHOWN_MS;
    const old = this.list.filter(({ endedAtMs }) => endedAtMs !== undefined && endedAtMs < beforeMs);
    for (const { id } of old) await this.#remove(id);
    if (old.length > 0) this.changes.notify();
  }

  async #makeRoom(): Promise<void> {
    if (this.#timers.size < MAX_TIMERS) return;
    const over = this.list.find(({ endedAtMs }) => endedAtMs !== undefined);
    if (over) return await this.#remove(over.id);
    throw new HubError("conflict", `There are ${MAX_TIMERS} timers already`, {
      hint: "Cancel one of them first; list_timers tells them",
    });
  }

  async #remove(id: number): Promise<void> {
    await this.#deps.table.remove(id);
    this.#timers.delete(id);
  }

  #named(wanted: number | string): Countdown | undefined {
    if (typeof wanted === "number") return this.#timers.get(wanted);
    const name = wanted.trim().toLowerCase();
    return [...this.#timers.values()].find(({ row }) => row.name.toLowerCase() === name);
  }

  #tell(): void {
    this.#wake.notify();
    this.changes.notify();
  }

  #waitMs(): number {
    const running = [...this.#timers.values()].filter(({ isRunning }) => isRunning);
    if (running.length === 0) return this.#timers.size === 0 ? Infinity : LOOK_EVERY_MS * 6;
    return Math.min(LOOK_EVERY_MS, ...running.map(({ leftMs }) => leftMs));
  }

  #offset(): number {
    return this.#deps.clock.now() - this.#deps.clock.monotonic();
  }
}

function timerOf({ name, end, zone, camera }: TimerWish, nowMs: number): Omit<TimerRow, "id"> {
  const isByClock = "untilMs" in end;
  const durationMs = isByClock ? end.untilMs - nowMs : end.durationMs;
  return { name, zone, camera, setAtMs: nowMs, durationMs, endsAtMs: nowMs + durationMs, isByClock };
}
