// Carries what waits to one target: one batch at a time, in order, again and again until it is taken.
import type { Clock } from "../base/clock.ts";
import { Changes, sleepOrChange } from "../base/changes.ts";
import { type HubError, isAbort, toHubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Logger } from "../base/log.ts";
import { Backoff } from "../base/retry.ts";
import { redactText } from "../base/secret.ts";
import type { Warnings } from "../base/warnings.ts";
import type { Parcel, Source, Target } from "./target.ts";
import type { PushCounts } from "./push_counts.ts";

export interface SenderDeps {
  clock: Clock;
  log: Logger;
  warnings: Pick<Warnings, "raise" | "clear">;
  counts: PushCounts;
  /** 0…1, for the jitter. */
  random?(): number;
}

const BACKOFF = { firstMs: 2000, maxMs: 300_000 };
/** A target that asks for more patience is asked again after this time all the same. */
const LONGEST_WAIT_MS = 3_600_000;
/** A target that is away for a moment, such as one that is restarted, is nothing to warn of. */
const WARN_AFTER_MS = 120_000;
/** When the hub ends, what waits is tried once more, for so long. */
const LAST_TRY_MS = 3000;
const MOST_PARCELS = 500;

/** Sends for one target. `run` does the work; a target that is away delays no other. */
export class Sender {
  readonly #target: Target;
  readonly #source: Source;
  readonly #deps: SenderDeps;
  readonly #backoff: Backoff;
  #failingSinceMs: number | undefined;
  /** 1 after a batch was refused, until something was taken: to find out which of it is. */
  #most = MOST_PARCELS;

  constructor(target: Target, source: Source, deps: SenderDeps) {
    this.#target = target;
    this.#source = source;
    this.#deps = deps;
    this.#backoff = new Backoff(BACKOFF, deps.random);
  }

  /** Sends until the signal aborts, and then what is left, once. Never fails. */
  async run(signal: AbortSignal): Promise<void> {
    const news = new Changes();
    let isFresh = true;
    const unsubscribe = this.#source.subscribe(() => {
      isFresh = true;
      news.notify();
    });
    using end = new LinkedSignal();
    const ending = this.#endAfter(signal, end);
    try {
      while (!signal.aborted) {
        isFresh = false;
        const waitMs = await this.#step(end.signal);
        if (waitMs === undefined && !isFresh) await news.next(signal);
        else if (waitMs !== undefined && waitMs > 0) {
          await sleepOrChange(waitMs, new Changes(), this.#deps.clock, signal);
        }
      }
      while (!end.signal.aborted && await this.#step(end.signal) === 0);
    } finally {
      unsubscribe();
      this.#deps.warnings.clear(this.#code);
      end.abort();
      await ending;
      await this.#target.close?.();
    }
  }

  get #code(): string {
    return `push_${this.#target.id}`;
  }

  /** Ends what is under way some time after the signal aborts. */
  async #endAfter(signal: AbortSignal, end: LinkedSignal): Promise<void> {
    const stopped = new Changes();
    const onAbort = () => stopped.notify();
    signal.addEventListener("abort", onAbort);
    if (!signal.aborted) await stopped.next(end.signal);
    signal.removeEventListener("abort", onAbort);
    await sleepOrChange(LAST_TRY_MS, stopped, this.#deps.clock, end.signal);
    end.abort();
  }

  /** Sends one batch. @returns milliseconds to wait before the next one; undefined when nothing waits. */
  async #step(signal: AbortSignal): Promise<number | undefined> {
    let parcels: readonly Parcel[] = [];
    try {
      parcels = await this.#source.next(this.#most, signal);
      if (parcels.length === 0) return undefined;
      await this.#target.send(parcels, signal);
    } catch (error) {
      if (isAbort(error) || signal.aborted) {
        this.#source.again();
        return undefined;
      }
      return this.#failed(parcels, toHubError(error));
    }
    this.#source.done();
    this.#worked(parcels);
    return 0;
  }

  #worked(parcels: readonly Parcel[]): void {
    const { counts, warnings, log } = this.#deps;
    counts.sent(this.#target.id, countOf(parcels));
    if (this.#failingSinceMs !== undefined) {
      log.info("A target takes again what is pushed to it", this.#fields);
    }
    this.#failingSinceMs = undefined;
    this.#most = MOST_PARCELS;
    this.#backoff.reset();
    warnings.clear(this.#code);
  }

  /** @returns milliseconds to wait. */
  #failed(parcels: readonly Parcel[], error: HubError): number {
    const { clock, log, counts } = this.#deps;
    const reason = redactText(error.hint === undefined ? error.message : `${error.message}. ${error.hint}`);
    counts.failed(this.#target.id);
    if (this.#failingSinceMs === undefined) {
      log.warn("A target does not take what is pushed to it; it is tried again", { ...this.#fields, reason });
    }
    this.#failingSinceMs ??= clock.monotonic();
    this.#warn(error);
    if (error.details?.["refused"] === true) return this.#refused(parcels);
    this.#source.again();
    const waitMs = this.#backoff.next();
    // Only a person can put it right; whether one did is looked at now and then.
    if (!error.retryable) return BACKOFF.maxMs;
    return Math.min(LONGEST_WAIT_MS, Math.max(waitMs, (error.retryAtMs ?? 0) - clock.now()));
  }

  /** What is refused would be refused for ever: it makes way, as little of it as can be. */
  #refused(parcels: readonly Parcel[]): number {
    const waitMs = this.#backoff.next();
    if (parcels.length > 1) {
      this.#most = 1;
      this.#source.again();
      return 1;
    }
    this.#source.done();
    this.#deps.counts.dropped(this.#target.id, countOf(parcels));
    return waitMs;
  }

  #warn({ message, hint, retryable }: HubError): void {
    const { clock, warnings } = this.#deps;
    const failsMs = clock.monotonic() - (this.#failingSinceMs ?? 0);
    if (retryable && failsMs < WARN_AFTER_MS) return;
    const what = `Values cannot be pushed to "${this.#target.id}": ${redactText(message)}`;
    warnings.raise(this.#code, what, hint === undefined ? undefined : redactText(hint));
  }

  get #fields() {
    return { target: this.#target.id };
  }
}

function countOf(parcels: readonly Parcel[]): number {
  return parcels.reduce((total, { count }) => total + count, 0);
}
