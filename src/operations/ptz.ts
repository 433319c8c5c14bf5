// Operations that move a camera: by steps and home. Each reads back what the device then says.
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import type { Preset, Ptz, PtzPosition } from "../devices/capabilities.ts";
import { unable } from "../devices/abilities.ts";
import type { Camera } from "../devices/camera.ts";
import { readOfCamera, writeOfCamera } from "./define.ts";
import type { Hub } from "./hub.ts";
import type { Operation, OperationContext } from "./operation.ts";
import { PATROL_OPERATIONS } from "./patrol.ts";
import { findByName, PRESET_OPERATIONS } from "./presets.ts";
import * as schemas from "./schemas.ts";

const { done, position, preset } = schemas;
const input = z.object({});
const acknowledged = { success: true as const, verified: "acknowledged" as const };

function axis(description: string) {
  return z.number().min(-1).max(1).optional().meta({ description });
}

/** Where a movement ended is proof; drivers tell no position that may be an old one. */
function proof(after: PtzPosition) {
  const isKnown = Object.keys(after).length > 0;
  return isKnown ? { position: after, verified: "readback" as const } : { verified: "acknowledged" as const };
}

const movePtz = writeOfCamera({
  name: "move_ptz",
  title: "Move a camera",
  summary:
    "Moves pan (+ right), tilt (+ up) and zoom (+ in) by or to values of −1…1; with duration_ms it moves in " +
    "that direction for so long and stops. Reads the position back where the camera tells it",
  guide:
    "1 is the whole way from the middle to the end: for a small correction give 0.05 to 0.2. Look at the " +
    "picture afterwards with capture_image",
  toolset: "ptz",
  input: z.object({
    pan: axis("+ right, − left"),
    tilt: axis("+ up, − down"),
    zoom: axis("+ in, − out"),
    speed: z.number().min(0).max(1).optional().meta({ description: "Share of the greatest speed" }),
    relative: z.boolean().default(true).meta({ description: "true: by so much; false: to this place" }),
    duration_ms: z.int().min(50).max(20_000).optional().meta({
      description: "Moves for so long instead of by so much",
    }),
  }),
  output: done.extend({ position: position.optional() }),
  examples: [
    { title: "A little to the right", input: { camera_id: "yard", pan: 0.1 } },
    { title: "To the middle", input: { camera_id: "yard", pan: 0, tilt: 0, relative: false } },
  ],
  would: async ({ hub, signal }, { camera_id, relative, duration_ms, ...given }) => {
    const target = targetOf(given);
    await hub.manager.requireSoon(camera_id, "ptz", signal);
    refuseAxes(hub, camera_id, target);
    const parts = Object.entries(target).map(([name, value]) => `${name} ${value}`);
    const how = duration_ms === undefined ? relative ? "by" : "to" : `for ${duration_ms} ms towards`;
    return `Move camera "${camera_id}" ${how} ${parts.join(", ")}`;
  },
  run: async ({ hub, signal }, { camera_id, relative, speed, duration_ms: durationMs, ...given }) => {
    const target = targetOf(given);
    const ptz = await hub.manager.requireSoon(camera_id, "ptz", signal);
    refuseAxes(hub, camera_id, target);
    const after = await ptz.move(target, { relative, speed, durationMs }, signal);
    return { success: true as const, camera_id, ...proof(after) };
  },
});

/** @throws HubError `invalid_input` when no axis was given. */
function targetOf(
  { pan, tilt, zoom }: Partial<Record<keyof PtzPosition, number | undefined>>,
): PtzPosition {
  const target = Object.fromEntries(
    Object.entries({ pan, tilt, zoom }).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(target).length > 0) return target;
  throw new HubError("invalid_input", "Nothing to move", { hint: "Give pan, tilt or zoom" });
}

/** @throws HubError `unsupported` for an axis that the camera lacks, with the cameras that have it. */
function refuseAxes({ manager }: Hub, cameraId: string, target: PtzPosition): void {
  const axesOf = (camera: Camera) => camera.device?.capabilities.ptz?.axes ?? [];
  const own = axesOf(manager.get(cameraId));
  const missing = (Object.keys(target) as (keyof PtzPosition)[]).find((axis) => !own.includes(axis));
  if (missing === undefined) return;
  const able = manager.cameras.filter((each) => axesOf(each).includes(missing)).map(({ id }) => id);
  throw unable(cameraId, missing, { able, hint: `It can move: ${own.join(", ")}` });
}

const getPtzPosition = readOfCamera({
  name: "get_ptz_position",
  title: "Where a camera looks",
  summary: "Reads pan and tilt (−1…1) and zoom (0…1) from the camera; `known` is false when it cannot tell",
  toolset: "ptz",
  input,
  output: z.object({ success: schemas.success, camera_id: z.string(), known: z.boolean(), position }),
  examples: [{ title: "One camera", input: { camera_id: "yard" } }],
  run: async ({ hub, signal }, { camera_id }) => {
    const ptz = await hub.manager.requireSoon(camera_id, "ptz", signal);
    const now = await ptz.position(signal);
    return { success: true as const, camera_id, known: Object.keys(now).length > 0, position: now };
  },
});

const stopPtz = writeOfCamera({
  name: "stop_ptz",
  title: "Stop a camera's movement",
  summary: "Stops whatever the camera is moving",
  toolset: "ptz",
  input,
  output: done,
  examples: [{ title: "Stop", input: { camera_id: "yard" } }],
  would: async (context, { camera_id }) => {
    await requireStop(context, camera_id);
    return `Stop the movement of camera "${camera_id}"`;
  },
  run: async (context, { camera_id }) => {
    const ptz = await requireStop(context, camera_id);
    await ptz.stop(context.signal);
    return { ...acknowledged, camera_id };
  },
});

async function requireStop({ hub, signal }: OperationContext, cameraId: string) {
  const ptz = await hub.manager.requireSoon(cameraId, "ptz", signal);
  if (ptz.stop) return ptz as Ptz & Required<Pick<Ptz, "stop">>;
  throw cannot(cameraId, "be stopped: each of its moves ends by itself");
}

const goHome = writeOfCamera({
  name: "go_to_home_ptz",
  title: "Send a camera home",
  summary: "Moves to the camera's home position: its own, else its preset named Home",
  toolset: "ptz",
  input,
  output: done.extend({ preset: preset.optional() }),
  examples: [{ title: "Home", input: { camera_id: "yard" } }],
  would: async (context, { camera_id }) => {
    const { preset } = await chooseHome(context, camera_id);
    const where = preset ? `preset ${preset.name} (${preset.id})` : "its own home position";
    return `Move camera "${camera_id}" to ${where}`;
  },
  run: async (context, { camera_id }) => {
    const { go, preset } = await chooseHome(context, camera_id);
    await go();
    return { ...acknowledged, camera_id, ...(preset ? { preset: { ...preset } } : {}) };
  },
});

/** Where a camera's home is, and how it gets there. */
async function chooseHome(
  { hub, signal }: OperationContext,
  cameraId: string,
): Promise<{ preset?: Preset; go(): Promise<void> }> {
  const ptz = await hub.manager.requireSoon(cameraId, "ptz", signal);
  if (ptz.home) return { go: async () => await ptz.home?.(signal) };
  const presets = hub.manager.get(cameraId).device?.capabilities.presets;
  const home = presets && findByName(await presets.list(signal), "home");
  if (presets && home) return { preset: home, go: () => presets.recall(home.id, signal) };
  throw cannot(cameraId, "go home: it has no home position", 'Save a preset named "Home"');
}

function cannot(cameraId: string, what: string, hint?: string): HubError {
  return new HubError("unsupported", `Camera "${cameraId}" cannot ${what}`, { hint });
}

/** The picture of a camera that is being moved shows no motion. */
function steadied(operation: Operation): Operation {
  return {
    ...operation,
    run: async (context, input) => {
      using _ = context.hub.motion.moving(String(input.camera_id));
      return await operation.run(context, input);
    },
  };
}

/** After these the camera looks elsewhere. */
const MOVING = [
  "move_ptz",
  "stop_ptz",
  "go_to_home_ptz",
  "recall_ptz_preset",
  "start_ptz_patrol",
  "stop_ptz_patrol",
];

export const PTZ_OPERATIONS: readonly Operation[] = [
  movePtz,
  getPtzPosition,
  stopPtz,
  goHome,
  ...PRESET_OPERATIONS,
  ...PATROL_OPERATIONS,
].map((each) => MOVING.includes(each.name) ? steadied(each) : each);
