// Whether what a device told goes on, as far as one can know: some tell the end, some tell "on" again and again, and
// some tell nothing more. Pure: no clock inside.

/** Waits, milliseconds. */
export interface SourceTimes {
  /** Without an end being told, it is over so long after it was last told to go on. */
  activeTimeoutMs: number;
  /** A state whose end is expected is believed for so long without a further word. */
  stateTimeoutMs: number;
}

/** What tells one kind of observation. Times must not go backwards. */
export class SourceState {
  readonly #times: SourceTimes;
  /** Whether it tells ends, as far as it has shown. */
  #tellsEnds: boolean | undefined;
  #isUp = false;
  #isPatient = false;
  /** When it was last known to go on. */
  #knownAtMs = 0;
  #deadlineMs = 0;
  /** Something may have been missed since it was last told to go on. */
  #hasGap = false;
  /** It was given up: the falling edge may only be late. */
  #isEndUnknown = false;

  constructor(times: SourceTimes) {
    this.#times = times;
  }

  /** True while it goes on. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** When `expire` has something to do; Infinity while nothing goes on. */
  get deadlineMs(): number {
    return this.#isUp ? this.#deadlineMs : Infinity;
  }

  /** It began or goes on. `isState`: the device holds it as a state, whose end it tells if it does as it should. */
  rise(atMs: number, isState: boolean): void {
    // To tell a state twice is not needed by a device that tells its end.
    if (this.#isUp && !this.#hasGap) this.#tellsEnds ??= false;
    this.#isPatient = isState && this.#tellsEnds !== false;
    this.#isUp = true;
    this.#knownAtMs = atMs;
    this.#hasGap = false;
    this.#isEndUnknown = false;
    this.#deadlineMs = atMs + this.#timeoutMs;
  }

  /** It was heard of: if it goes on, it does so now. */
  touch(atMs: number): void {
    if (!this.#isUp) return;
    this.#knownAtMs = atMs;
    this.#deadlineMs = Math.max(this.#deadlineMs, atMs + this.#timeoutMs);
  }

  /** It ended. False when that says nothing of what was told before. */
  fall(): boolean {
    if (!this.#isUp && !this.#isEndUnknown) return false;
    // After a gap a state may be told that ended long before.
    if (!this.#hasGap) this.#tellsEnds = true;
    this.forget();
    return true;
  }

  /** Gives up what is overdue. Returns when it was last known to go on; undefined when nothing is overdue. */
  expire(atMs: number): number | undefined {
    if (atMs < this.deadlineMs) return undefined;
    return this.#giveUp();
  }

  /**
   * To be asked before a rise: a state that is told to begin anew so late, with nothing missed in between, has ended
   * without a word. Returns as `expire` does.
   */
  expireStale(atMs: number): number | undefined {
    const isStale = atMs - this.#knownAtMs >= this.#times.activeTimeoutMs;
    return this.#isUp && !this.#hasGap && isStale ? this.#giveUp() : undefined;
  }

  /** Something may have been missed. The device is given a while to tell its state anew. */
  miss(atMs: number): void {
    this.#isEndUnknown = false;
    if (this.#isUp && !this.#hasGap && this.#isTrusted) this.#knownAtMs = atMs;
    this.#hasGap = true;
    if (this.#isPatient) this.#deadlineMs = Math.min(this.#deadlineMs, atMs + this.#times.activeTimeoutMs);
  }

  /** When it was last known to go on, for one who ends it now. */
  knownActiveMs(atMs: number): number {
    const isFresh = atMs - this.#knownAtMs < this.#times.activeTimeoutMs;
    return isFresh || (this.#isTrusted && !this.#hasGap) ? atMs : this.#knownAtMs;
  }

  /** Nothing goes on, and no end is waited for. What it has shown of its ways is kept. */
  forget(): void {
    this.#isUp = false;
    this.#isEndUnknown = false;
  }

  /** Its silence means that it goes on: it tells ends, and has told none. */
  get #isTrusted(): boolean {
    return this.#isPatient && this.#tellsEnds === true;
  }

  get #timeoutMs(): number {
    return this.#isPatient ? this.#times.stateTimeoutMs : this.#times.activeTimeoutMs;
  }

  #giveUp(): number {
    if (this.#isPatient && !this.#hasGap) this.#tellsEnds = false;
    this.#isUp = false;
    this.#isEndUnknown = !this.#hasGap;
    return this.#knownAtMs;
  }
}
