// Operations that move a camera: by steps, to presets, on patrol. Each reads back what the device then says.
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import type { Preset, Presets, PtzPosition } from "../devices/capabilities.ts";
import { type Operation, operation, type OperationContext } from "./operation.ts";
import { notTaken } from "./proof.ts";
import * as schemas from "./schemas.ts";

const axis = z.number().min(-1).max(1).optional();
const position = z.object({ pan: z.number(), tilt: z.number(), zoom: z.number() }).partial();
const input = z.strictObject({ camera_id: schemas.cameraId });
const presetId = z.string().trim().min(1).max(64);
const presetName = z.string().trim().min(1).max(64);
const preset = z.object({ id: z.string(), name: z.string(), position: position.optional() });
const done = z.object({ success: schemas.success, camera_id: z.string(), verified: schemas.verified });
const acknowledged = { success: true as const, verified: "acknowledged" as const };

/** Where a movement ended is proof; drivers tell no position that may be an old one. */
function proof(after: PtzPosition) {
  const isKnown = Object.keys(after).length > 0;
  return isKnown ? { position: after, verified: "readback" as const } : { verified: "acknowledged" as const };
}

const movePtz = operation({
  name: "move_ptz",
  title: "Move a camera",
  summary:
    "Moves pan (+ right), tilt (+ up) and zoom (+ in) by or to values of −1…1; with duration_ms it moves in " +
    "that direction for so long and stops. Reads the position back where the camera tells it",
  effect: "write",
  input: z.strictObject({
    camera_id: schemas.cameraId,
    pan: axis,
    tilt: axis,
    zoom: axis,
    speed: z.number().min(0).max(1).optional().meta({ description: "Share of the greatest speed" }),
    relative: z.boolean().default(true).meta({ description: "true: by so much; false: to this place" }),
    duration_ms: z.int().min(50).max(20_000).optional(),
  }),
  output: done.extend({ position: position.optional() }),
  run: async ({ hub, signal }, { camera_id, pan, tilt, zoom, relative, speed, duration_ms: durationMs }) => {
    const target = Object.fromEntries(
      Object.entries({ pan, tilt, zoom }).filter(([, value]) => value !== undefined),
    );
    if (Object.keys(target).length === 0) {
      throw new HubError("invalid_input", "Nothing to move", { hint: "Give pan, tilt or zoom" });
    }
    const ptz = await hub.manager.requireSoon(camera_id, "ptz", signal);
    const after = await ptz.move(target, { relative, speed, durationMs }, signal);
    return { success: true as const, camera_id, ...proof(after) };
  },
});

const getPtzPosition = operation({
  name: "get_ptz_position",
  title: "Where a camera looks",
  summary: "Reads pan and tilt (−1…1) and zoom (0…1) from the camera; `known` is false when it cannot tell",
  effect: "read",
  input,
  output: z.object({ success: schemas.success, camera_id: z.string(), known: z.boolean(), position }),
  run: async ({ hub, signal }, { camera_id }) => {
    const ptz = await hub.manager.requireSoon(camera_id, "ptz", signal);
    const now = await ptz.position(signal);
    return { success: true as const, camera_id, known: Object.keys(now).length > 0, position: now };
  },
});

const stopPtz = operation({
  name: "stop_ptz",
  title: "Stop a camera's movement",
  summary: "Stops whatever the camera is moving",
  effect: "write",
  input,
  output: done,
  run: async ({ hub, signal }, { camera_id }) => {
    const ptz = await hub.manager.requireSoon(camera_id, "ptz", signal);
    if (!ptz.stop) throw cannot(camera_id, "be stopped: each of its moves ends by itself");
    await ptz.stop(signal);
    return { ...acknowledged, camera_id };
  },
});

const goHome = operation({
  name: "go_to_home_ptz",
  title: "Send a camera home",
  summary: "Moves to the camera's home position: its own, else its preset named Home",
  effect: "write",
  input,
  output: done.extend({ preset: preset.optional() }),
  run: async ({ hub, signal }, { camera_id }) => {
    const ptz = await hub.manager.requireSoon(camera_id, "ptz", signal);
    if (ptz.home) {
      await ptz.home(signal);
      return { ...acknowledged, camera_id };
    }
    const presets = hub.manager.get(camera_id).device?.capabilities.presets;
    const home = presets && findByName(await presets.list(signal), "home");
    if (!presets || !home) {
      throw cannot(camera_id, "go home: it has no home position", 'Save a preset named "Home"');
    }
    await presets.recall(home.id, signal);
    return { ...acknowledged, camera_id, preset: { ...home } };
  },
});

const getPresets = operation({
  name: "get_ptz_presets",
  title: "List a camera's presets",
  summary: "Lists the positions stored in the camera",
  effect: "read",
  input,
  output: z.object({ success: schemas.success, camera_id: z.string(), presets: z.array(preset) }),
  run: async ({ hub, signal }, { camera_id }) => {
    const presets = await hub.manager.requireSoon(camera_id, "presets", signal);
    return { success: true as const, camera_id, presets: await presets.list(signal) };
  },
});

const savePreset = operation({
  name: "save_ptz_preset",
  title: "Save a preset",
  summary: "Stores where the camera looks now; with preset_id it replaces that one",
  effect: "write",
  input: input.extend({ name: presetName, preset_id: presetId.optional() }),
  output: done.extend({ preset }),
  run: async ({ hub, signal }, { camera_id, name, preset_id }) => {
    const presets = await hub.manager.requireSoon(camera_id, "presets", signal);
    const saved = await presets.save(name, preset_id, signal);
    const listed = (await presets.list(signal)).find(({ id }) => id === saved.id);
    if (!listed) throw notTaken(camera_id, `it does not list the preset "${name}"`);
    const isNamed = isCutFrom(name, listed.name);
    // A camera may give a new one a name of its own.
    if (!isNamed && preset_id !== undefined) {
      throw notTaken(camera_id, `preset ${preset_id} is still "${listed.name}"`);
    }
    const verified = isNamed ? "readback" as const : "acknowledged" as const;
    return { success: true as const, camera_id, preset: listed, verified };
  },
});

/** Cameras cut long names off. */
const SHORTEST_LIMIT_CHARS = 10;

function isCutFrom(name: string, listed: string): boolean {
  return listed === name || (listed.length >= SHORTEST_LIMIT_CHARS && name.startsWith(listed));
}

/** A preset is named by its id or by its name. */
const chosen = {
  preset_id: presetId.optional(),
  name: presetName.optional().meta({ description: "Name of the preset, instead of preset_id" }),
};

const recallPreset = operation({
  name: "recall_ptz_preset",
  title: "Go to a preset",
  summary: "Moves to a stored position, named by preset_id or name",
  effect: "write",
  input: input.extend(chosen),
  output: done.extend({ preset }),
  run: async (context, { camera_id, ...wanted }) => {
    const { presets, found } = await choosePreset(context, camera_id, wanted);
    await presets.recall(found.id, context.signal);
    return { ...acknowledged, camera_id, preset: found };
  },
});

const deletePreset = operation({
  name: "delete_ptz_preset",
  title: "Delete a preset",
  summary: "Forgets a stored position, named by preset_id or name",
  effect: "destructive",
  input: input.extend(chosen),
  output: done.extend({ preset }),
  run: async (context, { camera_id, ...wanted }) => {
    const { presets, found } = await choosePreset(context, camera_id, wanted);
    await presets.remove(found.id, context.signal);
    const isGone = !(await presets.list(context.signal)).some(({ id }) => id === found.id);
    if (!isGone) throw new HubError("device_rejected", `The camera still has the preset "${found.name}"`);
    return { success: true as const, camera_id, preset: found, verified: "readback" as const };
  },
});

async function choosePreset(
  { hub, signal }: OperationContext,
  cameraId: string,
  wanted: { preset_id?: string | undefined; name?: string | undefined },
): Promise<{ presets: Presets; found: Preset }> {
  const presets = await hub.manager.requireSoon(cameraId, "presets", signal);
  if (wanted.preset_id === undefined && wanted.name === undefined) {
    throw new HubError("invalid_input", "No preset was named", { hint: "Give preset_id or name" });
  }
  const all = await presets.list(signal);
  const found = wanted.preset_id === undefined
    ? findByName(all, wanted.name ?? "")
    : all.find(({ id }) => id === wanted.preset_id);
  if (found) return { presets, found };
  throw new HubError("not_found", `Camera "${cameraId}" has no preset "${wanted.preset_id ?? wanted.name}"`, {
    hint: all.length > 0
      ? `Its presets are: ${all.map(({ id, name }) => `${name} (${id})`).join(", ")}`
      : "It has none yet: save one with save_ptz_preset",
  });
}

function findByName(presets: readonly Preset[], name: string): Preset | undefined {
  const wanted = name.trim().toLowerCase();
  return presets.find((each) => each.name.trim().toLowerCase() === wanted);
}

/** Starting and stopping differ in one word. */
function patrol(isStart: boolean): Operation {
  return operation({
    name: isStart ? "start_ptz_patrol" : "stop_ptz_patrol",
    title: isStart ? "Start the patrol" : "Stop the patrol",
    summary: isStart ? "Lets the camera look around by itself" : "Ends looking around by itself",
    effect: "write",
    input,
    output: done,
    run: async ({ hub, signal }, { camera_id }) => {
      const able = await hub.manager.requireSoon(camera_id, "patrol", signal);
      await (isStart ? able.start(signal) : able.stop(signal));
      return { ...acknowledged, camera_id };
    },
  });
}

function cannot(cameraId: string, what: string, hint?: string): HubError {
  return new HubError("unsupported", `Camera "${cameraId}" cannot ${what}`, { hint });
}

export const PTZ_OPERATIONS: readonly Operation[] = [
  movePtz,
  getPtzPosition,
  stopPtz,
  goHome,
  getPresets,
  savePreset,
  recallPreset,
  deletePreset,
  patrol(true),
  patrol(false),
];
