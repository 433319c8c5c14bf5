// Everything the hub can be asked to do.
import { ALARM_MODE_OPERATIONS } from "./alarm_mode.ts";
import { ALERT_OPERATIONS } from "./alerts.ts";
import { CAMERA_OPERATIONS } from "./cameras.ts";
import { CAPTURE_OPERATIONS } from "./capture.ts";
import { CONTROL_OPERATIONS } from "./controls.ts";
import { EVENT_OPERATIONS } from "./events.ts";
import { EXPORT_OPERATIONS } from "./exports.ts";
import { getHelp } from "./help.ts";
import { HISTORY_OPERATIONS } from "./history.ts";
import { LOG_OPERATIONS } from "./logs.ts";
import { MOTION_OPERATIONS } from "./motion.ts";
import type { Operation } from "./operation.ts";
import { PRIVACY_ZONE_OPERATIONS } from "./privacy_zones.ts";
import { PTZ_OPERATIONS } from "./ptz.ts";
import { RECORDING_RULE_OPERATIONS } from "./recording_rules.ts";
import { RECORDING_OPERATIONS } from "./recordings.ts";
import { STREAM_OPERATIONS } from "./streams.ts";
import { SYSTEM_OPERATIONS } from "./system.ts";
import { TIMELINE_OPERATIONS } from "./timeline.ts";
import { TIMER_OPERATIONS } from "./timers.ts";

export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  [
    ...CAMERA_OPERATIONS,
    ...PTZ_OPERATIONS,
    ...CAPTURE_OPERATIONS,
    ...RECORDING_OPERATIONS,
    ...RECORDING_RULE_OPERATIONS,
    ...TIMELINE_OPERATIONS,
    ...EXPORT_OPERATIONS,
    ...CONTROL_OPERATIONS,
    ...MOTION_OPERATIONS,
    ...PRIVACY_ZONE_OPERATIONS,
    ...EVENT_OPERATIONS,
    ...ALERT_OPERATIONS,
    ...ALARM_MODE_OPERATIONS,
    ...TIMER_OPERATIONS,
    ...STREAM_OPERATIONS,
    ...SYSTEM_OPERATIONS,
    ...HISTORY_OPERATIONS,
    ...LOG_OPERATIONS,
    getHelp(() => OPERATIONS),
  ].map((each) => [each.name, each]),
);
