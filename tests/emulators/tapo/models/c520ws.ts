// An outdoor camera that turns and has a white lamp, with the habits of C520WS.
import { BASIC_COMPONENTS } from "./common.ts";
import type { TapoModel } from "./model.ts";

export const C520WS: TapoModel = {
  model: "C520WS",
  deviceType: "SMART.IPCAMERA",
  hardware: "1.0",
  firmware: "1.2.9 Build 240918 Rel.20116n",
  region: "EU",
  avatar: "camera c520ws",
  components: [
    ...BASIC_COMPONENTS.filter(([name]) => name !== "staticIp"),
    ["ptz", 1],
    ["alert", 2],
    ["audio", 3],
    ["video", 2],
    ["patrol", 1],
    ["nightVisionMode", 3],
    ["whiteLamp", 1],
    ["targetTrack", 1],
    ["smartTrack", 1],
    ["linecrossingDetection", 2],
    ["vehicleDetection", 1],
    ["petDetection", 1],
    ["markerBox", 1],
    ["panoramicView", 1],
  ],
  motor: { pan: [-180, 180], tilt: [-45, 90] },
  nightModes: ["inf_night_vision", "wtl_night_vision", "md_night_vision"],
  alarmTypes: ["Siren", "Emergency", "Red Alert"],
  video: {
    resolutions: ["2560*1440", "1920*1080", "1280*720"],
    bitrates: ["256", "512", "1024", "1536", "2560"],
    framesPerSecond: 20,
  },
  settings: { image: { switch: { force_wtl_state: "off", wtl_intensity_level: "60" } } },
  unknownMethodCode: -40106,
};
