// Indoor cameras that turn: C210 as the plain one, C220 with more kinds of detection and a patrol.
import { BASIC_COMPONENTS } from "./common.ts";
import type { TapoModel } from "./model.ts";

export const C210: TapoModel = {
  model: "C210",
  deviceType: "SMART.IPCAMERA",
  hardware: "2.0",
  firmware: "1.4.6 Build 250212 Rel.30211n",
  region: "EU",
  avatar: "Home",
  components: [
    ...BASIC_COMPONENTS,
    ["ptz", 1],
    ["alert", 1],
    ["audio", 2],
    ["video", 2],
    ["targetTrack", 1],
    ["babyCryDetection", 1],
    ["panoramicView", 1],
  ],
  motor: { pan: [-180, 180], tilt: [-57, 57] },
  nightModes: ["inf_night_vision"],
  alarmTypes: ["Siren", "Tone"],
  video: {
    resolutions: ["2304*1296", "1920*1080", "1280*720"],
    bitrates: ["256", "512", "1024", "2048"],
    framesPerSecond: 15,
  },
  unknownMethodCode: -40106,
};

export const C220: TapoModel = {
  ...C210,
  model: "C220",
  hardware: "1.0",
  firmware: "1.2.7 Build 250304 Rel.52212n",
  avatar: "camera c212",
  components: [
    ...C210.components.filter(([name]) => !["alert", "audio", "video"].includes(name)),
    ["alert", 2],
    ["audio", 3],
    ["video", 3],
    ["patrol", 1],
    ["linecrossingDetection", 2],
    ["vehicleDetection", 1],
    ["petDetection", 1],
    ["barkDetection", 1],
    ["meowDetection", 1],
    ["glassDetection", 1],
    ["markerBox", 1],
    ["smartTrack", 1],
    ["snapshot", 2],
    ["timeFormat", 1],
    ["upnpc", 2],
    ["relayPreConnection", 1],
  ],
  alarmTypes: ["Siren", "Emergency", "Red Alert"],
  video: {
    resolutions: ["2560*1440", "1920*1080"],
    bitrates: ["256", "512", "1024", "1536", "2560"],
    framesPerSecond: 25,
  },
  basicInfo: { no_rtsp_constrain: 1, tss: false },
};
