// Structured concurrency: tasks that live and end together, so that nothing is left running or unheard.
import { abortError, isAbort } from "./errors.ts";

/**
 * A group of tasks. The first failure aborts the others; leaving the scope (`await using`) aborts what still
 * runs, waits for all of it, and throws that first failure.
 */
export class Scope {
  readonly #controller = new AbortController();
  readonly #tasks = new Set<Promise<void>>();
  readonly #unlink: () => void;
  #failure: { error: unknown } | undefined;

  /** @param parent when it aborts, so does this scope. */
  constructor(parent?: AbortSignal) {
    const onAbort = () => this.#controller.abort(abortError());
    if (parent?.aborted) onAbort();
    else parent?.addEventListener("abort", onAbort, { once: true });
    this.#unlink = () => parent?.removeEventListener("abort", onAbort);
  }

  /** Aborts when the scope fails, is stopped, or its parent aborts. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Starts a task. It gets the scope's signal and must end soon after that aborts. */
  spawn(task: (signal: AbortSignal) => Promise<void>): void {
    const running = this.#guard(task);
    this.#tasks.add(running);
    running.finally(() => this.#tasks.delete(running));
  }

  /** Asks all tasks to end. */
  stop(): void {
    this.#controller.abort(abortError());
  }

  /**
   * Waits until every task has ended, those included that are spawned meanwhile.
   * @throws the first failure of a task.
   */
  async join(): Promise<void> {
    while (this.#tasks.size > 0) await Promise.all(this.#tasks);
    this.#unlink();
    const failure = this.#failure;
    // Told once: thrown again when the scope is left, it would hide itself in a SuppressedError.
    this.#failure = undefined;
    if (failure) throw failure.error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop();
    await this.join();
  }

  async #guard(task: (signal: AbortSignal) => Promise<void>): Promise<void> {
    try {
      if (!this.signal.aborted) await task(this.signal);
    } catch (error) {
      if (isAbort(error) && this.signal.aborted) return;
      this.#failure ??= { error };
      this.stop();
    }
  }
}

/** Waits for the signal to abort; never rejects. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

/**
 * Settles as the promise does, or rejects as soon as the signal aborts. What the promise stands for goes on;
 * use it only for waits that cost nothing when they are left.
 * @throws AbortError when the signal aborts first.
 */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => {/* the caller was told of the abort; the loser's error concerns nobody */});
    return Promise.reject(abortError());
  }
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(abortError());
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
