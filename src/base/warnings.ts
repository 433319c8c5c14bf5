// What a user should know of the hub's own state while it lasts: shown in the status and on the dashboard.

/** Something that is not as it should be. */
export interface Warning {
  /** Stable name of the kind of warning. */
  code: string;
  message: string;
  hint?: string | undefined;
  sinceMs: number;
}

/** The warnings in force, one per code. */
export class Warnings {
  readonly #now: () => number;
  readonly #byCode = new Map<string, Warning>();

  constructor(now: () => number) {
    this.#now = now;
  }

  get list(): readonly Warning[] {
    return [...this.#byCode.values()];
  }

  /** Puts a warning in force; one of the same code keeps the time since when it holds. */
  raise(code: string, message: string, hint?: string): void {
    this.#byCode.set(code, { code, message, hint, sinceMs: this.#byCode.get(code)?.sinceMs ?? this.#now() });
  }

  /** Takes a warning back. */
  clear(code: string): void {
    this.#byCode.delete(code);
  }
}
