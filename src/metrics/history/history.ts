// The history of what was measured: taken down in memory, written to a database of its own in batches, and asked.
import { Changes, sleepOrChange } from "../../base/changes.ts";
import type { Clock } from "../../base/clock.ts";
import type { ClockDoubt } from "../../base/clock_doubt.ts";
import { HubError, isAbort, toHubError } from "../../base/errors.ts";
import type { Logger } from "../../base/log.ts";
import { Scope } from "../../base/scope.ts";
import { Turns } from "../../base/turns.ts";
import type { Warnings } from "../../base/warnings.ts";
import { type Database, isDamage } from "../../store/database.ts";
import type { Sample } from "../sample.ts";
import { Archive } from "./archive.ts";
import { Buffer } from "./buffer.ts";
import { EventBudget } from "./event_budget.ts";
import { Grid } from "./grid.ts";
import { planOf } from "./plan.ts";
import type { HistoryAnswer, HistoryQuery, HistoryReader, Tier } from "./query.ts";
import { enforce, type Limits } from "./retention.ts";
import { SERIES_FIELDS, seriesOf, type Tick } from "./series.ts";
import { Sampler } from "./sampler.ts";

/** How much is kept for how long. */
export interface HistorySettings extends Limits {
  /** How often something is measured. */
  intervalMs: number;
  writeEveryMs: number;
}

/** How large the history is, as last counted. */
export interface HistorySize {
  rows: Readonly<Record<Tier, number>>;
  bytes: number;
}

/** What the history works with. */
export interface HistoryDeps {
  clock: Clock;
  log: Logger;
  warnings: Pick<Warnings, "raise" | "clear">;
  doubt: Pick<ClockDoubt, "isDoubted">;
  settings(): HistorySettings;
  /** Everything that is known now. */
  samples(): readonly Sample[];
  /** Opens the file. @throws HubError when that cannot be: it is tried again. */
  open(): Promise<Database>;
}

const MINUTE_MS = 60_000;
/** After a write that failed, the next is tried so much later. */
const RETRY_MS = MINUTE_MS;
const TIDY_EVERY_MS = 60 * MINUTE_MS;
const WARNING = "history";

/** Keeps and answers. `run` does the measuring and the writing. */
export class History implements HistoryReader {
  readonly #deps: HistoryDeps;
  readonly #sampler = new Sampler();
  readonly #buffer = new Buffer();
  readonly #budget: EventBudget;
  /** While one question is read of the disk, another is put together: more at once would only hold up the pictures. */
  readonly #turns = new Turns(2);
  readonly #eventBegan = new Changes();
  #isEventWaiting = false;
  #archive: Archive | undefined;
  /** What writes now: answers wait for it, so that no row is read twice or not at all. */
  #writing: Promise<void> = Promise.resolve();
  #tidiedMs = -Infinity;
  #size: HistorySize | undefined;
  #failures = 0;
  #failure: HubError | undefined;

  constructor(deps: HistoryDeps) {
    this.#deps = deps;
    this.#budget = new EventBudget(deps.clock);
  }

  /** Everybody of whom something is kept: cameras, those that are removed too, and `HUB_SUBJECT`. */
  get subjects(): string[] {
    const live = this.#buffer.ticks.flatMap(({ rows }) => [...rows.keys()]);
    return [...new Set([...this.#archive?.subjects ?? [], ...live])];
  }

  /** What is on the disk, as counted within the last hour; undefined where that is not known. */
  get size(): HistorySize | undefined {
    return this.#size;
  }

  /** Writes that failed since the hub started. */
  get writeFailures(): number {
    return this.#failures;
  }

  /** An event began: what was measured until now is to be on the disk soon. */
  readonly noteEvent = (): void => {
    this.#isEventWaiting = true;
    this.#eventBegan.notify();
  };

  async query(query: HistoryQuery): Promise<HistoryAnswer> {
    return await this.#turns.run(() => this.#answer(query));
  }

  async #answer(query: HistoryQuery): Promise<HistoryAnswer> {
    for (let seen; seen !== this.#writing;) await (seen = this.#writing);
    // From here to the question to the database nothing may wait: the live values belong to the same moment.
    const archive = this.#archive;
    const deleted = archive?.deleted ?? { raw: -Infinity, "5m": -Infinity, "1h": -Infinity };
    const plan = planOf(query, deleted, this.#deps.settings().intervalMs);
    const grid = new Grid({ ...query, ...plan });
    const live = [...this.#buffer.ticks];
    try {
      await archive?.read(plan, query, grid);
    } catch (error) {
      const { message, hint } = toHubError(error);
      throw new HubError("unavailable", `The history of metrics cannot be read: ${message}`, { hint });
    }
    addLive(grid, live, query);
    const { tier, stepMs, fromMs, toMs, isTruncated } = plan;
    return { tier, stepMs, fromMs, toMs, isTruncated, rows: grid.rows(query.isFilled) };
  }

  /** Takes down what is known now. `run` does it at every interval. */
  sample(): void {
    const { clock, samples } = this.#deps;
    const tick = this.#sampler.tick(samples(), clock.now(), clock.monotonic());
    if (tick.rows.size > 0) this.#buffer.add(tick);
  }

  /** Writes what is in memory. False where that failed: then it stays there. Never throws. */
  async flush(): Promise<boolean> {
    for (let seen; seen !== this.#writing;) await (seen = this.#writing);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#writing = promise;
    try {
      await this.#write();
      this.#recovered();
      return true;
    } catch (error) {
      this.#failed(toHubError(error));
      // Opened again at the next try: what is damaged is put aside then.
      if (isDamage(error)) await this.#close();
      return false;
    } finally {
      resolve();
    }
  }

  /** Measures and writes until the signal aborts; then writes what is left. Never fails: the hub works without it. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await using scope = new Scope(signal);
      scope.spawn((own) => this.#measure(own));
      scope.spawn((own) => this.#keepWritten(own));
      await scope.join();
    } finally {
      if (!await this.flush()) {
        this.#deps.log.error("The newest of the history is lost: it could not be written", {
          rows: this.#buffer.rows,
        });
      }
      await this.#close();
    }
  }

  async #measure(signal: AbortSignal): Promise<void> {
    const { clock, log, settings } = this.#deps;
    while (!signal.aborted) {
      const { intervalMs } = settings();
      // On whole intervals, so that every step of an answer has as many values.
      const restMs = intervalMs - clock.now() % intervalMs;
      await clock.sleep(restMs < intervalMs / 2 ? restMs + intervalMs : restMs, signal);
      try {
        this.sample();
      } catch (error) {
        log.warn("What is measured could not be taken down", { error });
      }
    }
  }

  async #keepWritten(signal: AbortSignal): Promise<void> {
    const { clock, settings } = this.#deps;
    await this.flush();
    let writtenMs = clock.monotonic();
    while (!signal.aborted) {
      const everyMs = this.#failure ? RETRY_MS : settings().writeEveryMs;
      const regularMs = writtenMs + everyMs - clock.monotonic();
      const eventMs = this.#isEventWaiting && !this.#failure ? this.#budget.waitMs() : Infinity;
      const waitMs = Math.min(regularMs, eventMs);
      if (waitMs > 0) {
        await sleepOrChange(waitMs, this.#eventBegan, clock, signal);
        continue;
      }
      if (regularMs > 0) this.#budget.use();
      this.#isEventWaiting = false;
      await this.flush();
      writtenMs = clock.monotonic();
    }
  }

  async #write(): Promise<void> {
    const archive = this.#archive ??= await Archive.open(await this.#deps.open());
    const ticks = [...this.#buffer.ticks];
    await archive.write(ticks, this.#deps.clock.now());
    this.#buffer.written(ticks);
    await this.#tidy(archive);
  }

  /** Once an hour: deletes what is too old or too much, and counts what is there. */
  async #tidy(archive: Archive): Promise<void> {
    const { clock, doubt, settings } = this.#deps;
    // Looked at each time: a clock that is set is only seen by what came before.
    const { isDoubted } = doubt;
    if (clock.monotonic() < this.#tidiedMs + TIDY_EVERY_MS) return;
    this.#tidiedMs = clock.monotonic();
    await enforce(archive, settings(), { nowMs: clock.now(), isDoubted });
    this.#size = { rows: await archive.count(), bytes: (await archive.room()).bytes };
  }

  #failed(error: HubError): void {
    const { warnings, log } = this.#deps;
    this.#failures++;
    if (!this.#failure) log.error("The history of metrics cannot be written", { error });
    this.#failure = error;
    const { dropped } = this.#buffer;
    const lost = dropped > 0 ? ` ${dropped} rows are lost already, the oldest.` : "";
    const message = `The history of metrics cannot be written: ${error.message}. ` +
      `What is measured is kept in memory, ${this.#buffer.rows} rows now, and written as soon as that works.${lost}`;
    warnings.raise(WARNING, message, error.hint);
  }

  #recovered(): void {
    if (!this.#failure) return;
    this.#failure = undefined;
    this.#deps.warnings.clear(WARNING);
    this.#deps.log.info("The history of metrics is written again");
  }

  async #close(): Promise<void> {
    try {
      await this.#archive?.close();
    } catch (error) {
      if (!isAbort(error)) this.#deps.log.warn("The history could not be closed", { error });
    }
    this.#archive = undefined;
  }
}

/** Adds what is not on the disk yet. */
function addLive(grid: Grid, ticks: readonly Tick[], { subjects }: HistoryQuery): void {
  for (const { atMs, rows } of ticks) {
    for (const subject of subjects) {
      const fields = SERIES_FIELDS[seriesOf(subject)];
      for (const [index, kept] of (rows.get(subject) ?? []).entries()) {
        const name = fields[index]?.[0];
        if (name !== undefined && kept !== null) grid.addRaw(subject, name, atMs, kept);
      }
    }
  }
}
