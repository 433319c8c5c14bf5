// How a camera makes its picture: day and night, which way up, which mains frequency.
import { HubError } from "../../base/errors.ts";
import type { TapoCaller } from "./caller.ts";
import { asOnOff, asText, asTexts, at, known, onOff, type TapoObject } from "./values.ts";

/** When the camera sees in infrared. */
export type DayNightMode = "auto" | "day" | "night";
/** The mains frequency, against flicker. */
export type LightFrequency = "auto" | "50" | "60";

/** How the picture is made. What a camera does not have is absent. */
export interface TapoImage {
  dayNight?: DayNightMode;
  /** `inf_night_vision`, `wtl_night_vision` (white lamp), `md_night_vision` (lamp when something moves), … */
  nightVision?: string;
  /** Upside down, for cameras under a ceiling. */
  isFlipped?: boolean;
  /** Whether the lens's distortion is corrected. */
  hasLensCorrection?: boolean;
  lightFrequency?: LightFrequency;
}

const DAY_NIGHT: Readonly<Record<DayNightMode, string>> = { auto: "auto", day: "off", night: "on" };
const LIGHT_FREQUENCIES: readonly LightFrequency[] = ["auto", "50", "60"];
/** No one request gives everything on every model; the answers overlap. */
const READS = [
  { method: "getLdc", params: { image: { name: ["switch"] } } },
  { method: "getRotationStatus", params: { image: { name: ["switch"] } } },
  { method: "getNightVisionModeConfig", params: { image: { name: ["switch"] } } },
  { method: "getLightFrequencyInfo", params: { image: { name: "common" } } },
];

/**
 * Asks how the picture is made.
 * @throws HubError when the camera answers none of the questions.
 */
export async function readImage(caller: TapoCaller, signal: AbortSignal): Promise<TapoImage> {
  const answers = await caller.batch(READS, signal);
  const good = answers.filter((answer) => answer.ok).map(({ result }) => result);
  const [first] = answers;
  if (good.length === 0 && first && !first.ok) throw first.error;
  return parseImage(good);
}

/** Reads the answers together; the first that knows a value counts. */
export function parseImage(results: readonly TapoObject[]): TapoImage {
  const find = (section: "switch" | "common", field: string) =>
    results.map((result) => asText(at(result, "image", section, field))).find((text) => text !== undefined);
  const flip = find("switch", "flip_type");
  const infrared = find("common", "inf_type");
  const frequency = find("common", "light_freq_mode");
  return known({
    dayNight: (["auto", "day", "night"] as const).find((mode) => DAY_NIGHT[mode] === infrared),
    nightVision: find("switch", "night_vision_mode"),
    isFlipped: flip === undefined ? undefined : flip === "center",
    hasLensCorrection: asOnOff(find("switch", "ldc")),
    lightFrequency: LIGHT_FREQUENCIES.find((mode) => mode === frequency),
  });
}

/** The values of `nightVision` that the camera knows; empty when it does not tell. */
export async function listNightVisionModes(caller: TapoCaller, signal: AbortSignal): Promise<string[]> {
  const params = { image_capability: { name: ["supplement_lamp"] } };
  const result = await caller.request("getNightVisionCapability", params, signal);
  return asTexts(at(result, "image_capability", "supplement_lamp", "night_vision_mode_range"));
}

/** Sets when the camera sees in infrared. */
export async function setDayNight(
  caller: TapoCaller,
  mode: DayNightMode,
  signal: AbortSignal,
): Promise<void> {
  await caller.request("setDayNightModeConfig", { image: { common: { inf_type: DAY_NIGHT[mode] } } }, signal);
}

/** Sets how the camera lights the night; `mode` is one of `listNightVisionModes`. */
export async function setNightVision(caller: TapoCaller, mode: string, signal: AbortSignal): Promise<void> {
  const params = { image: { switch: { night_vision_mode: mode } } };
  await caller.request("setNightVisionModeConfig", params, signal);
}

/** Turns the picture upside down, or back. Cameras behind a hub know another method for it. */
export async function setFlipped(
  caller: TapoCaller,
  isFlipped: boolean,
  signal: AbortSignal,
): Promise<void> {
  const params = { image: { switch: { flip_type: isFlipped ? "center" : "off" } } };
  try {
    await caller.request("setLdc", params, signal);
  } catch (error) {
    if (!(error instanceof HubError) || error.kind !== "unsupported") throw error;
    await caller.request("setRotationStatus", params, signal);
  }
}

/** Corrects the lens's distortion, or not. */
export async function setLensCorrection(
  caller: TapoCaller,
  isOn: boolean,
  signal: AbortSignal,
): Promise<void> {
  await caller.request("setLdc", { image: { switch: { ldc: onOff(isOn) } } }, signal);
}

/** Sets the mains frequency. */
export async function setLightFrequency(
  caller: TapoCaller,
  frequency: LightFrequency,
  signal: AbortSignal,
): Promise<void> {
  const params = { image: { common: { light_freq_mode: frequency } } };
  await caller.request("setLightFrequencyInfo", params, signal);
}
