// The picture's small adjustments: brightness and the like, the infrared filter, wide dynamic range (ONVIF
// Imaging).
import { HubError } from "../../base/errors.ts";
import { ignored } from "./requests.ts";
import type { OnvifSession } from "./session.ts";
import { known } from "./values.ts";
import { childrenOf, escapeXml, find, numberAt, textAt, type XmlElement } from "./xml.ts";

/** A value in the camera's own units. */
export interface OnvifLevel {
  value: number;
  min?: number;
  max?: number;
}

export type IrCutFilter = "on" | "off" | "auto";

/** What the camera can adjust, and how it is set. What the camera does not report is absent. */
export interface OnvifImagingSettings {
  brightness?: OnvifLevel;
  contrast?: OnvifLevel;
  saturation?: OnvifLevel;
  sharpness?: OnvifLevel;
  /** On: the filter is in place, day; off: night. */
  irCutFilter?: { value: IrCutFilter; choices: readonly IrCutFilter[] };
  wideDynamicRange?: { enabled: boolean; level?: OnvifLevel };
}

/** What is to be changed. */
export interface OnvifImagingChange {
  brightness?: number;
  contrast?: number;
  saturation?: number;
  sharpness?: number;
  irCutFilter?: IrCutFilter;
  wideDynamicRange?: { enabled?: boolean; level?: number };
}

const LEVELS = [
  ["brightness", "Brightness"],
  ["contrast", "Contrast"],
  ["saturation", "ColorSaturation"],
  ["sharpness", "Sharpness"],
] as const;

/** Returns the adjustments of a video source; undefined when there are none. */
export async function openImaging(
  session: OnvifSession,
  videoSourceToken: string,
  signal: AbortSignal,
): Promise<OnvifImaging | undefined> {
  if (!session.services.includes("imaging")) return undefined;
  const imaging = new OnvifImaging(session, videoSourceToken);
  try {
    return Object.keys(await imaging.settings(signal)).length > 0 ? imaging : undefined;
  } catch (error) {
    if (error instanceof HubError && ["unsupported", "not_found"].includes(error.kind)) return undefined;
    throw error;
  }
}

/** Reads and changes the adjustments of one video source. */
export class OnvifImaging {
  readonly #session: OnvifSession;
  readonly #token: string;
  #options: XmlElement | undefined;

  constructor(session: OnvifSession, videoSourceToken: string) {
    this.#session = session;
    this.#token = escapeXml(videoSourceToken);
  }

  /** Reads how the picture is set, with the ranges. */
  async settings(signal: AbortSignal): Promise<OnvifImagingSettings> {
    this.#options ??= await this.#readOptions(signal);
    const answer = await this.#session.call(
      () => this.#session.write((cam) => cam.getImagingSettings({ token: this.#token }, ignored)),
      { signal },
    );
    return readSettings(find(answer, "ImagingSettings"), this.#options);
  }

  async #readOptions(signal: AbortSignal): Promise<XmlElement | undefined> {
    try {
      const answer = await this.#session.call(
        () => this.#session.write((cam) => cam.getVideoSourceOptions({ token: this.#token }, ignored)),
        { signal },
      );
      return find(answer, "ImagingOptions");
    } catch (error) {
      if (error instanceof HubError && ["unsupported", "device_rejected"].includes(error.kind)) {
        return undefined;
      }
      throw error;
    }
  }

  /**
   * Changes what is given and returns the settings read back.
   * @throws HubError `unsupported` for what the camera lacks, `invalid_input` for a value out of its range.
   */
  async set(change: OnvifImagingChange, signal: AbortSignal): Promise<OnvifImagingSettings> {
    const content = writeChange(change, await this.settings(signal));
    // Written here: the package leaves out wide dynamic range and every 0, and the schema has another order.
    const body = '<SetImagingSettings xmlns="http://www.onvif.org/ver20/imaging/wsdl">' +
      `<VideoSourceToken>${this.#token}</VideoSourceToken><ImagingSettings>${content}</ImagingSettings>` +
      "<ForcePersistence>true</ForcePersistence></SetImagingSettings>";
    await this.#session.call(() => this.#session.wrap("imaging", body), { signal });
    return await this.settings(signal);
  }
}

function readSettings(
  settings: XmlElement | undefined,
  options: XmlElement | undefined,
): OnvifImagingSettings {
  const level = (name: string) => readLevel(numberAt(settings, name), find(options, name));
  const wide = find(settings, "WideDynamicRange");
  const wideOptions = find(options, "WideDynamicRange");
  return known({
    ...Object.fromEntries(LEVELS.map(([name, tag]) => [name, level(tag)])),
    irCutFilter: readIrCutFilter(settings, options),
    wideDynamicRange: wide && known({
      enabled: textAt(wide, "Mode")?.toUpperCase() === "ON",
      level: readLevel(numberAt(wide, "Level"), find(wideOptions, "Level")),
    }),
  });
}

function readLevel(value: number | undefined, range: XmlElement | undefined): OnvifLevel | undefined {
  if (value === undefined) return undefined;
  const [min, max] = [numberAt(range, "Min"), numberAt(range, "Max")];
  return min !== undefined && max !== undefined && max > min ? { value, min, max } : { value };
}

function readIrCutFilter(settings: XmlElement | undefined, options: XmlElement | undefined) {
  const value = toIrCutFilter(textAt(settings, "IrCutFilter"));
  if (value === undefined) return undefined;
  const choices = childrenOf(options, "IrCutFilterModes").flatMap(({ text }) => toIrCutFilter(text) ?? []);
  return { value, choices: choices.length > 0 ? choices : ["on", "off", "auto"] as const };
}

function toIrCutFilter(text: string | undefined): IrCutFilter | undefined {
  const word = text?.toLowerCase();
  return word === "on" || word === "off" || word === "auto" ? word : undefined;
}

/** The elements of the change, in the order of the schema (tt:ImagingSettings20). */
function writeChange(change: OnvifImagingChange, now: OnvifImagingSettings): string {
  const written = new Map<string, string>();
  for (const [name, tag] of LEVELS) {
    const value = change[name];
    if (value !== undefined) written.set(tag, String(checkLevel(name, value, now[name])));
  }
  if (change.irCutFilter !== undefined) {
    const choices: readonly IrCutFilter[] = now.irCutFilter?.choices ?? [];
    if (!now.irCutFilter) throw lacks("infrared filter");
    if (!choices.includes(change.irCutFilter)) {
      throw new HubError("invalid_input", `The infrared filter cannot be set to "${change.irCutFilter}"`, {
        hint: `It can be: ${choices.join(", ")}`,
      });
    }
    written.set("IrCutFilter", change.irCutFilter.toUpperCase());
  }
  const wide = change.wideDynamicRange;
  if (wide) {
    const { wideDynamicRange } = now;
    if (!wideDynamicRange) throw lacks("wide dynamic range");
    const mode = `<Mode>${wide.enabled ?? wideDynamicRange.enabled ? "ON" : "OFF"}</Mode>`;
    const level = wide.level === undefined
      ? wideDynamicRange.level?.value
      : checkLevel("wide dynamic range", wide.level, wideDynamicRange.level);
    written.set("WideDynamicRange", mode + (level === undefined ? "" : `<Level>${level}</Level>`));
  }
  const order = ["Brightness", "ColorSaturation", "Contrast", "IrCutFilter", "Sharpness", "WideDynamicRange"];
  return order.flatMap((tag) => {
    const value = written.get(tag);
    return value === undefined ? [] : [`<${tag} xmlns="http://www.onvif.org/ver10/schema">${value}</${tag}>`];
  }).join("");
}

function checkLevel(name: string, value: number, now: OnvifLevel | undefined): number {
  if (!now) throw lacks(name);
  const { min = -Infinity, max = Infinity } = now;
  if (Number.isFinite(value) && value >= min && value <= max) return value;
  throw new HubError("invalid_input", `The ${name} cannot be ${value}`, {
    hint: `It can be from ${min} to ${max}`,
  });
}

function lacks(what: string): HubError {
  return new HubError("unsupported", `The camera cannot set its ${what}`);
}
