// A Tapo camera's presets as a capability. It cannot overwrite one, so that a new one comes before the old one goes.
import { HubError } from "../../base/errors.ts";
import type { Preset, Presets } from "../../devices/capabilities.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { TAPO_CODES, tapoCodeOf } from "../../protocols/tapo/errors.ts";
import { listPresets, recallPreset, removePreset, savePreset } from "../../protocols/tapo/presets.ts";
import type { TapoCallers } from "./gathered_caller.ts";

/** Returns the presets capability. */
export function tapoPresets({ questions, commands: caller }: TapoCallers): Presets {
  return {
    list: (signal) => list(questions, signal),
    save: (name, id, signal) =>
      id === undefined ? add(caller, name, signal) : replace(caller, { name, id }, signal),
    recall: (id, signal) => recallPreset(caller, id, signal),
    remove: (id, signal) => removePreset(caller, id, signal),
  };
}

async function list(caller: TapoCaller, signal: AbortSignal): Promise<Preset[]> {
  return (await listPresets(caller, signal)).map(toPreset);
}

/** @throws HubError `device_rejected` when the camera lists nothing new afterwards. */
async function add(caller: TapoCaller, name: string, signal: AbortSignal): Promise<Preset> {
  return await saveAs(caller, { name, before: await list(caller, signal) }, signal);
}

/** @throws HubError `not_found`, `conflict` without room, `device_rejected`; the old one is then still there. */
async function replace(
  caller: TapoCaller,
  { name, id }: { name: string; id: string },
  signal: AbortSignal,
): Promise<Preset> {
  const before = await list(caller, signal);
  const old = before.find((each) => each.id === id);
  if (!old) throw new HubError("not_found", `The camera has no preset ${id}`);
  try {
    const saved = await saveAs(caller, { name, before, mayKeep: id }, signal);
    if (saved.id !== id) await removePreset(caller, id, signal);
    return saved;
  } catch (error) {
    throw tapoCodeOf(error) === TAPO_CODES.presetsFull ? noRoom(old, error) : error;
  }
}

/** Some firmware takes a name that it knows and changes nothing, or changes the preset of that name. */
async function saveAs(
  caller: TapoCaller,
  { name, before, mayKeep }: { name: string; before: readonly Preset[]; mayKeep?: string },
  signal: AbortSignal,
): Promise<Preset> {
  await savePreset(caller, name, signal);
  const after = await list(caller, signal);
  const was = (preset: Preset) => before.find(({ id }) => id === preset.id);
  const isOverwritten = (preset: Preset) =>
    mayKeep === undefined ? JSON.stringify(was(preset)) !== JSON.stringify(preset) : preset.id === mayKeep;
  const saved = after.find((each) => !was(each)) ??
    after.find((each) => each.name === name && isOverwritten(each));
  if (saved) return saved;
  throw new HubError("device_rejected", "The camera took the preset, but does not list a new one", {
    hint: before.some((each) => each.name === name)
      ? "It may not take a name that it knows: choose another name"
      : "Try again, or save it in the Tapo app",
  });
}

/** The old one is not removed to make room: when saving then failed, it would be lost. */
function noRoom(old: Preset, cause: unknown): HubError {
  return new HubError("conflict", `The camera has no room to replace "${old.name}"`, {
    hint:
      `The new position is saved before the old one goes. Delete a position first, or "${old.name}" itself`,
    cause,
  });
}

function toPreset({ id, name, pan, tilt, zoom }: Awaited<ReturnType<typeof listPresets>>[number]): Preset {
  const position = Object.fromEntries(
    Object.entries({ pan, tilt, zoom }).filter(([, value]) => value !== undefined),
  );
  return { id, name, ...(Object.keys(position).length > 0 ? { position } : {}) };
}
