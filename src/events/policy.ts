// Turns a device's chatter into events: merges what belongs together, ends what nobody ended. Pure: no clock inside.
import type { ClosedBy } from "./event.ts";
import { SourceState, type SourceTimes } from "./source_state.ts";

/** Times of the policy, milliseconds. */
export interface PolicyTimes extends SourceTimes {
  /** What begins again so soon after its end is the same event. */
  mergeGapMs: number;
  /** Something momentary that is told again so soon is the same. */
  debounceMs: number;
  /** What is told to go on for longer is split. */
  maxDurationMs: number;
}

export const DEFAULT_TIMES: Readonly<PolicyTimes> = {
  mergeGapMs: 10_000,
  debounceMs: 1000,
  activeTimeoutMs: 60_000,
  stateTimeoutMs: 3_600_000,
  maxDurationMs: 600_000,
};

/** What a device tells, as the policy takes it. */
export interface Told<K> {
  kind: K;
  /** True: it began or goes on; false: it ended; undefined: it happened at one moment. */
  active: boolean | undefined;
  /** True for a state, whose end is told by devices that do as they should. */
  isState?: boolean | undefined;
  /** Which rule, region or channel tells it; an event lasts until all that began it have ended. */
  sourceKey?: string | undefined;
}

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

/** More than a camera has rules and regions; those beyond count as one. */
const MAX_SOURCES = 32;

/** The newest event of one kind, until it can no longer be continued. */
interface Track {
  startedAtMs: number;
  lastActiveAtMs: number;
  endedAtMs: number | undefined;
}

/** The policy of one camera. Times must not go backwards. */
export class EventPolicy<K extends string> {
  readonly #times: PolicyTimes;
  readonly #tracks = new Map<K, Track>();
  readonly #sources = new Map<K, Map<string, SourceState>>();

  constructor(times: Partial<PolicyTimes> = {}) {
    this.#times = { ...DEFAULT_TIMES, ...times };
  }

  /** Kinds that go on now. */
  get activeKinds(): K[] {
    return [...this.#tracks].filter(([, track]) => track.endedAtMs === undefined).map(([kind]) => kind);
  }

  /** When `tick` has something to do; undefined while nothing goes on. */
  get nextDeadlineMs(): number | undefined {
    const sources = [...this.#tracks.keys()].flatMap((kind) => this.#sourcesOf(kind));
    const atMs = Math.min(...sources.map(({ deadlineMs }) => deadlineMs));
    return Number.isFinite(atMs) ? atMs : undefined;
  }

  observe({ kind, active, isState = false, sourceKey = "" }: Told<K>, atMs: number): PolicyAction<K>[] {
    const due = this.tick(atMs);
    const source = this.#source(kind, sourceKey);
    if (active === false) return [...due, ...(source.fall() ? this.#fall(kind, atMs) : [])];
    if (active === undefined) {
      source.touch(atMs);
      return [...due, ...this.#happen(kind, atMs)];
    }
    const lost = this.#giveUp(kind, [source.expireStale(atMs)]);
    // Nobody rings for long: a bell's end is not waited for.
    source.rise(atMs, isState && !SINGLE_KINDS.has(kind));
    return [...due, ...lost, ...this.#extend(kind, atMs)];
  }

  /** Ends what was not heard of for too long, at the time when it was last known to go on. */
  tick(atMs: number): PolicyAction<K>[] {
    return [...this.#sources.keys()].flatMap((kind) =>
      this.#giveUp(kind, this.#sourcesOf(kind).map((source) => source.expire(atMs)))
    );
  }

  /** Something may have been missed: a falling edge that comes now says nothing of when the event ended. */
  miss(atMs: number): void {
    for (const kind of this.#sources.keys()) this.#sourcesOf(kind).forEach((source) => source.miss(atMs));
  }

  /** Ends everything and begins anew. What it was known to outlast ends now, all else when it was last known to go on. */
  end(atMs: number, because: ClosedBy): PolicyAction<K>[] {
    const actions = this.tick(atMs);
    for (const [kind, { endedAtMs, lastActiveAtMs }] of this.#tracks) {
      if (endedAtMs !== undefined) continue;
      const goingOn = this.#sourcesOf(kind).filter(({ isUp }) => isUp);
      const knownAtMs = Math.max(lastActiveAtMs, ...goingOn.map((source) => source.knownActiveMs(atMs)));
      const isKnown = knownAtMs === atMs;
      actions.push({ type: "close", kind, atMs: knownAtMs, because: isKnown ? because : "timeout" });
    }
    this.#tracks.clear();
    for (const kind of this.#sources.keys()) this.#sourcesOf(kind).forEach((source) => source.forget());
    return actions;
  }

  #sourcesOf(kind: K): SourceState[] {
    return [...this.#sources.get(kind)?.values() ?? []];
  }

  #source(kind: K, key: string): SourceState {
    const sources = this.#sources.get(kind) ?? new Map<string, SourceState>();
    this.#sources.set(kind, sources);
    const name = sources.has(key) || sources.size < MAX_SOURCES ? key : "";
    const source = sources.get(name) ?? new SourceState(this.#times);
    sources.set(name, source);
    return source;
  }

  #goesOn(kind: K): boolean {
    return this.#sourcesOf(kind).some(({ isUp }) => isUp);
  }

  /** It goes on now: the newest event of its kind if that can be continued, another one otherwise. */
  #extend(kind: K, atMs: number): PolicyAction<K>[] {
    const track = this.#tracks.get(kind);
    if (!track) return this.#open(kind, atMs, false);
    const isTooLong = atMs - track.startedAtMs >= this.#times.maxDurationMs;
    if (track.endedAtMs === undefined) {
      track.lastActiveAtMs = atMs;
      if (!isTooLong) return [{ type: "extend", kind, atMs, isMomentary: false }];
      return [{ type: "close", kind, atMs, because: "split" }, ...this.#open(kind, atMs, false)];
    }
    if (isTooLong || atMs - track.endedAtMs >= this.#mergeGapMs(kind)) return this.#open(kind, atMs, false);
    Object.assign(track, { lastActiveAtMs: atMs, endedAtMs: undefined });
    return [{ type: "extend", kind, atMs, isMomentary: false }];
  }

  /** One of the sources has ended. */
  #fall(kind: K, atMs: number): PolicyAction<K>[] {
    const track = this.#tracks.get(kind);
    if (!track) return [];
    track.lastActiveAtMs = atMs;
    if (this.#goesOn(kind)) return [];
    track.endedAtMs = atMs;
    return [{ type: "close", kind, atMs }];
  }

  /** @param knownAtMs when each was last known to go on; undefined: it is not given up. */
  #giveUp(kind: K, knownAtMs: readonly (number | undefined)[]): PolicyAction<K>[] {
    const track = this.#tracks.get(kind);
    const givenUp = knownAtMs.filter((ms) => ms !== undefined);
    if (!track || givenUp.length === 0) return [];
    track.lastActiveAtMs = Math.max(track.lastActiveAtMs, ...givenUp);
    if (this.#goesOn(kind)) return [];
    track.endedAtMs = track.lastActiveAtMs;
    return [{ type: "close", kind, atMs: track.endedAtMs, because: "timeout" }];
  }

  #happen(kind: K, atMs: number): PolicyAction<K>[] {
    const track = this.#tracks.get(kind);
    if (!track) return this.#open(kind, atMs, true);
    if (track.endedAtMs === undefined) return this.#extend(kind, atMs);
    const passedMs = atMs - track.endedAtMs;
    if (passedMs < this.#times.debounceMs) return [];
    const isTooLong = atMs - track.startedAtMs >= this.#times.maxDurationMs;
    if (isTooLong || passedMs >= this.#mergeGapMs(kind)) return this.#open(kind, atMs, true);
    Object.assign(track, { lastActiveAtMs: atMs, endedAtMs: atMs });
    return [{ type: "extend", kind, atMs, isMomentary: true }];
  }

  #open(kind: K, atMs: number, isMomentary: boolean): PolicyAction<K>[] {
    const endedAtMs = isMomentary ? atMs : undefined;
    // An end that is told late belongs to the event before.
    for (const source of this.#sourcesOf(kind)) if (!source.isUp) source.forget();
    this.#tracks.set(kind, { startedAtMs: atMs, lastActiveAtMs: atMs, endedAtMs });
    return [{ type: "open", kind, atMs, isMomentary }];
  }

  #mergeGapMs(kind: K): number {
    return SINGLE_KINDS.has(kind) ? this.#times.debounceMs : this.#times.mergeGapMs;
  }
}
