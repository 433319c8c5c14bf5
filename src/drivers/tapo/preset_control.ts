// A Tapo camera's presets as a capability. It cannot overwrite one, so that a new one comes before the old one goes.
import type { Clock } from "../../base/clock.ts";
import { HubError } from "../../base/errors.ts";
import type { Preset, Presets } from "../../devices/capabilities.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { TAPO_CODES, tapoCodeOf } from "../../protocols/tapo/errors.ts";
import { listPresets, recallPreset, removePreset, savePreset } from "../../protocols/tapo/presets.ts";
import type { TapoCallers } from "./gathered_caller.ts";

/** Longest wait for a motor that still turns; people save as soon as they let go of the button. */
const STILL_WITHIN_MS = 5000;
const LOOK_AGAIN_MS = 300;

/** What saving needs. */
interface Saving {
  caller: TapoCaller;
  clock: Clock;
}

/** Returns the presets capability. */
export function tapoPresets({ questions, commands: caller }: TapoCallers, clock: Clock): Presets {
  const saving = { caller, clock };
  return {
    list: (signal) => list(questions, signal),
    save: (name, id, signal) =>
      id === undefined ? add(saving, name, signal) : replace(saving, { name, id }, signal),
    recall: (id, signal) => recallPreset(caller, id, signal),
    remove: (id, signal) => removePreset(caller, id, signal),
  };
}

async function list(caller: TapoCaller, signal: AbortSignal): Promise<Preset[]> {
  return (await listPresets(caller, signal)).map(toPreset);
}

/** @throws HubError `device_rejected` when the camera lists nothing new afterwards. */
async function add(saving: Saving, name: string, signal: AbortSignal): Promise<Preset> {
  return await saveAs(saving, { name, before: await list(saving.caller, signal) }, signal);
}

/** @throws HubError `not_found`, `conflict` without room, `device_rejected`; the old one is then still there. */
async function replace(
  saving: Saving,
  { name, id }: { name: string; id: string },
  signal: AbortSignal,
): Promise<Preset> {
  const { caller } = saving;
  const before = await list(caller, signal);
  const old = before.find((each) => each.id === id);
  if (!old) throw new HubError("not_found", `The camera has no preset ${id}`);
  try {
    const saved = await saveAs(saving, { name, before, mayKeep: id }, signal);
    if (saved.id !== id) await removePreset(caller, id, signal);
    return saved;
  } catch (error) {
    throw tapoCodeOf(error) === TAPO_CODES.presetsFull ? noRoom(old, error) : error;
  }
}

/** Some firmware takes a name that it knows and changes nothing, or changes the preset of that name. */
async function saveAs(
  { caller, clock }: Saving,
  { name, before, mayKeep }: { name: string; before: readonly Preset[]; mayKeep?: string },
  signal: AbortSignal,
): Promise<Preset> {
  await whenStill(clock, () => savePreset(caller, name, signal), signal);
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

/** A camera refuses to save while it turns: that is waited for. */
async function whenStill(clock: Clock, save: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const endMs = clock.monotonic() + STILL_WITHIN_MS;
  for (;;) {
    try {
      return await save();
    } catch (error) {
      const code = tapoCodeOf(error);
      const isTurning = code === TAPO_CODES.presetWhileMoving || code === TAPO_CODES.motorBusy;
      if (!isTurning || clock.monotonic() >= endMs) throw error;
    }
    await clock.sleep(LOOK_AGAIN_MS, signal);
  }
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
