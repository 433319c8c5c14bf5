// Operations on the hub's own motion detection: how it stands, by which rules it looks, and what they are to be.
import { z } from "zod";
import { sleepOrChange } from "../base/changes.ts";
import { HubError } from "../base/errors.ts";
import { type MotionRules, motionRules } from "../config/camera_rules.ts";
import { whyNotByHub } from "../motion/wanted.ts";
import { readOfCamera, writeOfCamera } from "./define.ts";
import { motionSight, motionView } from "./motion_views.ts";
import type { Operation, OperationContext } from "./operation.ts";
import * as schemas from "./schemas.ts";

const { done, success, motion: view, motionSight: sight } = schemas;
const rules = motionRules.shape;

/** Polygons as they are given. Their limits are those of the rules, which are checked before anything is kept. */
const zonesInput = z.array(
  z.object({
    name: z.string().optional(),
    points: z.array(z.object({ x: z.number(), y: z.number() })),
  }),
).optional();

const getMotionDetection = readOfCamera({
  name: "get_motion_detection",
  title: "How motion is looked for",
  summary:
    "Tells who looks for motion at a camera, by which rules, and what the hub's detector sees right now",
  guide: "What has happened is told by list_events",
  toolset: "system",
  input: z.object({}),
  output: z.object({ success, camera_id: z.string(), motion: view.optional(), sight: sight.optional() }),
  examples: [{ title: "One camera", input: { camera_id: "front-door" } }],
  run: ({ hub }, { camera_id }) => {
    hub.manager.get(camera_id);
    const motion = motionView(camera_id, hub);
    const seen = motionSight(camera_id, hub);
    return Promise.resolve({
      success: true as const,
      camera_id,
      ...(motion ? { motion } : {}),
      ...(seen ? { sight: seen } : {}),
    });
  },
});

const setMotionRules = writeOfCamera({
  name: "set_motion_rules",
  title: "Set the hub's motion detector",
  event: { kind: "config_change", what: "motion rules changed" },
  summary: "Sets how the hub itself looks for motion in a camera's picture; what is left out stays as it is",
  guide:
    "Points are fractions of the picture from its left and upper edge. set_motion_detection is enough for on and off",
  toolset: "system",
  input: z.object({
    detector: rules.detector.unwrap().optional().meta({ description: "auto: the camera, or else the hub" }),
    sensitivity: z.number().optional().meta({ description: "0…100" }),
    zones: zonesInput.meta({ description: "Where motion counts; []: everywhere" }),
    ignore: zonesInput.meta({ description: "Where it never does" }),
    min_area: z.number().optional().meta({ description: "Smallest moving thing, percent of the picture" }),
    min_duration_s: z.number().optional().meta({ description: "Shorter motion is ignored" }),
  }),
  output: done.extend({ motion: view.optional() }),
  examples: [{
    title: "Only the left half counts",
    input: {
      camera_id: "front-door",
      zones: [{ name: "path", points: [{ x: 0, y: 0 }, { x: 0.5, y: 0 }, { x: 0.5, y: 1 }, { x: 0, y: 1 }] }],
    },
  }],
  would: ({ hub }, { camera_id, ...change }) => {
    hub.manager.get(camera_id);
    hub.rules.preview(camera_id, "motion", given(change));
    const names = Object.keys(given(change));
    return `Set ${names.join(", ") || "nothing"} of the motion detection of camera "${camera_id}"`;
  },
  run: async (context, { camera_id, ...change }) => await changeRules(context, camera_id, given(change)),
});

/** What `set_motion_detection` asks for. */
export interface MotionWish {
  enabled: boolean;
  sensitivity?: number | undefined;
  zones?: z.infer<typeof zonesInput>;
}

/**
 * True where the hub looks for motion, not the camera: because it was told to, or the camera cannot.
 * @throws HubError why the camera is not there, or `unsupported` for one whose own detection cannot be set.
 */
export async function isHubsMotion({ hub, signal }: OperationContext, cameraId: string): Promise<boolean> {
  if (hub.rules.of(cameraId).motion.detector === "hub") return true;
  try {
    await hub.manager.requireSoon(cameraId, "motion", signal);
    return false;
  } catch (error) {
    const isUnable = error instanceof HubError && error.kind === "unsupported";
    const { observations } = hub.manager.get(cameraId).device?.capabilities ?? {};
    if (!isUnable || observations || !hub.motion.find(cameraId)) throw error;
    return true;
  }
}

/** Turns the hub's own detection on or off. @throws HubError `unsupported` where it can never look. */
export async function setHubMotion(context: OperationContext, cameraId: string, wish: MotionWish) {
  const { hub } = context;
  const detector = wish.enabled ? "hub" as const : "off" as const;
  const camera = hub.manager.get(cameraId);
  const { video, power } = camera.device?.capabilities ?? {};
  if (wish.enabled && camera.device && (!video || power)) {
    throw new HubError(
      "unsupported",
      whyNotByHub(camera, { detector })?.reason ?? "The hub cannot look for motion",
    );
  }
  const change = given({ detector, sensitivity: wish.sensitivity, zones: wish.zones });
  const { motion, ...result } = await changeRules(context, cameraId, change);
  return {
    ...result,
    enabled: motion?.by === "hub",
    ...(motion ? { sensitivity: motion.rules.sensitivity } : {}),
    ...(motion?.reason === undefined ? {} : { reason: motion.reason }),
  };
}

/** Longest wait for the detector to start or stop, after which the change is not proven. */
const SETTLE_MS = 5000;

async function changeRules(
  { hub, signal }: OperationContext,
  cameraId: string,
  change: Partial<MotionRules>,
) {
  hub.manager.get(cameraId);
  await hub.rules.change(cameraId, "motion", change);
  await settled(hub, cameraId, signal);
  const motion = motionView(cameraId, hub);
  const isShown = motion?.state === "running" || motion?.state === "off";
  const verified = isShown ? "readback" as const : "acknowledged" as const;
  return { success: true as const, camera_id: cameraId, ...(motion ? { motion } : {}), verified };
}

/** Waits until the detector looks, or does not, as the rules now say. */
async function settled(
  { motion, manager, clock }: OperationContext["hub"],
  cameraId: string,
  signal: AbortSignal,
): Promise<void> {
  const detector = motion.find(cameraId);
  if (!detector) return;
  const untilMs = clock.monotonic() + SETTLE_MS;
  for (;;) {
    const isWanted = whyNotByHub(manager.get(cameraId), detector.rules) === undefined;
    if (detector.state.state === (isWanted ? "running" : "off") || detector.state.state === "waiting") return;
    const leftMs = untilMs - clock.monotonic();
    if (leftMs <= 0 || signal.aborted) return;
    await sleepOrChange(leftMs, detector.changes, clock, signal);
  }
}

/** The rules that were given. */
function given(change: { [K in keyof MotionRules]?: MotionRules[K] | undefined }): Partial<MotionRules> {
  const entries = Object.entries(change).filter(([name, value]) => name in rules && value !== undefined);
  return Object.fromEntries(entries) as Partial<MotionRules>;
}

export const MOTION_OPERATIONS: readonly Operation[] = [getMotionDetection, setMotionRules];
