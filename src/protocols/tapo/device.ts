// Who a camera is, what time it has, and how it is restarted.
import type { TapoCaller } from "./caller.ts";
import { asEpochSeconds, asMac, asNumber, asOnOff, asText, asYesNo, at, known } from "./values.ts";

/** What a camera or hub tells about itself. */
export interface TapoDeviceInfo {
  /** The name given in the Tapo app. */
  name?: string;
  model?: string;
  /** For example `SMART.IPCAMERA`, `SMART.TAPODOORBELL`, `SMART.TAPOHUB`. */
  type?: string;
  deviceId?: string;
  /** `AB:CD:…`, upper case. */
  mac?: string;
  firmware?: string;
  hardware?: string;
  region?: string;
  /** False before the motor has been calibrated. */
  isCalibrated?: boolean;
  batteryPercent?: number;
  isCharging?: boolean;
}

/** Asks a camera who it is. @throws what the caller throws. */
export async function readDeviceInfo(caller: TapoCaller, signal: AbortSignal): Promise<TapoDeviceInfo> {
  const result = await caller.request("getDeviceInfo", { device_info: { name: ["basic_info"] } }, signal);
  return parseDeviceInfo(at(result, "device_info", "basic_info"));
}

/** Reads `basic_info`, or an entry of a hub's list of children. */
export function parseDeviceInfo(info: unknown): TapoDeviceInfo {
  const text = (key: string) => asText(at(info, key));
  return known({
    name: text("device_alias") ?? text("alias") ?? text("device_name"),
    model: text("device_model"),
    type: text("device_type"),
    deviceId: text("dev_id") ?? text("device_id"),
    mac: asMac(at(info, "mac")),
    firmware: text("sw_version") ?? text("sw_ver"),
    hardware: text("hw_version") ?? text("hw_ver"),
    region: text("region"),
    isCalibrated: asOnOff(at(info, "is_cal")),
    batteryPercent: asNumber(at(info, "battery_percent")),
    isCharging: asYesNo(at(info, "battery_charging")),
  });
}

/** A camera's own clock. */
export interface TapoClock {
  /** Seconds since 1970, by the camera's clock: it may be wrong. */
  epochSeconds?: number;
  /** `2026-01-31 17:09:43`, in the camera's time zone. */
  localTime?: string;
}

/** Asks for the camera's time. */
export async function readClock(caller: TapoCaller, signal: AbortSignal): Promise<TapoClock> {
  const result = await caller.request("getClockStatus", { system: { name: "clock_status" } }, signal);
  const status = at(result, "system", "clock_status");
  return known({
    epochSeconds: asEpochSeconds(at(status, "seconds_from_1970")),
    localTime: asText(at(status, "local_time")),
  });
}

/**
 * Asks how strong the camera hears its access point, dBm; undefined on a cable and when it does not say. Fixtures of
 * C110, C210, C220 and C520WS have `rssiValue` -45 to -61 beside a level `rssi` of 3 or 4; that of a TC40 without Wi-Fi
 * has 0 beside -1. Firmware without the method tells nothing.
 */
export async function readSignalDbm(caller: TapoCaller, signal: AbortSignal): Promise<number | undefined> {
  const params = { network: { get_connection_type: [] } };
  const [answer] = await caller.batch([{ method: "getConnectionType", params }], signal);
  if (!answer?.ok) {
    if (answer?.error.kind === "unsupported") return undefined;
    throw answer?.error;
  }
  const dbm = asNumber(answer.result["rssiValue"]);
  return dbm !== undefined && dbm < 0 && dbm > -128 ? dbm : undefined;
}

/** Restarts the camera: it is away for about a minute. */
export async function reboot(caller: TapoCaller, signal: AbortSignal): Promise<void> {
  await caller.request("rebootDevice", { system: { reboot: "null" } }, signal);
}

/** The last thing that the camera noticed. */
export interface TapoLastAlarm {
  /** Seconds since 1970, by the camera's clock. */
  epochSeconds?: number;
  /** For example `motion`. */
  type?: string;
}

/** Asks for the last thing that the camera noticed; empty when there was none. */
export async function readLastAlarm(caller: TapoCaller, signal: AbortSignal): Promise<TapoLastAlarm> {
  const result = await caller.request("getLastAlarmInfo", { system: { name: ["last_alarm_info"] } }, signal);
  const info = at(result, "system", "last_alarm_info");
  return known({
    epochSeconds: asEpochSeconds(at(info, "last_alarm_time")),
    type: asText(at(info, "last_alarm_type")),
  });
}
