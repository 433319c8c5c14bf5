// Faults on demand: each spoils the next request that it fits, then the queue goes on.

export type FaultKind =
  /** No answer at all, until the client gives up. */
  | "stall"
  /** The connection ends without an answer. */
  | "reset"
  /** Half of the announced answer, then the end of the connection. */
  | "truncate"
  /** An answer that is not JSON. */
  | "non-json"
  /** HTTP 500 whose body, decrypted, says that the session is over. */
  | "http-500-encrypted"
  /** The answers of a multipleRequest in reverse order. */
  | "reorder"
  /** The answers of a multipleRequest end with the first that failed. */
  | "stop-at-first-error"
  /** The camera sees no Tapo_tag on the request. */
  | "drop-tag"
  /** An error code: of the method named, or of the whole request where none is named. */
  | "error-code";

export interface Fault {
  kind: FaultKind;
  /** For `error-code`. */
  code?: number;
  /** How many requests it spoils; 1 by default. */
  count?: number;
  /** Only requests that have this method in them: `login`, `multipleRequest`, `motorMove`, … */
  method?: string;
  /**
   * True: the request takes effect although its answer is spoilt. By default so for `truncate` and `non-json`, not
   * for `stall`, `reset` and `http-500-encrypted`; the others decide nothing here.
   */
  takesEffect?: boolean;
}

const MAX_FAULTS = 1000;

/** Waiting faults, in the order in which they were added. */
export class FaultQueue {
  #waiting: (Fault & { count: number })[] = [];

  /** Replaces all waiting faults by this one; `undefined` takes them away. */
  set next(fault: Fault | undefined) {
    this.clear();
    if (fault) this.add(fault);
  }

  add(...faults: Fault[]): void {
    if (this.#waiting.length + faults.length > MAX_FAULTS) throw new Error("Too many faults are waiting");
    this.#waiting.push(...faults.map((fault) => ({ ...fault, count: fault.count ?? 1 })));
  }

  clear(): void {
    this.#waiting = [];
  }

  /** How many requests will still be spoilt. */
  get pending(): number {
    return this.#waiting.reduce((sum, { count }) => sum + count, 0);
  }

  /** The first fault that fits a request with these methods; it has then spoilt one more. */
  take(methods: readonly string[]): Fault | undefined {
    const fault = this.#waiting.find(({ method }) => method === undefined || methods.includes(method));
    if (!fault) return undefined;
    fault.count--;
    this.#waiting = this.#waiting.filter(({ count }) => count > 0);
    return fault;
  }
}

/** Whether a request that this fault spoils is carried out all the same. */
export function takesEffect(fault: Fault): boolean {
  return fault.takesEffect ?? !["stall", "reset", "http-500-encrypted", "drop-tag"].includes(fault.kind);
}
