// Runs collectors on a schedule, each by itself: one that hangs delays no other.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Logger } from "../base/log.ts";
import { abortable, Scope } from "../base/scope.ts";
import { type Sample, sampleOf } from "./sample.ts";

/** Measures what costs something to know. */
export interface Collector {
  /** What it measures, such as `host`. */
  readonly name: string;
  /** The camera that it asks; absent where it asks none. */
  readonly camera?: string;
  /** What it asks: another object is another collector, of which nothing is known yet. */
  readonly subject?: object;
  /** @throws HubError why it could not be measured. */
  collect(signal: AbortSignal): Promise<Sample[]>;
}

/** How collecting goes. */
export interface ScheduleDeps {
  clock: Clock;
  log: Logger;
  /** Those that there are now; looked at again and again. */
  collectors(): readonly Collector[];
  intervalMs(): number;
  /** 0…1, for the jitter. */
  random?(): number;
}

interface Entry {
  subject: object | undefined;
  dueMs: number;
  isBusy: boolean;
  samples: readonly Sample[];
  last?: { tookMs: number; isSuccess: boolean };
}

/** How often it is looked whether cameras came or went. */
const LOOK_EVERY_MS = 2000;
const FIRST_WITHIN_MS = 2000;
const TIMEOUT_MS = 10_000;
/** How far a wait may be from the interval, so that not everything is asked at once. */
const JITTER = 0.1;

/** Keeps what each collector measured last. `run` does the work. */
export class Schedule {
  readonly #deps: Required<ScheduleDeps>;
  readonly #entries = new Map<string, Entry>();

  constructor(deps: ScheduleDeps) {
    this.#deps = { random: Math.random, ...deps };
  }

  /** What is known of those that are there now, and how they fared. */
  get samples(): Sample[] {
    return this.#deps.collectors().flatMap((collector) => {
      const entry = this.#entries.get(keyOf(collector));
      if (entry?.subject !== collector.subject || !entry?.last) return [];
      const labels = { collector: collector.name, camera: collector.camera ?? "" };
      return [
        ...entry.samples,
        ...sampleOf("tapocam_collector_duration_seconds", labels, entry.last.tookMs / 1000),
        ...sampleOf("tapocam_collector_success", labels, entry.last.isSuccess),
      ];
    });
  }

  /** Collects until the signal aborts. Never fails. */
  async run(signal: AbortSignal): Promise<void> {
    const never = new Changes();
    await using scope = new Scope(signal);
    while (!signal.aborted) {
      const nextMs = this.#look(scope);
      const waitMs = Math.min(LOOK_EVERY_MS, Math.max(1, nextMs - this.#deps.clock.monotonic()));
      await sleepOrChange(waitMs, never, this.#deps.clock, signal);
    }
  }

  /** Starts those that are due. @returns when the next one is. */
  #look(scope: Scope): number {
    const { clock, random } = this.#deps;
    const nowMs = clock.monotonic();
    const present = this.#deps.collectors();
    const keys = new Set(present.map(keyOf));
    for (const key of this.#entries.keys()) if (!keys.has(key)) this.#entries.delete(key);
    let nextMs = Infinity;
    for (const collector of present) {
      const key = keyOf(collector);
      let entry = this.#entries.get(key);
      if (!entry || entry.subject !== collector.subject) {
        entry = {
          subject: collector.subject,
          dueMs: nowMs + random() * Math.min(FIRST_WITHIN_MS, this.#deps.intervalMs()),
          isBusy: false,
          samples: [],
        };
        this.#entries.set(key, entry);
      }
      if (entry.dueMs <= nowMs && !entry.isBusy) this.#start(collector, entry, scope);
      if (!entry.isBusy) nextMs = Math.min(nextMs, entry.dueMs);
    }
    return nextMs;
  }

  #start(collector: Collector, entry: Entry, scope: Scope): void {
    const { intervalMs, random, clock } = this.#deps;
    entry.isBusy = true;
    entry.dueMs = clock.monotonic() + intervalMs() * (1 + JITTER * (2 * random() - 1));
    scope.spawn((own) => this.#collect(collector, entry, own).finally(() => entry.isBusy = false));
  }

  async #collect(collector: Collector, entry: Entry, signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    const startMs = clock.monotonic();
    using limit = new LinkedSignal(signal);
    using waiting = new LinkedSignal(limit.signal);
    const timer = clock.sleep(TIMEOUT_MS, waiting.signal).then(
      () => limit.abort(),
      () => {/* it was in time */},
    );
    let isSuccess = false;
    try {
      entry.samples = await abortable(collector.collect(limit.signal), limit.signal);
      isSuccess = true;
    } catch (error) {
      if (signal.aborted) return;
      // What was measured before is not so any more.
      entry.samples = [];
      const { name, camera } = collector;
      if (error instanceof HubError || isAbort(error)) {
        log.debug("A collector failed", { name, camera, error });
      } else log.error("A collector failed", { name, camera, error });
    } finally {
      waiting.abort();
      await timer;
    }
    entry.last = { tookMs: clock.monotonic() - startMs, isSuccess };
  }
}

function keyOf({ name, camera = "" }: Collector): string {
  return `${name} ${camera}`;
}
