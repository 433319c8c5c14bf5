// What a device tells about itself on the network before anybody has logged in.
import type { TapoEmulator } from "./emulator.ts";
import type { JsonObject } from "./json.ts";
import { tpapOffer } from "./login_tpap.ts";

/** The part that everybody may read. */
export function openFacts({ model, identity, host, port, gateway }: TapoEmulator): JsonObject {
  const isTpap = gateway.login === "tpap";
  // Real cameras are always at 443 and name no port here.
  const httpPort = port === 443 ? {} : { http_port: port };
  return {
    device_id: identity.deviceId.slice(0, 32),
    device_type: model.deviceType,
    device_model: model.model,
    device_name: identity.name,
    firmware_version: model.firmware,
    hardware_version: model.hardware,
    ip: host,
    mac: identity.mac,
    factory_default: false,
    is_support_iot_cloud: true,
    isResetWiFi: false,
    protocol_version: 1,
    mgt_encrypt_schm: { is_support_https: true, ...httpPort },
    encrypt_type: [isTpap ? "4" : "3"],
    ...(isTpap ? { tpap: tpapOffer(port) } : {}),
  };
}

/** The part that only the asker's key opens. */
export function secretFacts({ device, identity, port }: TapoEmulator): JsonObject {
  const { settings, storage, model } = device;
  return {
    device_id: identity.deviceId,
    http_port: port,
    connect_type: model.deviceType === "SMART.TAPOHUB" ? "wired" : "wireless",
    connect_ssid: btoa("Test network"),
    owner: identity.deviceId.slice(8, 40),
    sd_status: storage?.state ?? "offline",
    last_alarm_time: settings.field("system", "last_alarm_info", "last_alarm_time") ?? "0",
    last_alarm_type: settings.field("system", "last_alarm_info", "last_alarm_type") ?? "",
  };
}
