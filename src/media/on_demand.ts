// One process that runs while somebody wants its output: starts with the first consumer, lingers after the last.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import type { HubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { Backoff } from "../base/retry.ts";
import type { Child, Launcher, ProcessExit, ProcessSpec } from "../process/launcher.ts";
import { supervise, type Supervised, type SupervisorState } from "../process/supervisor.ts";
import type { PreRollBudget } from "./pre_roll.ts";

/** Where a stream comes from: a process. */
export interface ProcessSource {
  spec(signal: AbortSignal): Promise<ProcessSpec>;
  explain(exit: ProcessExit): HubError;
  /** Told when the first useful output of a process came. */
  begun?(): void;
  /** Called when the stream is wanted: takes hold of what it is made from, until the returned function is called. */
  hold?(): () => void;
  /** Called with each new process, for one that is fed by the hub. Must end when the signal aborts. */
  feed?(child: Child, signal: AbortSignal): Promise<void>;
  /** Called when a process has ended or could not be started. */
  release?(): void | Promise<void>;
}

/** What takes the output of one run of the process. */
export interface Intake {
  /** The chunk is only valid during the call. @returns true when it brought something of use. */
  push(chunk: Uint8Array<ArrayBuffer>): boolean;
  /** The run is over. */
  end?(): void;
}

/** Times and waits of a stream; the defaults are in `config/schema.ts`. */
export interface StreamTuning {
  lingerMs: number;
  startTimeoutMs: number;
  stallTimeoutMs: number;
  backoff: { firstMs: number; maxMs: number };
}

/** What a stream needs of the house. */
export interface StreamContext {
  launcher: Launcher;
  clock: Clock;
  tuning: StreamTuning;
  /** Shared by all streams; left out: of its own. */
  preRoll?: PreRollBudget | undefined;
}

/** How the process stands. */
export type StreamState = SupervisorState | { state: "idle" };

/** A run that lasted this long counts as a success for the waits between tries. */
const STABLE_MS = 5000;

/** Runs one source for any number of consumers. `run` does the work; without consumers it holds nothing open. */
export class OnDemandProcess<S extends ProcessSource> {
  /** Notified when consumers come or go and when the source or the state changes. */
  readonly changes = new Changes();
  readonly #context: StreamContext;
  readonly #begin: (source: S) => Intake;
  /** Ends a wait between two tries. */
  readonly #retry = new Changes();
  #source: S | undefined;
  #consumers = 0;
  #restarts = 0;
  /** When the last consumer left. */
  #emptySinceMs = 0;
  #state: StreamState = { state: "idle" };
  #isStopping = false;

  /** @param begin called with each new process; returns what takes its output. */
  constructor(context: StreamContext, begin: (source: S) => Intake) {
    this.#context = context;
    this.#begin = begin;
  }

  get state(): StreamState {
    return this.#state;
  }

  /** True for output that goes on: from a process that is being stopped nobody may begin to read. */
  get isFlowing(): boolean {
    return this.#state.state === "running" && !this.#isStopping;
  }

  get consumers(): number {
    return this.#consumers;
  }

  /** How often the process was started again after a failure. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Sets where the output comes from; another source (or none) ends the reading of the present one. */
  setSource(source: S | undefined): void {
    if (source === this.#source) return;
    this.#source = source;
    this.changes.notify();
  }

  /** Tries at once, if it waits for its next try. */
  retryNow(): void {
    this.#retry.notify();
  }

  /** Keeps the process running until the returned function is called. */
  acquire(): () => void {
    this.#consumers++;
    this.changes.notify();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#consumers--;
      this.#emptySinceMs = this.#context.clock.monotonic();
      this.changes.notify();
    };
  }

  /** Serves consumers until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const source = this.#source;
      if (source && this.#consumers > 0) await this.#read(source, signal);
      else await this.changes.next(signal);
    }
  }

  async #read(source: S, signal: AbortSignal): Promise<void> {
    using stop = new LinkedSignal(signal);
    stop.signal.addEventListener("abort", () => this.#isStopping = true, { once: true });
    const guarding = this.#stopWhenUnwanted(source, stop);
    const letGo = source.hold?.();
    await supervise(this.#task(source, stop.signal), this.#context, stop.signal);
    letGo?.();
    stop.abort();
    await guarding;
    this.#isStopping = false;
    this.#setState({ state: "idle" });
  }

  async #stopWhenUnwanted(source: S, stop: LinkedSignal): Promise<void> {
    const { signal } = stop;
    while (!signal.aborted) {
      if (this.#source !== source) return stop.abort();
      if (this.#consumers > 0) {
        await this.changes.next(signal);
        continue;
      }
      const leftMs = this.#emptySinceMs + this.#context.tuning.lingerMs - this.#context.clock.monotonic();
      if (leftMs <= 0) return stop.abort();
      await sleepOrChange(leftMs, this.changes, this.#context.clock, signal);
    }
  }

  #task(source: S, signal: AbortSignal): Supervised {
    const { tuning } = this.#context;
    let intake: Intake | undefined;
    let starts = 0;
    let feeding: Promise<void> | undefined;
    return {
      spec: (own: AbortSignal) => source.spec(own),
      explain: (exit: ProcessExit) => source.explain(exit),
      onStart: (child: Child) => {
        intake = this.#begin(source);
        if (starts++ > 0) this.#restarts++;
        // A feed ends with its process, whose exit is what gets explained.
        feeding = source.feed?.(child, signal).catch(() => {});
      },
      onEnd: async () => {
        await feeding;
        intake?.end?.();
        await source.release?.();
      },
      onOutput: (chunk: Uint8Array<ArrayBuffer>) => intake?.push(chunk) ?? false,
      onState: (state: SupervisorState) => {
        if (state.state === "running") source.begun?.();
        this.#setState(state);
      },
      startTimeoutMs: tuning.startTimeoutMs,
      stallTimeoutMs: tuning.stallTimeoutMs,
      backoff: new Backoff(tuning.backoff),
      stableMs: STABLE_MS,
      wake: this.#retry,
    };
  }

  #setState(state: StreamState): void {
    this.#state = state;
    this.changes.notify();
  }
}

/**
 * Lets a stream that is made from another one try at once whenever that one has begun to run, until the returned
 * function is called.
 */
export function retryWhenRunning(
  source: { readonly state: StreamState; readonly changes: Changes },
  follower: { retryNow(): void },
): () => void {
  let wasRunning = false;
  return source.changes.subscribe(() => {
    const isRunning = source.state.state === "running";
    if (isRunning && !wasRunning) follower.retryNow();
    wasRunning = isRunning;
  });
}
