// Operations that move a camera or change its settings. Each reads back what the device then says.
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import { type Operation, operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

const setting = z.object({ name: z.string(), title: z.string(), kind: z.string() }).loose();
const axis = z.number().min(-1).max(1).optional();
const position = z.object({ pan: z.number(), tilt: z.number(), zoom: z.number() }).partial();

const setCameraSetting = operation({
  name: "set_camera_setting",
  title: "Change a camera setting",
  summary: "Sets one of the settings that get_camera_info lists, such as brightness, and reads it back",
  effect: "write",
  input: z.strictObject({
    camera_id: schemas.cameraId,
    setting: z.string().min(1).max(100),
    value: z.union([z.number(), z.boolean(), z.string().max(200)]),
  }),
  output: z.object({
    success: schemas.success,
    camera_id: z.string(),
    setting,
    value: z.union([z.number(), z.boolean(), z.string()]).optional(),
    verified: schemas.verified,
  }),
  run: async ({ hub, signal }, { camera_id, setting: name, value }) => {
    const settings = await hub.manager.requireSoon(camera_id, "settings", signal);
    const after = await settings.set(name, value, signal);
    const known = after.value === undefined ? {} : { value: after.value };
    const proof = after.value === undefined ? "acknowledged" as const : "readback" as const;
    return { success: true as const, camera_id, setting: { ...after }, ...known, verified: proof };
  },
});

const movePtz = operation({
  name: "move_ptz",
  title: "Move a camera",
  summary:
    "Moves pan (+ right), tilt (+ up) and zoom (+ in) by or to values of −1…1, and reads the position back",
  effect: "write",
  input: z.strictObject({
    camera_id: schemas.cameraId,
    pan: axis,
    tilt: axis,
    zoom: axis,
    relative: z.boolean().default(true).meta({ description: "true: by so much; false: to this place" }),
  }),
  output: z.object({ success: schemas.success, camera_id: z.string(), position, verified: schemas.verified }),
  run: async ({ hub, signal }, { camera_id, relative, pan, tilt, zoom }) => {
    const target = Object.fromEntries(
      Object.entries({ pan, tilt, zoom }).filter(([, value]) => value !== undefined),
    );
    if (Object.keys(target).length === 0) {
      throw new HubError("invalid_input", "Nothing to move", { hint: "Give pan, tilt or zoom" });
    }
    const ptz = await hub.manager.requireSoon(camera_id, "ptz", signal);
    const after = await ptz.move(target, { relative }, signal);
    return { success: true as const, camera_id, position: after, verified: "readback" as const };
  },
});

const getPtzPosition = operation({
  name: "get_ptz_position",
  title: "Where a camera looks",
  summary: "Reads pan and tilt (−1…1) and zoom (0…1) from the camera",
  effect: "read",
  input: z.strictObject({ camera_id: schemas.cameraId }),
  output: z.object({ success: schemas.success, camera_id: z.string(), position }),
  run: async ({ hub, signal }, { camera_id }) => {
    const ptz = await hub.manager.requireSoon(camera_id, "ptz", signal);
    return { success: true as const, camera_id, position: await ptz.position(signal) };
  },
});

export const CONTROL_OPERATIONS: readonly Operation[] = [setCameraSetting, movePtz, getPtzPosition];
