// Parts that nearly every camera of the last years lists.
import type { Component } from "./model.ts";

/** What every camera with an SD slot, a microphone and a cloud account has. */
export const BASIC_COMPONENTS: readonly Component[] = [
  ["sdCard", 1],
  ["timezone", 1],
  ["system", 3],
  ["led", 1],
  ["playback", 6],
  ["detection", 3],
  ["firmware", 2],
  ["account", 2],
  ["quickSetup", 1],
  ["lensMask", 2],
  ["lightFrequency", 1],
  ["dayNightMode", 1],
  ["osd", 2],
  ["record", 1],
  ["videoRotation", 1],
  ["diagnose", 1],
  ["msgPush", 3],
  ["deviceShare", 1],
  ["tamperDetection", 1],
  ["tapoCare", 1],
  ["blockZone", 1],
  ["personDetection", 2],
  ["needSubscriptionServiceList", 1],
  ["nvmp", 1],
  ["detectionRegion", 2],
  ["iotCloud", 1],
  ["recordDownload", 1],
  ["staticIp", 2],
];
