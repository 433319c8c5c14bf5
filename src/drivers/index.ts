// Every kind of camera the hub knows. A new one is a folder beside this file and a line in this list.
import type { Driver } from "../devices/driver.ts";
import { onvifDriver } from "./onvif/driver.ts";
import { rtspDriver } from "./rtsp/driver.ts";
import { tapoDriver } from "./tapo/driver.ts";
import { testPatternDriver } from "./testpattern/driver.ts";
import { webcamDriver } from "./webcam/driver.ts";

export const DRIVERS: readonly Driver[] = [
  tapoDriver,
  onvifDriver,
  rtspDriver,
  webcamDriver,
  testPatternDriver,
];
