// Who a device is: name, MAC address and the long numbers, all made up and all different.
import { sha256Hex } from "./digests.ts";
import type { JsonObject } from "./json.ts";
import type { TapoModel } from "./models/model.ts";

export interface Identity {
  /** What the owner calls it. */
  readonly name: string;
  /** With dashes, in capitals. */
  readonly mac: string;
  /** 40 digits. */
  readonly deviceId: string;
}

/** An identity that depends on the seed only. The MAC address is one of those that nobody owns. */
export function identityOf(seed: string, name: string): Identity {
  const digest = sha256Hex(seed);
  return { name, mac: `02-${digest.slice(0, 10).match(/../g)!.join("-")}`, deviceId: digest.slice(0, 40) };
}

/** The section that getDeviceInfo reads. */
export function basicInfoOf(model: TapoModel, { name, mac, deviceId }: Identity): JsonObject {
  return {
    device_type: model.deviceType,
    device_model: model.model,
    device_name: `${model.model} ${model.hardware}`,
    device_info: `${model.model} ${model.hardware} IPC`,
    device_alias: name,
    avatar: model.avatar,
    manufacturer_name: "TP-LINK",
    hw_version: model.hardware,
    sw_version: model.firmware,
    mac,
    dev_id: deviceId,
    hw_id: sha256Hex(`hw ${model.model}`).slice(0, 32),
    oem_id: sha256Hex(`oem ${model.model}`).slice(0, 32),
    hw_desc: "0".repeat(32),
    region: model.region,
    features: 3,
    ffs: false,
    barcode: "",
    mobile_access: "0",
    is_cal: true,
    has_set_location_info: 0,
    latitude: 0,
    longitude: 0,
    ...model.basicInfo,
  };
}
