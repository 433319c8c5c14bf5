// Turns a device's chatter into events: merges what belongs together, ends what nobody ended. Pure: no clock inside.
import type { ClosedBy } from "./event.ts";

/** Times of the policy, milliseconds. */
export interface PolicyTimes {
  /** What begins again so soon after its end is the same event. */
  mergeGapMs: number;
  /** Something momentary that is told again so soon is the same. */
  debounceMs: number;
  /** Without an end being told, an event ends so long after it was last told to go on. */
  activeTimeoutMs: number;
  /** What goes on for longer is split. */
  maxDurationMs: number;
}

export const DEFAULT_TIMES: Readonly<PolicyTimes> = {
  mergeGapMs: 10_000,
  debounceMs: 1000,
  activeTimeoutMs: 60_000,
  maxDurationMs: 600_000,
};

/**
 * What is to be done with the newest event of a kind. Times are the hub's monotonic ones. A momentary `open` or
 * `extend` leaves the event ended at that very time. A `close` may concern an event that is closed already: its end
 * is known better now. `because` is absent when the device said so.
 */
export type PolicyAction<K> =
  | { type: "open" | "extend"; kind: K; atMs: number; isMomentary: boolean }
  | { type: "close"; kind: K; atMs: number; because?: ClosedBy };

/** Kinds of which each one counts: two rings are not one long ring. */
const SINGLE_KINDS: ReadonlySet<string> = new Set(["doorbell"]);

/** The newest event of one kind, until it can no longer be continued. */
interface Track {
  startedAtMs: number;
  lastActiveAtMs: number;
  endedAtMs: number | undefined;
  /** True after a timeout: the falling edge may only be late. */
  isEndUnknown: boolean;
  /** True when something may have been missed since it was last told to go on. */
  hasGap: boolean;
}

const HEARD = { isEndUnknown: false, hasGap: false } as const;

/** The policy of one camera. Times must not go backwards. */
export class EventPolicy<K extends string> {
  readonly #times: PolicyTimes;
  readonly #tracks = new Map<K, Track>();

  constructor(times: Partial<PolicyTimes> = {}) {
    this.#times = { ...DEFAULT_TIMES, ...times };
  }

  /** Kinds that go on now. */
  get activeKinds(): K[] {
    return [...this.#tracks].filter(([, track]) => track.endedAtMs === undefined).map(([kind]) => kind);
  }

  /** When `tick` has something to do; undefined while nothing goes on. */
  get nextDeadlineMs(): number | undefined {
    const open = [...this.#tracks.values()].filter((track) => track.endedAtMs === undefined);
    if (open.length === 0) return undefined;
    return Math.min(...open.map((track) => track.lastActiveAtMs)) + this.#times.activeTimeoutMs;
  }

  /** @param active true: it began or goes on; false: it ended; undefined: it happened at one moment. */
  observe(kind: K, active: boolean | undefined, atMs: number): PolicyAction<K>[] {
    const due = this.tick(atMs);
    if (active === false) return [...due, ...this.#fall(kind, atMs)];
    const isMomentary = active === undefined && !this.#isOpen(kind);
    return [...due, ...(isMomentary ? this.#happen(kind, atMs) : this.#rise(kind, atMs))];
  }

  /** Ends what was not heard of for too long, at the time when it was last heard of. */
  tick(atMs: number): PolicyAction<K>[] {
    const actions: PolicyAction<K>[] = [];
    for (const [kind, track] of this.#tracks) {
      const isDue = atMs - track.lastActiveAtMs >= this.#times.activeTimeoutMs;
      if (track.endedAtMs !== undefined || !isDue) continue;
      track.endedAtMs = track.lastActiveAtMs;
      track.isEndUnknown = !track.hasGap;
      actions.push({ type: "close", kind, atMs: track.endedAtMs, because: "timeout" });
    }
    return actions;
  }

  /** Something may have been missed: a falling edge that comes now says nothing of when the event ended. */
  miss(): void {
    for (const track of this.#tracks.values()) Object.assign(track, { isEndUnknown: false, hasGap: true });
  }

  /** Ends everything and begins anew. */
  end(atMs: number, because: ClosedBy): PolicyAction<K>[] {
    const actions = this.tick(atMs);
    for (const kind of this.activeKinds) actions.push({ type: "close", kind, atMs, because });
    this.#tracks.clear();
    return actions;
  }

  #isOpen(kind: K): boolean {
    const track = this.#tracks.get(kind);
    return track !== undefined && track.endedAtMs === undefined;
  }

  #rise(kind: K, atMs: number): PolicyAction<K>[] {
    const track = this.#tracks.get(kind);
    const extend: PolicyAction<K> = { type: "extend", kind, atMs, isMomentary: false };
    if (!track) return this.#open(kind, atMs, false);
    const isTooLong = atMs - track.startedAtMs >= this.#times.maxDurationMs;
    if (track.endedAtMs === undefined) {
      Object.assign(track, { lastActiveAtMs: atMs, hasGap: false });
      if (!isTooLong) return [extend];
      return [{ type: "close", kind, atMs, because: "split" }, ...this.#open(kind, atMs, false)];
    }
    if (isTooLong || atMs - track.endedAtMs >= this.#mergeGapMs(kind)) return this.#open(kind, atMs, false);
    Object.assign(track, { ...HEARD, lastActiveAtMs: atMs, endedAtMs: undefined });
    return [extend];
  }

  #fall(kind: K, atMs: number): PolicyAction<K>[] {
    const track = this.#tracks.get(kind);
    if (!track) return [];
    const isLate = track.isEndUnknown && atMs - track.startedAtMs < this.#times.maxDurationMs;
    if (track.endedAtMs !== undefined && !isLate) return [];
    track.endedAtMs = atMs;
    track.isEndUnknown = false;
    return [{ type: "close", kind, atMs }];
  }

  #happen(kind: K, atMs: number): PolicyAction<K>[] {
    const track = this.#tracks.get(kind);
    if (track?.endedAtMs === undefined) return this.#open(kind, atMs, true);
    const passedMs = atMs - track.endedAtMs;
    if (passedMs < this.#times.debounceMs) return [];
    const isTooLong = atMs - track.startedAtMs >= this.#times.maxDurationMs;
    if (isTooLong || passedMs >= this.#mergeGapMs(kind)) return this.#open(kind, atMs, true);
    Object.assign(track, { ...HEARD, lastActiveAtMs: atMs, endedAtMs: atMs });
    return [{ type: "extend", kind, atMs, isMomentary: true }];
  }

  #open(kind: K, atMs: number, isMomentary: boolean): PolicyAction<K>[] {
    const endedAtMs = isMomentary ? atMs : undefined;
    this.#tracks.set(kind, { ...HEARD, startedAtMs: atMs, lastActiveAtMs: atMs, endedAtMs });
    return [{ type: "open", kind, atMs, isMomentary }];
  }

  #mergeGapMs(kind: K): number {
    return SINGLE_KINDS.has(kind) ? this.#times.debounceMs : this.#times.mergeGapMs;
  }
}
