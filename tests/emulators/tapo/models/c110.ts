// A small indoor camera that does not turn, with the habits of C100 and C110.
import { BASIC_COMPONENTS } from "./common.ts";
import type { TapoModel } from "./model.ts";

export const C110: TapoModel = {
  model: "C110",
  deviceType: "SMART.IPCAMERA",
  hardware: "2.0",
  firmware: "1.4.4 Build 250107 Rel.41001n",
  region: "EU",
  avatar: "camera c100",
  components: [...BASIC_COMPONENTS, ["alert", 1], ["audio", 2], ["video", 2], ["babyCryDetection", 1]],
  nightModes: ["inf_night_vision"],
  alarmTypes: ["Siren", "Tone"],
  video: {
    resolutions: ["2304*1296", "1920*1080", "1280*720"],
    bitrates: ["256", "512", "1024", "2048"],
    framesPerSecond: 20,
  },
  unknownMethodCode: -40106,
};

/** The same with firmware of years ago: the hashed login, its own names in every section, an older refusal. */
export const C100_OLD: TapoModel = {
  ...C110,
  model: "C100",
  hardware: "1.0",
  firmware: "1.1.9 Build 210302 Rel.52002n",
  components: C110.components.filter(([name]) =>
    !["staticIp", "recordDownload", "needSubscriptionServiceList"].includes(name)
  ),
  unknownMethodCode: -40105,
  quirks: { dotNames: true },
};
