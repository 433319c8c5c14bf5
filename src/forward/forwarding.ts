// Sends values and events to stores elsewhere, as the configuration says at the time. `run` does the work.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Logger } from "../base/log.ts";
import { Scope } from "../base/scope.ts";
import type { Warnings } from "../base/warnings.ts";
import type { PushConfig } from "../config/push.ts";
import type { Sample } from "../metrics/sample.ts";
import { type EventTarget, type FollowedJournal, JournalSource } from "./journal_source.ts";
import { PushCounts } from "./push_counts.ts";
import { SampleQueue } from "./sample_queue.ts";
import { Sender } from "./sender.ts";
import type { MetricTarget, Snapshot } from "./snapshot.ts";
import type { Source, Target } from "./target.ts";
import { buildTargets } from "./targets.ts";

export interface ForwardingDeps {
  clock: Clock;
  log: Logger;
  warnings: Pick<Warnings, "raise" | "clear">;
  journal: FollowedJournal;
  /** As it is now: another object after each reload. */
  config(): PushConfig;
  /** Everything that is measured now. */
  samples(): readonly Sample[];
  startedAtMs: number;
  /** The machine's name, for hubs without one of their own. */
  hostname: string;
  random?(): number;
}

/** A target with what waits for it. */
interface Lane {
  target: Target;
  source: Source;
  stop: LinkedSignal;
  ended: Promise<void>;
}

/** When a target's next values are due. */
interface Beat {
  target: MetricTarget;
  queue: SampleQueue;
  intervalMs: number;
  dueMs: number;
}

/** How often it is looked whether the configuration is another one. */
const LOOK_EVERY_MS = 2000;

export class Forwarding {
  readonly counts = new PushCounts();
  readonly #deps: ForwardingDeps;
  #of: PushConfig | undefined;
  readonly #lanes = new Map<string, Lane>();
  #beats: Beat[] = [];

  constructor(deps: ForwardingDeps) {
    this.#deps = deps;
  }

  /** Sends until the signal aborts, and then what waits, once. Never fails. */
  async run(signal: AbortSignal): Promise<void> {
    await using scope = new Scope(signal);
    while (!signal.aborted) {
      const waitMs = await this.#look(scope);
      await sleepOrChange(Math.min(LOOK_EVERY_MS, waitMs), new Changes(), this.#deps.clock, signal);
    }
    await scope.join();
  }

  /** Whatever goes wrong here, cameras go on. @returns milliseconds until there is something to do again. */
  async #look(scope: Scope): Promise<number> {
    try {
      const config = this.#deps.config();
      if (config !== this.#of) await this.#follow(config, scope);
      return this.#measure();
    } catch (error) {
      this.#deps.log.error("What is to be pushed could not be made ready", { error });
      return LOOK_EVERY_MS;
    }
  }

  /** Starts and stops what another configuration wants. What waits for a target of the same name goes on waiting. */
  async #follow(config: PushConfig, scope: Scope): Promise<void> {
    const { clock, hostname } = this.#deps;
    this.#of = config;
    const wanted = buildTargets(config, { hostname, clock });
    const nowMs = clock.monotonic();
    const before = new Map(this.#lanes);
    this.#lanes.clear();
    for (const { stop } of before.values()) stop.abort();
    this.counts.know([...wanted.values, ...wanted.events].map(({ target: { id } }) => id));
    const kept = ({ id, kind }: Target) => {
      const lane = before.get(id);
      return lane?.target.kind === kind ? lane.source : undefined;
    };
    this.#beats = wanted.values.map(({ target, intervalMs }) => {
      const queue = this.#queueOf(target, kept(target), config);
      this.#start(target, queue, { scope, before: before.get(target.id) });
      return { target, queue, intervalMs, dueMs: nowMs };
    });
    for (const { target } of wanted.events) {
      const source = await this.#followed(target, kept(target));
      this.#start(target, source, { scope, before: before.get(target.id) });
    }
  }

  async #followed(target: EventTarget, old: Source | undefined): Promise<JournalSource> {
    if (old instanceof JournalSource) {
      old.follow(target);
      return old;
    }
    const source = new JournalSource(target, this.#deps.journal, this.#deps.log);
    await source.begin();
    return source;
  }

  #queueOf(target: Target, old: Source | undefined, config: PushConfig): SampleQueue {
    const { clock } = this.#deps;
    const kept = old instanceof SampleQueue ? old : undefined;
    return kept ?? new SampleQueue({
      clock,
      limits: () => {
        const { keep_mb, keep_minutes } = this.#of ?? config;
        return { maxBytes: keep_mb * 1e6, maxAgeMs: keep_minutes * 60_000 };
      },
      onDropped: (count) => this.counts.dropped(target.id, count),
    });
  }

  #start(
    target: Target,
    source: Source,
    { scope, before }: { scope: Scope; before: Lane | undefined },
  ): void {
    const { counts } = this;
    const stop = new LinkedSignal(scope.signal);
    const ended = Promise.withResolvers<void>();
    this.#lanes.set(target.id, { target, source, stop, ended: ended.promise });
    scope.spawn(async () => {
      using own = stop;
      // What the one before sends at this moment is not sent twice.
      await before?.ended;
      await new Sender(target, source, { ...this.#deps, counts }).run(own.signal).finally(ended.resolve);
    });
  }

  /** Puts values in where they are due. @returns milliseconds until they are again. */
  #measure(): number {
    const { clock, samples, startedAtMs } = this.#deps;
    const nowMs = clock.monotonic();
    let snapshot: Snapshot | undefined;
    for (const beat of this.#beats) {
      if (beat.dueMs > nowMs) continue;
      snapshot ??= { atMs: clock.now(), startedAtMs, samples: samples() };
      beat.queue.push(beat.target.encode(snapshot));
      // One that was missed, in a machine that slept, is not made up for.
      beat.dueMs = Math.max(beat.dueMs + beat.intervalMs, nowMs + 1);
    }
    return Math.min(...this.#beats.map(({ dueMs }) => dueMs - nowMs), LOOK_EVERY_MS);
  }
}
