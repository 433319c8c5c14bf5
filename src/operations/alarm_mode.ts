// Operations on the alarm mode: whether the house, or a camera, is armed.
import { z } from "zod";
import { ALARM_MODES } from "../config/alerts.ts";
import { inputError } from "../config/problems.ts";
import { idSchema } from "../config/schema.ts";
import { read, write } from "./define.ts";
import type { Hub } from "./hub.ts";
import type { Operation } from "./operation.ts";
import * as schemas from "./schemas.ts";

const mode = z.enum(ALARM_MODES);

const output = {
  success: schemas.success,
  mode: mode.meta({ description: "Of the house" }),
  cameras: z.array(z.object({ camera_id: z.string(), mode, own: z.boolean() })).meta({
    description: "What holds at each camera; own: false follows the house",
  }),
};

function modesNow({ alerts, manager }: Hub) {
  const own = alerts.arming.own;
  return {
    mode: alerts.arming.house,
    cameras: manager.cameras.map(({ id }) => ({
      camera_id: id,
      mode: alerts.arming.modeAt(id),
      own: own.has(id),
    })),
  };
}

/** @throws HubError `not_found`, or `invalid_input` for a house that should follow itself. */
function checkTarget({ manager }: Hub, mode: string, camera: string | undefined): void {
  if (camera !== undefined) manager.get(camera);
  if (camera !== undefined || mode !== "as_house") return;
  throw inputError([{
    path: "camera_id",
    message: "as_house is for a camera",
    expected: "the id of a camera",
  }]);
}

const getAlarmMode = read({
  name: "get_alarm_mode",
  title: "Alarm mode",
  summary: "Tells whether the house is armed, and each camera",
  guide: "Rules with armed: when_armed tell only in the modes that they name, away and night by default",
  toolset: "events",
  http: { method: "GET", path: "/api/alarm-mode" },
  input: z.object({}),
  output: z.object(output),
  examples: [{ title: "Now", input: {} }],
  run: ({ hub }) => Promise.resolve({ success: true as const, ...modesNow(hub) }),
});

const setAlarmMode = write({
  name: "set_alarm_mode",
  title: "Set the alarm mode",
  summary: "Arms or disarms the house, or one camera: home, away, night or disarmed",
  toolset: "events",
  input: z.object({
    mode: z.enum([...ALARM_MODES, "as_house"]).meta({
      description: "as_house: the camera follows the house again",
    }),
    camera_id: idSchema.optional().meta({ description: "Left out: the house" }),
  }),
  output: z.object({ ...output, verified: schemas.verified }),
  examples: [
    { title: "Everybody leaves", input: { mode: "away" } },
    { title: "The garden stays armed", input: { mode: "night", camera_id: "garden" } },
  ],
  would: ({ hub }, { mode, camera_id }) => {
    checkTarget(hub, mode, camera_id);
    return camera_id === undefined ? `Set the house to ${mode}` : `Set camera "${camera_id}" to ${mode}`;
  },
  run: async ({ hub }, { mode, camera_id }) => {
    checkTarget(hub, mode, camera_id);
    await hub.alerts.arming.setMode(camera_id, mode === "as_house" ? undefined : mode);
    return { success: true as const, ...modesNow(hub), verified: "readback" as const };
  },
});

export const ALARM_MODE_OPERATIONS: readonly Operation[] = [getAlarmMode, setAlarmMode];
