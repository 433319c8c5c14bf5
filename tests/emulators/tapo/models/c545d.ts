// A camera with a fixed wide lens and a lens that turns, with the habits of C545D and C246D.
import { BASIC_COMPONENTS } from "./common.ts";
import type { TapoModel } from "./model.ts";

export const C545D: TapoModel = {
  model: "C545D",
  deviceType: "SMART.IPCAMERA",
  hardware: "1.0",
  firmware: "1.1.7 Build 260310 Rel.11873n",
  region: "EU",
  avatar: "camera c545d",
  components: [
    ...BASIC_COMPONENTS,
    ["ptz", 1],
    ["alert", 2],
    ["audio", 3],
    ["video", 3],
    ["patrol", 1],
    ["nightVisionMode", 3],
    ["whiteLamp", 1],
    ["targetTrack", 1],
    ["smartTrack", 1],
    ["linecrossingDetection", 2],
    ["vehicleDetection", 1],
    ["petDetection", 1],
    ["dualCam", 1],
    ["dualCamLinkage", 1],
    ["multiLensCam", 1],
    ["panoramicView", 1],
  ],
  motor: { pan: [-170, 170], tilt: [-20, 90] },
  lenses: [{ id: 1, name: "Fixed Lens", zoom: "1.0x" }, { id: 2, name: "PT Lens", zoom: "4.0x" }],
  nightModes: ["inf_night_vision", "wtl_night_vision", "md_night_vision"],
  alarmTypes: ["Siren", "Emergency", "Red Alert"],
  video: {
    resolutions: ["2304*1296", "1920*1080"],
    bitrates: ["512", "1024", "1536", "2048"],
    framesPerSecond: 20,
  },
  basicInfo: { no_rtsp_constrain: 1 },
  // This firmware denies what it lacks with "does not exist", never with "unsupported".
  unknownMethodCode: -40210,
};
