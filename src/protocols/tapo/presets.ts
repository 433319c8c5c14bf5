// The positions that a camera remembers.
import { HubError } from "../../base/errors.ts";
import type { TapoCaller } from "./caller.ts";
import { whenMotorIsFree } from "./ptz.ts";
import { asList, asNumber, asOnOff, asText, at, type Known, known } from "./values.ts";

/** A remembered position. Pan and tilt are −1…1 of the camera's range; absent when the camera does not tell. */
export interface TapoPreset {
  id: string;
  name: string;
  pan?: number;
  tilt?: number;
  zoom?: number;
  isReadOnly?: boolean;
}

/** Lists the positions in the camera's order. */
export async function listPresets(caller: TapoCaller, signal: AbortSignal): Promise<TapoPreset[]> {
  const result = await caller.request("getPresetConfig", { preset: { name: ["preset"] } }, signal);
  return parsePresets(at(result, "preset", "preset"));
}

/** Reads the parallel arrays in which cameras give their positions; some may be shorter or missing. */
export function parsePresets(table: unknown): TapoPreset[] {
  const column = (key: string) => asList(at(table, key));
  const [names, pans, tilts, zooms, locks] = [
    column("name"),
    column("position_pan"),
    column("position_tilt"),
    column("position_zoom"),
    column("read_only"),
  ];
  const presets: Known<TapoPreset>[] = [];
  for (const [row, value] of column("id").entries()) {
    const id = asText(value);
    if (id === undefined) continue;
    presets.push(known({
      id,
      name: asText(names[row]) ?? id,
      pan: asNumber(pans[row]),
      tilt: asNumber(tilts[row]),
      zoom: asNumber(zooms[row]),
      isReadOnly: asOnOff(locks[row]),
    }));
  }
  return presets;
}

/**
 * Remembers where the camera looks now. Cameras do not tell the new id: list the positions again.
 * @throws HubError `conflict` when the camera has no room (−64306).
 */
export async function savePreset(caller: TapoCaller, name: string, signal: AbortSignal): Promise<void> {
  if (name.trim() === "") throw new HubError("invalid_input", "A position needs a name");
  // The method's name is misspelt in the firmware.
  await caller.request("addMotorPostion", { preset: { set_preset: { name, save_ptz: "1" } } }, signal);
}

/** Turns the camera to a position. @throws HubError `not_found` when there is none with that id. */
export async function recallPreset(caller: TapoCaller, id: string, signal: AbortSignal): Promise<void> {
  const params = { preset: { goto_preset: { id } } };
  await whenMotorIsFree(caller, () => caller.request("motorMoveToPreset", params, signal), signal);
}

/** Forgets a position. @throws HubError `not_found` when there is none with that id. */
export async function removePreset(caller: TapoCaller, id: string, signal: AbortSignal): Promise<void> {
  await caller.request("deletePreset", { preset: { remove_preset: { id: [id] } } }, signal);
}
