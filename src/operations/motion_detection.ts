// Setting a camera's own motion detection; what the device then says is held against what was asked for.
import { z } from "zod";
import { wouldDo } from "./able.ts";
import { writeOfCamera } from "./define.ts";
import type { Operation } from "./operation.ts";
import { isSensitivityTaken, notTaken, proofOf } from "./proof.ts";
import { done } from "./schemas.ts";

export const setMotionDetection: Operation = writeOfCamera({
  name: "set_motion_detection",
  title: "Set motion detection",
  summary: "Turns the camera's own motion detection on or off and sets its sensitivity (0…100)",
  guide: "What was detected is told by list_events, not by this",
  toolset: "system",
  input: z.object({
    enabled: z.boolean().meta({ description: "true: on; false: off" }),
    sensitivity: z.int().min(0).max(100).optional().meta({
      description: "100 notices the least movement; a camera with a few levels takes the nearest",
    }),
  }),
  output: done.extend({ enabled: z.boolean().optional(), sensitivity: z.number().optional() }),
  examples: [
    { title: "On, not too sharp", input: { camera_id: "front-door", enabled: true, sensitivity: 40 } },
  ],
  would: (context, { camera_id, enabled, sensitivity }) => {
    const at = sensitivity === undefined ? "" : `, sensitivity ${sensitivity}`;
    const what = `Turn motion detection of camera "${camera_id}" ${enabled ? "on" : "off"}${at}`;
    return wouldDo(context, camera_id, "motion", what);
  },
  run: async ({ hub, signal }, { camera_id, enabled, sensitivity }) => {
    const motion = await hub.manager.requireSoon(camera_id, "motion", signal);
    const change = { enabled, ...(sensitivity === undefined ? {} : { sensitivity }) };
    const after = await motion.set(change, signal);
    if (after.enabled !== undefined && after.enabled !== enabled) {
      throw notTaken(camera_id, `motion = ${enabled}`);
    }
    const isTaken = sensitivity === undefined || isSensitivityTaken(after, sensitivity);
    if (isTaken === false) {
      throw notTaken(camera_id, `sensitivity = ${sensitivity}; it is ${after.sensitivity}`);
    }
    const verified = isTaken ? proofOf(after.enabled) : "acknowledged" as const;
    const { levels: _, ...shown } = after;
    return { success: true as const, camera_id, ...shown, verified };
  },
});
