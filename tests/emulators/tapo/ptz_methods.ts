// The named methods of the motor, its stored positions and the patrol between them.
import type { JsonObject } from "./json.ts";
import { type Methods, requireNumber, requireObject, requireSwitch, requireText } from "./methods.ts";
import type { Motor } from "./motor.ts";
import type { Presets } from "./presets.ts";
import { CODES, VendorError } from "./vendor_error.ts";

export const PTZ_METHOD_NAMES = [
  "motorMove",
  "relativeMove",
  "cruiseMove",
  "cruiseStop",
  "manualCalibrate",
  "getPresetConfig",
  "addMotorPostion",
  "motorMoveToPreset",
  "deletePreset",
  "deleteMotorPostion",
] as const;

export const PATROL_METHOD_NAMES = ["setPatrolStatus", "getPatrolAction", "getPatrolSchedule"] as const;

/** Methods of a camera that turns. */
export function ptzMethods(motor: Motor, presets: Presets): Methods {
  return {
    motorMove: (params) => {
      const move = requireObject(params, "motor", "move");
      motor.moveBy(requireNumber(move, "x_coord"), requireNumber(move, "y_coord"));
      return {};
    },
    relativeMove: (params) => {
      const direction = requireNumber(requireObject(params, "motor", "movestep"), "direction");
      if (direction < 0 || direction >= 360) throw new VendorError(CODES.badArguments);
      motor.step(direction);
      return {};
    },
    cruiseMove: (params) => {
      const axis = requireText(requireObject(params, "motor", "cruise"), "coord");
      if (axis !== "x" && axis !== "y") throw new VendorError(CODES.badArguments);
      motor.cruise(axis);
      return {};
    },
    cruiseStop: (params) => {
      requireObject(params, "motor", "cruise_stop");
      motor.stopCruise();
      return {};
    },
    manualCalibrate: (params) => {
      requireText(requireObject(params, "motor"), "manual_cali");
      motor.calibrate();
      return {};
    },
    ...presetMethods(presets),
  };
}

function presetMethods(presets: Presets): Methods {
  const remove = (params: JsonObject): JsonObject => {
    const ids = requireObject(params, "preset", "remove_preset")["id"];
    if (!Array.isArray(ids)) throw new VendorError(CODES.badArguments);
    presets.remove(ids.map(String));
    return {};
  };
  return {
    getPresetConfig: () => ({ preset: { preset: presets.asArrays() } }),
    addMotorPostion: (params) => {
      presets.save(requireText(requireObject(params, "preset", "set_preset"), "name"));
      return {};
    },
    motorMoveToPreset: (params) => {
      presets.goTo(requireText(requireObject(params, "preset", "goto_preset"), "id"));
      return {};
    },
    deletePreset: remove,
    deleteMotorPostion: remove,
  };
}

/** Methods of a camera that goes from position to position by itself. */
export function patrolMethods(motor: Motor, presets: Presets): Methods {
  return {
    setPatrolStatus: (params) => {
      if (requireSwitch(requireObject(params, "patrol", "set_patrol_status"), "value")) presets.startPatrol();
      else motor.endPatrol();
      return {};
    },
    getPatrolAction: () => ({ patrol: { patrol: { action: motor.isPatrolling ? "on" : "off" } } }),
    getPatrolSchedule: () => ({ patrol: { patrol: { enabled: "off" } } }),
  };
}
