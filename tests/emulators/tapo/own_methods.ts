// Methods about the device as a whole: its parts, its network, its firmware, its lenses, and the restart.
import type { TapoDevice } from "./device.ts";
import { asObject, asText, type Json, type JsonObject, objectAt } from "./json.ts";
import { type Methods, requireObject } from "./methods.ts";
import type { TapoModel } from "./models/model.ts";
import { CODES, VendorError } from "./vendor_error.ts";

/** What every device can be asked, and what only some can. */
export function ownMethods(device: TapoDevice): Methods {
  const { model } = device;
  return {
    getAppComponentList: () => ({ app_component: { app_component_list: device.componentList() } }),
    getConnectionType: (params) => {
      requireObject(params, "network");
      return connectionOf(device);
    },
    getConnectStatus: () => ({ onboarding: { get_connect_status: { status: 0 } } }),
    checkFirmwareVersionByCloud: () => checkFirmware(device),
    rebootDevice: (params) => {
      if (asText(asObject(params["system"])?.["reboot"]) === undefined) {
        throw new VendorError(CODES.badArguments);
      }
      device.wantsReboot = true;
      return {};
    },
    ...(model.lenses ? { getAllChnInfo: () => ({ system: { chn_info: lensList(model) } }) } : {}),
    ...(device.has("dualCamLinkage") ? linkageMethods(device) : {}),
    ...(device.has("quickResponse") ? { getQuickRespList: quickResponses } : {}),
    ...(device.has("chimeCtrl")
      ? { getChimeCtrlList: () => ({ chime_ctrl: { paired_device_list: [] } }) }
      : {}),
  };
}

/** As fixtures have it: without Wi-Fi the level is -1 and the value 0. */
function connectionOf({ model, signalDbm }: TapoDevice): JsonObject {
  if (model.deviceType === "SMART.TAPOHUB") return { link_type: "ethernet" };
  const isConnected = signalDbm !== undefined;
  return {
    link_type: "wifi",
    ssid: isConnected ? btoa("Test network") : "",
    rssi: isConnected ? "3" : "-1",
    rssiValue: signalDbm ?? 0,
  };
}

function lensList({ lenses = [] }: TapoModel): Json[] {
  return lenses.map(({ id, name }) => ({
    [`chn_info_${id}`]: { chn_id: String(id), chn_name: name, chn_alias: name, online: "1" },
  }));
}

function quickResponses(): JsonObject {
  return { quick_response: { quick_resp_audio: [{ quick_resp_1: { id: "1", name: "In a moment" } }] } };
}

function linkageMethods({ settings }: TapoDevice): Methods {
  const modules = ["dual_cam_linkage"];
  return {
    readLinkageTargetSetting: () => settings.read({ dual_cam_linkage: { name: "linkage_target" } }, modules),
    modifyLinkageTargetSetting: (params) => {
      const fields = objectAt(params, "dual_cam_linkage", "modify_linkage_target_setting") ?? {};
      settings.write({ dual_cam_linkage: { linkage_target: fields } }, modules);
      return {};
    },
  };
}

function checkFirmware({ settings, newFirmware }: TapoDevice): JsonObject {
  settings.put("cloud_config", "upgrade_info", {
    version: newFirmware ?? "",
    type: newFirmware === undefined ? 0 : 1,
  });
  return {};
}

/** Takes the offered firmware and restarts. @throws VendorError when there is none */
export function installFirmware(device: TapoDevice): void {
  if (device.newFirmware === undefined) throw new VendorError(CODES.otherError);
  device.settings.put("device_info", "basic_info", { sw_version: device.newFirmware });
  device.newFirmware = undefined;
  device.wantsReboot = true;
}
