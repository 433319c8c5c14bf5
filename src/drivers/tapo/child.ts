// Cameras behind a Tapo hub. One on batteries sleeps: the hub is asked about it, and it is left in peace.
import type { Clock } from "../../base/clock.ts";
import { HubError } from "../../base/errors.ts";
import type { Power, PowerState } from "../../devices/capabilities.ts";
import type { ChildCamera } from "../../devices/device.ts";
import type { TapoAnswer, TapoCaller, TapoRequest } from "../../protocols/tapo/caller.ts";
import { type ChildState, readChildren } from "../../protocols/tapo/children.ts";
import type { TapoObject } from "../../protocols/tapo/values.ts";

/** The children as cameras that can be added. */
export function childCameras(children: readonly ChildState[]): ChildCamera[] {
  return children.filter(({ info }) => /CAMERA|DOORBELL/i.test(info.type ?? "")).map(({ id, info }) => ({
    title: info.name ?? info.model ?? "Camera behind the hub",
    suggestedId: `tapo-${id.slice(-8).toLowerCase().replace(/[^a-z0-9]/g, "") || "child"}`,
    options: { child_id: id },
  }));
}

/** @throws HubError `not_found` when the hub has no such child (any more). */
export async function findChild(hub: TapoCaller, id: string, signal: AbortSignal): Promise<ChildState> {
  const children = await readChildren(hub, signal);
  const found = children.find((child) => child.id === id);
  if (found) return found;
  throw new HubError("not_found", "The Tapo hub has no such camera", {
    hint: `It has: ${children.map(({ info }) => info.name ?? info.model).join(", ") || "none"}`,
    retryAtMs: Infinity,
  });
}

/** For the questions of one moment: a camera that has just fallen asleep must not be woken. */
const FRESH_MS = 500;

/** Knows whether a child is awake, from its hub. */
export class ChildWatch {
  readonly #hub: TapoCaller;
  readonly #id: string;
  readonly #clock: Clock;
  #state: ChildState;
  #readAtMs: number;

  constructor(hub: TapoCaller, state: ChildState, clock: Clock) {
    this.#hub = hub;
    this.#id = state.id;
    this.#clock = clock;
    this.#state = state;
    this.#readAtMs = clock.monotonic();
  }

  async read(signal: AbortSignal): Promise<ChildState> {
    if (this.#clock.monotonic() - this.#readAtMs > FRESH_MS) {
      this.#state = await findChild(this.#hub, this.#id, signal);
      this.#readAtMs = this.#clock.monotonic();
    }
    return this.#state;
  }

  /** The power capability of a child on batteries. */
  get power(): Power {
    return {
      read: async (signal) => {
        const { isOnline, info } = await this.read(signal);
        const state: PowerState = {};
        if (isOnline !== undefined) state.asleep = !isOnline;
        if (info.batteryPercent !== undefined) state.batteryPercent = info.batteryPercent;
        if (info.isCharging !== undefined) state.charging = info.isCharging;
        return state;
      },
    };
  }
}

/** Asks a child on batteries nothing while it sleeps. What a person wants done goes past this, and may wake it. */
export class RestfulCaller implements TapoCaller {
  readonly #child: TapoCaller;
  readonly #watch: ChildWatch;

  constructor(child: TapoCaller, watch: ChildWatch) {
    this.#child = child;
    this.#watch = watch;
  }

  async request(method: string, params: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    await this.#assertAwake(signal);
    return await this.#child.request(method, params, signal);
  }

  async batch(requests: readonly TapoRequest[], signal: AbortSignal): Promise<TapoAnswer[]> {
    await this.#assertAwake(signal);
    return await this.#child.batch(requests, signal);
  }

  async single(body: TapoObject, signal: AbortSignal): Promise<TapoObject> {
    await this.#assertAwake(signal);
    return await this.#child.single(body, signal);
  }

  async #assertAwake(signal: AbortSignal): Promise<void> {
    if ((await this.#watch.read(signal)).isOnline !== false) return;
    throw new HubError("unavailable", "The camera is asleep, to spare its battery", {
      hint: "It wakes when something moves; the hub does not wake it to look",
      details: { asleep: true },
    });
  }
}
