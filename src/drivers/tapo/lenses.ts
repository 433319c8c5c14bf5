// Cameras with two lenses say so by their list of channels.
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { asObject, asRows, at } from "../../protocols/tapo/values.ts";

/** True for a camera with a second lens; false too when it does not know the question. */
export async function hasSecondLens(caller: TapoCaller, signal: AbortSignal): Promise<boolean> {
  const [answer] = await caller.batch([
    { method: "getAllChnInfo", params: { system: { table: "chn_info" } } },
  ], signal);
  if (!answer?.ok) return false;
  const table = at(answer.result, "system", "chn_info");
  const rows = asRows(table);
  return Math.max(rows.length, Object.keys(asObject(table) ?? {}).length) >= 2;
}
