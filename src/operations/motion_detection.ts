// Setting motion detection: the camera's own, of which what the device then says is held against what was asked for, or
// the hub's where the camera has none.
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import type { MotionDetection, MotionSetup } from "../devices/capabilities.ts";
import { writeOfCamera } from "./define.ts";
import { isHubsMotion, setHubMotion } from "./motion.ts";
import type { Operation, OperationContext } from "./operation.ts";
import { areZonesTaken, isSensitivityTaken, notTaken, proofOf } from "./proof.ts";
import { done } from "./schemas.ts";

const MAX_ZONES = 16;
const LET_HUB_LOOK =
  '; the maker\'s app may have them, or let the hub look: set_motion_rules with detector "hub"';
/** What is left of a sum of shares that are written in decimals. */
const ROUNDING = 1e-9;

const zone = z.strictObject({
  x: z.number().min(0).lt(1),
  y: z.number().min(0).lt(1),
  width: z.number().gt(0).max(1),
  height: z.number().gt(0).max(1),
}).refine(({ x, y, width, height }) => x + width <= 1 + ROUNDING && y + height <= 1 + ROUNDING, {
  error: "The zone reaches beyond the picture: x + width and y + height are at most 1",
});

const change = z.object({
  enabled: z.boolean().meta({ description: "true: on; false: off" }),
  sensitivity: z.int().min(0).max(100).optional().meta({
    description: "100 notices the least movement; a camera with a few levels takes the nearest",
  }),
  zones: z.array(zone).max(MAX_ZONES).optional().meta({
    description:
      "Only what moves in these rectangles counts, in shares of the picture from its upper left corner; " +
      "[]: the whole picture. left out: as it is",
  }),
});
type Change = z.output<typeof change>;

export const setMotionDetection: Operation = writeOfCamera({
  name: "set_motion_detection",
  title: "Set motion detection",
  summary:
    "Turns motion detection on or off and sets its sensitivity (0…100) and zones: the camera's own, else the hub's",
  guide:
    "What was detected is told by list_events, not by this. A camera whose zones the hub cannot set refuses " +
    "them, and nothing is changed",
  toolset: "system",
  event: { kind: "config_change", what: "motion detection set" },
  input: change,
  output: done.extend({
    enabled: z.boolean().optional(),
    sensitivity: z.number().optional(),
    zones: z.array(z.object(zone.shape)).optional(),
    reason: z.string().optional(),
  }),
  examples: [
    { title: "On, not too sharp", input: { camera_id: "front-door", enabled: true, sensitivity: 40 } },
    {
      title: "Only the left half",
      input: { camera_id: "front-door", enabled: true, zones: [{ x: 0, y: 0, width: 0.5, height: 1 }] },
    },
  ],
  would: async (context, { camera_id, ...wanted }) => {
    const isHubs = await isHubsMotion(context, camera_id);
    if (!isHubs) await requireMotion(context, camera_id, wanted);
    const { enabled, sensitivity, zones } = wanted;
    const at = sensitivity === undefined ? "" : `, sensitivity ${sensitivity}`;
    const where = zones === undefined
      ? ""
      : zones.length === 0
      ? ", the whole picture"
      : `, ${zones.length} zones`;
    const whose = isHubs ? " by the hub" : "";
    return `Turn motion detection${whose} of camera "${camera_id}" ${enabled ? "on" : "off"}${at}${where}`;
  },
  run: async (context, { camera_id, ...wanted }) => {
    if (await isHubsMotion(context, camera_id)) {
      const zones = wanted.zones?.map((each) => ({ points: cornersOf(each) }));
      return await setHubMotion(context, camera_id, { ...wanted, zones });
    }
    const motion = await requireMotion(context, camera_id, wanted);
    const { enabled, sensitivity, zones } = wanted;
    const after = await motion.set({
      enabled,
      ...(sensitivity === undefined ? {} : { sensitivity }),
      ...(zones === undefined ? {} : { zones }),
    }, context.signal);
    const isKnown = isTaken(camera_id, after, wanted);
    const { levels: _, zones: now, ...shown } = after;
    return {
      success: true as const,
      camera_id,
      ...shown,
      ...(now === undefined ? {} : { zones: now.map((each) => ({ ...each })) }),
      verified: isKnown ? proofOf(after.enabled) : "acknowledged" as const,
    };
  },
});

/** A rectangle as the polygon that the hub's detector takes. */
function cornersOf({ x, y, width, height }: z.output<typeof zone>) {
  const [right, bottom] = [Math.min(1, x + width), Math.min(1, y + height)];
  return [{ x, y }, { x: right, y }, { x: right, y: bottom }, { x, y: bottom }];
}

/** @throws HubError `unsupported` for zones where the hub cannot set any, or not so many. */
async function requireMotion(
  { hub, signal }: OperationContext,
  cameraId: string,
  { zones }: Change,
): Promise<MotionDetection> {
  const motion = await hub.manager.requireSoon(cameraId, "motion", signal);
  const most = motion.maxZones ?? 0;
  if (zones === undefined || (motion.maxZones !== undefined && zones.length <= most)) return motion;
  const able = hub.manager.cameras.filter(({ device }) => device?.capabilities.motion?.maxZones).map((
    { id },
  ) => id);
  const what = most > 0
    ? `takes at most ${most} zones`
    : "has no zones of motion detection that the hub can set";
  throw new HubError("unsupported", `Camera "${cameraId}" ${what}; nothing was changed`, {
    hint: "Leave zones out" + (most > 0 ? ", or give fewer" : LET_HUB_LOOK),
    details: { camera_id: cameraId, max_zones: most, able },
  });
}

/** True when the device says all that was asked for; false where it does not say. @throws HubError where it says else. */
function isTaken(cameraId: string, after: MotionSetup, { enabled, sensitivity, zones }: Change): boolean {
  if (after.enabled !== undefined && after.enabled !== enabled) {
    throw notTaken(cameraId, `motion = ${enabled}`);
  }
  const isSensitive = sensitivity === undefined || isSensitivityTaken(after, sensitivity);
  if (isSensitive === false) {
    throw notTaken(cameraId, `sensitivity = ${sensitivity}; it is ${after.sensitivity}`);
  }
  const areZones = zones === undefined || areZonesTaken(after, zones);
  if (areZones === false) throw notTaken(cameraId, `its zones are ${JSON.stringify(after.zones)}`);
  return isSensitive === true && areZones === true;
}
