// What a camera tells of its pictures: sizes, rates and lenses.
import type { TapoCaller } from "./caller.ts";
import { asObject, asRows, asTexts, at } from "./values.ts";

/** The largest picture of a stream, and its rates, highest first. */
export interface TapoStreamSize {
  width: number;
  height: number;
  fps: number[];
}

/** Asks for the largest sizes of both streams; what the camera does not tell is absent. */
export async function readLargestSizes(
  caller: TapoCaller,
  signal: AbortSignal,
): Promise<{ main?: TapoStreamSize; sub?: TapoStreamSize }> {
  const [answer] = await caller.batch([
    { method: "getVideoCapability", params: { video_capability: { name: ["main", "minor"] } } },
  ], signal);
  if (!answer?.ok) return {};
  const main = parseSize(answer.result, "main");
  const sub = parseSize(answer.result, "minor");
  return { ...(main ? { main } : {}), ...(sub ? { sub } : {}) };
}

/** `resolutions` are `1920*1080`; `frame_rates` are 65536 + frames per second. */
function parseSize(result: unknown, name: string): TapoStreamSize | undefined {
  const capability = at(result, "video_capability", name);
  const sizes = asTexts(at(capability, "resolutions")).flatMap((text) => {
    const [, width, height] = /^(\d+)\*(\d+)$/.exec(text) ?? [];
    return width === undefined ? [] : [{ width: Number(width), height: Number(height) }];
  }).sort((a, b) => b.width - a.width);
  const fps = asTexts(at(capability, "frame_rates")).map((text) => Number(text) & 0xffff)
    .filter((rate) => rate > 0 && rate <= 120).sort((a, b) => b - a);
  const [largest] = sizes;
  return largest && { ...largest, fps };
}

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
