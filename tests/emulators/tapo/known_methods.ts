// All method names that some model has: what others have is "unsupported", what none has "does not exist".
import { PATROL_METHOD_NAMES, PTZ_METHOD_NAMES } from "./ptz_methods.ts";
import { SETTING_METHODS } from "./setting_methods.ts";

const OTHERS: ReadonlySet<string> = new Set([
  ...PTZ_METHOD_NAMES,
  ...PATROL_METHOD_NAMES,
  ...["getClockStatus", "getWhitelampStatus", "reverseWhitelampStatus"],
  ...["getSdCardStatus", "formatSdCard"],
  ...["getUserID", "searchDateWithVideo", "searchVideoOfDay", "searchVideoWithUTC", "searchDetectionList"],
  ...["getSirenStatus", "setSirenStatus", "getSirenConfig", "setSirenConfig", "getSirenTypeList"],
  ...["getAlarmConfig", "setAlarmConfig", "getLightTypeList", "getAlarmPlan"],
  ...["getChildDeviceList", "getChildDeviceComponentList", "controlChild"],
  ...["getAllChnInfo", "readLinkageTargetSetting", "modifyLinkageTargetSetting"],
  ...["getQuickRespList", "getChimeCtrlList", "getBatteryStatistic"],
  ...["getFloodlightStatus", "getFloodlightConfig", "setFloodlightConfig", "getFloodlightCapability"],
  ...["getPirDetCapability", "getPirDetConfig", "setPirDetConfig", "getTapoCareServiceList"],
]);

/** True when any camera knows the method. */
export function isKnownMethod(method: string): boolean {
  return OTHERS.has(method) || SETTING_METHODS.has(method);
}
