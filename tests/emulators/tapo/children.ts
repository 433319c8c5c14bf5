// The cameras behind a hub: how they are listed, and that a battery camera may be asleep.
import type { TapoDevice } from "./device.ts";
import { asNumber, type JsonObject } from "./json.ts";
import { type Methods, requireObject } from "./methods.ts";
import { CODES, VendorError } from "./vendor_error.ts";

/** One camera at the hub. */
export class Child {
  /** Asleep: the hub lists it with its last values, but requests for it fail. */
  isAsleep = false;
  /** How many requests it sleeps through before it wakes; it sleeps on when this is not set. */
  wakesAfter: number | undefined;

  constructor(readonly id: string, readonly device: TapoDevice) {}

  /** @throws VendorError while it sleeps. */
  requireAwake(): TapoDevice {
    if (this.isAsleep && this.wakesAfter !== undefined) {
      this.wakesAfter--;
      if (this.wakesAfter < 0) this.isAsleep = false;
    }
    if (this.isAsleep) throw new VendorError(CODES.deviceOffline);
    return this.device;
  }
}

/** All cameras of one hub. */
export class Children {
  readonly list: readonly Child[];

  constructor(list: readonly Child[]) {
    this.list = list;
  }

  /** @throws VendorError when there is none of that id. */
  find(id: string): Child {
    const child = this.list.find((one) => one.id === id);
    if (!child) throw new VendorError(CODES.badArguments);
    return child;
  }

  get methods(): Methods {
    return {
      getChildDeviceList: (params) => {
        const from = startOf(params);
        return {
          child_device_list: this.list.slice(from).map(describe),
          start_index: from,
          sum: this.list.length,
        };
      },
      getChildDeviceComponentList: (params) => {
        const from = startOf(params);
        const lists = this.list.slice(from).map(({ id, device }): JsonObject => ({
          device_id: id,
          component_list: device.componentList(),
        }));
        return { child_component_list: lists, start_index: from, sum: this.list.length };
      },
    };
  }
}

function startOf(params: JsonObject): number {
  return asNumber(requireObject(params, "childControl")["start_index"]) ?? 0;
}

function describe({ id, device, isAsleep }: Child): JsonObject {
  const { model, identity } = device;
  const percent = device.settings.field("battery", "status", "battery_percent") ?? 0;
  return {
    device_id: id,
    device_model: model.model,
    device_type: model.deviceType,
    device_name: identity.name,
    alias: identity.name,
    avatar: model.avatar,
    category: "camera",
    mac: identity.mac.replaceAll("-", ":"),
    hw_ver: model.hardware,
    sw_ver: model.firmware,
    region: model.region,
    status: "configured",
    online: !isAsleep,
    power: model.battery ? "BATTERY" : "ADAPTER",
    battery_percent: percent,
    battery_charging: device.settings.field("battery", "status", "battery_charging") ?? "NO",
    battery_installed: model.battery ? 1 : 0,
    low_battery: device.settings.field("battery", "status", "low_battery") ?? false,
    led_status: device.settings.field("led", "config", "enabled") ?? "on",
    rssi: -52,
    firmware_status: "OK",
    updating: false,
  };
}
