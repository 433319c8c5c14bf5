// Cameras behind a Tapo hub. One on batteries sleeps: the hub is asked about it, and it is left in peace.
import type { Clock } from "../../base/clock.ts";
import { HubError } from "../../base/errors.ts";
import type { Power, PowerState } from "../../devices/capabilities.ts";
import type { ChildCamera } from "../../devices/device.ts";
import type { TapoAnswer, TapoCaller, TapoRequest } from "../../protocols/tapo/caller.ts";
import { parseComponents, type TapoComponents } from "../../protocols/tapo/components.ts";
import { parseDeviceInfo, type TapoDeviceInfo } from "../../protocols/tapo/device.ts";
import { asNumber, asOnOff, asRows, asText, type TapoObject } from "../../protocols/tapo/values.ts";

/** What the hub knows of a child without asking it. */
export interface ChildState {
  id: string;
  info: TapoDeviceInfo;
  isOnBattery: boolean;
  isOnline: boolean | undefined;
  isCharging: boolean | undefined;
}

/** More children than a hub takes. */
const MAX_CHILDREN = 64;

/** Asks the hub for its children. */
export async function readChildren(hub: TapoCaller, signal: AbortSignal): Promise<ChildState[]> {
  const rows = await readPages(hub, { method: "getChildDeviceList", table: "child_device_list" }, signal);
  return rows.flatMap((row) => {
    const id = asText(row["device_id"]);
    return id === undefined ? [] : [toState(id, row)];
  });
}

/** Hubs tell of some ten children at a time. */
async function readPages(
  hub: TapoCaller,
  { method, table }: { method: string; table: string },
  signal: AbortSignal,
): Promise<TapoObject[]> {
  const rows: TapoObject[] = [];
  while (rows.length < MAX_CHILDREN) {
    const result = await hub.request(method, { childControl: { start_index: rows.length } }, signal);
    const page = asRows(result[table]);
    rows.push(...page);
    if (page.length === 0 || rows.length >= (asNumber(result["sum"]) ?? 0)) break;
  }
  return rows;
}

function toState(id: string, row: TapoObject): ChildState {
  return {
    id,
    info: parseDeviceInfo(row),
    isOnBattery: asText(row["power"])?.toUpperCase() === "BATTERY",
    isOnline: typeof row["online"] === "boolean" ? row["online"] : asOnOff(row["online"]),
    isCharging: asOnOff(
      asText(row["battery_charging"])?.toLowerCase().replace("yes", "on").replace("no", "off"),
    ),
  };
}

/** Asks the hub what a child can do. */
export async function readChildComponents(
  hub: TapoCaller,
  id: string,
  signal: AbortSignal,
): Promise<TapoComponents> {
  const question = { method: "getChildDeviceComponentList", table: "child_component_list" };
  const rows = await readPages(hub, question, signal);
  const row = rows.find((each) => asText(each["device_id"]) === id);
  return parseComponents(row?.["component_list"]);
}

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
        const { isOnline, isCharging, info } = await this.read(signal);
        const state: PowerState = {};
        if (isOnline !== undefined) state.asleep = !isOnline;
        if (info.batteryPercent !== undefined) state.batteryPercent = info.batteryPercent;
        if (isCharging !== undefined) state.charging = isCharging;
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
