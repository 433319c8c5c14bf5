// Operations on the positions that are stored in a camera. Each reads back what the device then says.
import { z } from "zod";
import { HubError } from "../base/errors.ts";
import type { Preset, Presets } from "../devices/capabilities.ts";
import { wouldDo } from "./able.ts";
import { readOfCamera, writeOfCamera } from "./define.ts";
import type { Operation, OperationContext } from "./operation.ts";
import { notTaken } from "./proof.ts";
import * as schemas from "./schemas.ts";

const { done, preset } = schemas;
const presetId = z.string().trim().min(1).max(64).meta({ description: "As get_ptz_presets lists it" });
const presetName = z.string().trim().min(1).max(64);

const getPresets = readOfCamera({
  name: "get_ptz_presets",
  title: "List a camera's presets",
  summary: "Lists the positions stored in the camera",
  toolset: "ptz",
  input: z.object({}),
  output: z.object({ success: schemas.success, camera_id: z.string(), presets: z.array(preset) }),
  examples: [{ title: "One camera", input: { camera_id: "yard" } }],
  run: async ({ hub, signal }, { camera_id }) => {
    const presets = await hub.manager.requireSoon(camera_id, "presets", signal);
    return { success: true as const, camera_id, presets: await presets.list(signal) };
  },
});

const savePreset = writeOfCamera({
  name: "save_ptz_preset",
  title: "Save a preset",
  summary: "Stores where the camera looks now; with preset_id it replaces that one",
  toolset: "ptz",
  input: z.object({
    name: presetName.meta({ description: "Cameras may cut long names off" }),
    preset_id: presetId.optional(),
  }),
  output: done.extend({ preset }),
  examples: [{ title: "The gate", input: { camera_id: "yard", name: "Gate" } }],
  would: (context, { camera_id, name, preset_id }) => {
    const over = preset_id === undefined ? "" : ` in place of preset ${preset_id}`;
    const what = `Store where camera "${camera_id}" looks now as "${name}"${over}`;
    return wouldDo(context, camera_id, "presets", what);
  },
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
    return {
      success: true as const,
      camera_id,
      preset: listed,
      verified: isNamed ? "readback" as const : "acknowledged" as const,
    };
  },
});

/** Cameras cut long names off. */
const SHORTEST_LIMIT_CHARS = 10;

function isCutFrom(name: string, listed: string): boolean {
  return listed === name || (listed.length >= SHORTEST_LIMIT_CHARS && name.startsWith(listed));
}

/** A preset is named by its id or by its name. */
const chosen = z.object({
  preset_id: presetId.optional(),
  name: presetName.optional().meta({ description: "Name of the preset, instead of preset_id" }),
});

const recallPreset = writeOfCamera({
  name: "recall_ptz_preset",
  title: "Go to a preset",
  summary: "Moves to a stored position, named by preset_id or name",
  toolset: "ptz",
  input: chosen,
  output: done.extend({ preset }),
  examples: [{ title: "To the gate", input: { camera_id: "yard", name: "Gate" } }],
  would: async (context, { camera_id, ...wanted }) => {
    const { found } = await choosePreset(context, camera_id, wanted);
    return `Move camera "${camera_id}" to preset ${found.name} (${found.id})`;
  },
  run: async (context, { camera_id, ...wanted }) => {
    const { presets, found } = await choosePreset(context, camera_id, wanted);
    await presets.recall(found.id, context.signal);
    return { success: true as const, camera_id, preset: found, verified: "acknowledged" as const };
  },
});

const deletePreset = writeOfCamera({
  name: "delete_ptz_preset",
  title: "Delete a preset",
  summary: "Forgets a stored position, named by preset_id or name",
  toolset: "ptz",
  effect: "destructive",
  input: chosen,
  output: done.extend({ preset }),
  examples: [{ title: "Forget the gate", input: { camera_id: "yard", name: "Gate", confirm: true } }],
  would: async (context, { camera_id, ...wanted }) => {
    const { found } = await choosePreset(context, camera_id, wanted);
    return `Delete preset ${found.name} (${found.id}) of camera "${camera_id}"`;
  },
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

/** The preset of a name; capitals and blanks around it do not count. */
export function findByName(presets: readonly Preset[], name: string): Preset | undefined {
  const wanted = name.trim().toLowerCase();
  return presets.find((each) => each.name.trim().toLowerCase() === wanted);
}

export const PRESET_OPERATIONS: readonly Operation[] = [getPresets, savePreset, recallPreset, deletePreset];
