// Which changes of a camera's status are worth a row of the journal. Pure: no clock inside.
import type { CameraStatusName } from "../devices/status.ts";

/** A status with its reason, as the camera tells it. */
export interface SeenState {
  status: CameraStatusName;
  reason?: string | undefined;
}

/** A state that begins, and ends the one before. Time is the hub's monotonic one. */
export interface StateChange extends SeenState {
  /** The state before; absent for the first. */
  from?: CameraStatusName;
  atMs: number;
}

/** Connecting for less than this is not worth a row: a camera does it at every start. */
const CONNECTING_MS = 2000;

/** The policy of one camera. The first reason of a state counts: words that change do not make a new event. */
export class StatePolicy {
  #current: CameraStatusName | undefined;
  /** Connecting, not long enough yet. */
  #pending: { state: SeenState; sinceMs: number } | undefined;

  /** When `tick` has something to do; undefined while nothing is pending. */
  get nextDeadlineMs(): number | undefined {
    return this.#pending && this.#pending.sinceMs + CONNECTING_MS;
  }

  /** To be told every status, as often as one likes. */
  see(state: SeenState, atMs: number): StateChange[] {
    const due = this.tick(atMs);
    if (state.status === this.#current) {
      this.#pending = undefined;
    } else if (state.status === "connecting") {
      this.#pending ??= { state, sinceMs: atMs };
    } else {
      due.push(this.#change(state, atMs));
    }
    return due;
  }

  /** Takes up a state that has lasted long enough, from its beginning on. */
  tick(atMs: number): StateChange[] {
    const pending = this.#pending;
    if (!pending || atMs - pending.sinceMs < CONNECTING_MS) return [];
    return [this.#change(pending.state, pending.sinceMs)];
  }

  #change({ status, reason }: SeenState, atMs: number): StateChange {
    const from = this.#current;
    this.#current = status;
    this.#pending = undefined;
    return {
      status,
      ...(reason === undefined ? {} : { reason }),
      ...(from === undefined ? {} : { from }),
      atMs,
    };
  }
}
