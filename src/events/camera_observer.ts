// Listens to one camera: what its device observes, and how its own status changes, become events of the journal.
import { Changes, sleepOrChange } from "../base/changes.ts";
import type { Clock } from "../base/clock.ts";
import { HubError, isAbort, toHubError } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import type { Logger } from "../base/log.ts";
import { Backoff, waitAfter } from "../base/retry.ts";
import { aborted, Scope } from "../base/scope.ts";
import type { Camera } from "../devices/camera.ts";
import type { Observation, ObservationKind, Observations } from "../devices/capabilities.ts";
import type { Device } from "../devices/device.ts";
import type { EventHandle } from "./entry.ts";
import type { ClosedBy, EventDraft } from "./event.ts";
import type { Journal } from "./journal.ts";
import { EventPolicy, type PolicyAction, type PolicyTimes } from "./policy.ts";
import { type StateChange, StatePolicy } from "./state_policy.ts";

/** What an observer works with. */
export interface ObserverDeps {
  journal: Journal;
  clock: Clock;
  log: Logger;
  times?: Partial<PolicyTimes> | undefined;
  /** What the hub itself observes in the camera's picture. */
  detector?: ((camera: Camera) => Observations) | undefined;
}

/** What the policy merges: observations, and that some may have been missed. */
type PolicyKind = ObservationKind | "gap";
type Action = PolicyAction<PolicyKind>;
/** An event, and how the wall clock stood to the monotonic one when it began: it keeps that clock to its end. */
interface Begun {
  handle: EventHandle;
  offsetMs: number;
}
/** What an event that begins now is told with. */
type Facts = Pick<EventDraft, "source" | "deviceAtMs" | "details">;

const WATCH_BACKOFF = { firstMs: 2000, maxMs: 300_000 };

/** Observes one camera. `run` does the work. */
export class CameraObserver {
  readonly #camera: Camera;
  readonly #deps: ObserverDeps;
  readonly #policy: EventPolicy<PolicyKind>;
  readonly #states = new StatePolicy();
  /** The newest event of each kind, as the policy knows it. */
  readonly #events = new Map<PolicyKind, Begun>();
  #state: Begun | undefined;
  #device: Device | undefined;
  readonly #deviceChanges = new Changes();
  /** Notified when a deadline may have changed. */
  readonly #deadlines = new Changes();
  /** The last reason why watching failed, until something is observed: it is not told again and again. */
  #toldReason: string | undefined;

  constructor(camera: Camera, deps: ObserverDeps) {
    this.#camera = camera;
    this.#deps = deps;
    this.#policy = new EventPolicy(deps.times);
  }

  /** What goes on now. */
  get activeKinds(): ObservationKind[] {
    return this.#policy.activeKinds.filter((kind) => kind !== "gap");
  }

  /** Observes until the signal aborts; then ends the camera's open events. */
  async run(signal: AbortSignal): Promise<void> {
    await using scope = new Scope(signal);
    const unsubscribe = this.#camera.changes.subscribe(() => this.#look());
    try {
      this.#look();
      scope.spawn((own) => this.#watchDevices(own));
      const detector = this.#deps.detector?.(this.#camera);
      if (detector) scope.spawn((own) => this.#watch(detector, own));
      scope.spawn((own) => this.#keepTime(own));
      await scope.join();
    } finally {
      unsubscribe();
      this.#endAll("stopped");
      this.#state?.handle.close(this.#nowMs + this.#state.offsetMs, "stopped");
    }
  }

  /** Looks at the camera anew: another device, another status. */
  #look(): void {
    const { device, status, spec } = this.#camera;
    if (device !== this.#device) {
      if (this.#device) this.#endAll(spec.enabled ? "device_lost" : "stopped");
      this.#device = device;
      this.#deviceChanges.notify();
    }
    this.#applyStates(this.#states.see(status, this.#nowMs));
  }

  async #watchDevices(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      using session = new LinkedSignal(signal);
      const unsubscribe = this.#deviceChanges.subscribe(() => session.abort());
      try {
        const observations = this.#device?.capabilities.observations;
        if (observations) await this.#watch(observations, session.signal);
        else await aborted(session.signal);
      } finally {
        unsubscribe();
      }
    }
  }

  /** Watches a device, or the hub's detector; begins anew when watching fails, though it should not. */
  async #watch(observations: Observations, signal: AbortSignal): Promise<void> {
    const backoff = new Backoff(WATCH_BACKOFF);
    const callbacks = {
      onObservation: (observation: Observation) => {
        if (!signal.aborted) this.#observe(observation, backoff);
      },
      onGap: (reason: string) => {
        if (!signal.aborted) this.#miss(reason);
      },
    };
    while (!signal.aborted) {
      const failure = await watchOnce(observations, callbacks, signal);
      if (!failure || signal.aborted) return;
      if (failure.message !== this.#toldReason) {
        this.#deps.log.warn("A camera's observations cannot be watched", {
          camera: this.#camera.id,
          error: failure,
        });
        this.#toldReason = failure.message;
        this.#miss(failure.message);
      }
      const { clock } = this.#deps;
      await sleepOrChange(waitAfter(failure, backoff, clock.now()), this.#deviceChanges, clock, signal);
    }
  }

  #observe({ source, deviceAtMs, details, ...told }: Observation, backoff: Backoff): void {
    backoff.reset();
    this.#toldReason = undefined;
    this.#apply(this.#policy.observe(told, this.#nowMs), { source, deviceAtMs, details });
  }

  #miss(reason: string): void {
    this.#policy.miss(this.#nowMs);
    this.#apply(this.#policy.observe({ kind: "gap", active: undefined }, this.#nowMs), {
      source: "hub",
      details: { reason },
    });
  }

  #endAll(because: ClosedBy): void {
    this.#apply(this.#policy.end(this.#nowMs, because), { source: "hub" });
    this.#events.clear();
  }

  /** Wakes the policies at their deadlines. */
  async #keepTime(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    while (!signal.aborted) {
      const atMs = Math.min(this.#policy.nextDeadlineMs ?? Infinity, this.#states.nextDeadlineMs ?? Infinity);
      await sleepOrChange(atMs - this.#nowMs, this.#deadlines, clock, signal);
      if (signal.aborted) return;
      this.#apply(this.#policy.tick(this.#nowMs), { source: "hub" });
      this.#applyStates(this.#states.tick(this.#nowMs));
    }
  }

  #apply(actions: readonly Action[], facts: Facts): void {
    for (const action of actions) {
      const { kind, atMs: monotonicMs } = action;
      if (action.type === "open") this.#events.set(kind, this.#begin(kind, monotonicMs, facts));
      const event = this.#events.get(kind);
      if (!event) continue;
      const atMs = monotonicMs + event.offsetMs;
      if (action.type === "close") event.handle.close(atMs, action.because);
      else if (action.type === "open" && action.isMomentary) event.handle.close(atMs);
      else if (action.type === "extend" && action.isMomentary) event.handle.repeat(atMs);
      else if (action.type === "extend") event.handle.extend(atMs);
    }
    this.#deadlines.notify();
  }

  #applyStates(changes: readonly StateChange[]): void {
    for (const { status, reason, from, atMs } of changes) {
      this.#state?.handle.close(atMs + this.#state.offsetMs);
      const details = {
        status,
        ...(reason === undefined ? {} : { reason }),
        ...(from === undefined ? {} : { from }),
      };
      this.#state = this.#begin("camera_state", atMs, { source: "hub", details });
    }
    this.#deadlines.notify();
  }

  #begin(kind: EventDraft["kind"], monotonicMs: number, facts: Facts): Begun {
    const offsetMs = this.#deps.clock.now() - this.#nowMs;
    const draft = { camera: this.#camera.id, kind, startedAtMs: monotonicMs + offsetMs, ...facts };
    return { handle: this.#deps.journal.open(draft), offsetMs };
  }

  get #nowMs(): number {
    return this.#deps.clock.monotonic();
  }
}

/** Watches until the signal aborts (undefined) or watching ends, and tells why it did. */
async function watchOnce(
  observations: Observations,
  callbacks: Parameters<Observations["watch"]>[0],
  signal: AbortSignal,
): Promise<HubError | undefined> {
  try {
    await observations.watch(callbacks, signal);
    return signal.aborted
      ? undefined
      : new HubError("unavailable", "The device stopped telling what it observes");
  } catch (error) {
    return isAbort(error) && signal.aborted ? undefined : toHubError(error);
  }
}
