// The emulated camera's picture adjustments.
import type { Camera } from "./camera.ts";
import { IMAGING_RANGE, type ImagingState, VIDEO_SOURCE } from "./model.ts";
import { inner, invalidArgument, type SoapCall, text } from "./soap.ts";

const LEVELS = ["Brightness", "ColorSaturation", "Contrast", "Sharpness"] as const;

export function answerImaging(camera: Camera, { operation, envelope }: SoapCall): string | undefined {
  if (text(envelope, "VideoSourceToken") !== VIDEO_SOURCE) {
    throw invalidArgument("NoSource", "The requested VideoSource does not exist");
  }
  switch (operation) {
    case "GetImagingSettings":
      return `<timg:GetImagingSettingsResponse><timg:ImagingSettings>${
        settings(camera.imaging)
      }</timg:ImagingSettings></timg:GetImagingSettingsResponse>`;
    case "GetOptions":
      return `<timg:GetOptionsResponse><timg:ImagingOptions>${options()}</timg:ImagingOptions></timg:GetOptionsResponse>`;
    case "SetImagingSettings":
      change(camera.imaging, inner(envelope, "ImagingSettings") ?? "");
      return "<timg:SetImagingSettingsResponse/>";
  }
}

function settings(state: ImagingState): string {
  const { Brightness, ColorSaturation, Contrast, Sharpness, IrCutFilter, wideMode, wideLevel } = state;
  return `<tt:Brightness>${Brightness}</tt:Brightness><tt:ColorSaturation>${ColorSaturation}</tt:ColorSaturation>` +
    `<tt:Contrast>${Contrast}</tt:Contrast><tt:IrCutFilter>${IrCutFilter}</tt:IrCutFilter>` +
    `<tt:Sharpness>${Sharpness}</tt:Sharpness><tt:WideDynamicRange><tt:Mode>${wideMode}</tt:Mode>` +
    `<tt:Level>${wideLevel}</tt:Level></tt:WideDynamicRange>`;
}

function options(): string {
  const range = `<tt:Min>${IMAGING_RANGE[0]}</tt:Min><tt:Max>${IMAGING_RANGE[1]}</tt:Max>`;
  const level = (name: string) => `<tt:${name}>${range}</tt:${name}>`;
  return level("Brightness") + level("ColorSaturation") + level("Contrast") +
    ["ON", "OFF", "AUTO"].map((mode) => `<tt:IrCutFilterModes>${mode}</tt:IrCutFilterModes>`).join("") +
    level("Sharpness") +
    `<tt:WideDynamicRange><tt:Mode>ON</tt:Mode><tt:Mode>OFF</tt:Mode>${level("Level")}</tt:WideDynamicRange>`;
}

function change(state: ImagingState, wanted: string): void {
  const invalid = () => invalidArgument("SettingsInvalid", "The requested settings are incorrect");
  const checked = (value: string) => {
    const level = Number(value);
    if (!(level >= IMAGING_RANGE[0] && level <= IMAGING_RANGE[1])) throw invalid();
    return level;
  };
  for (const name of LEVELS) {
    const value = text(wanted, name);
    if (value !== undefined) state[name] = checked(value);
  }
  const filter = text(wanted, "IrCutFilter");
  if (filter !== undefined && !["ON", "OFF", "AUTO"].includes(filter)) throw invalid();
  if (filter !== undefined) state.IrCutFilter = filter;
  const wide = inner(wanted, "WideDynamicRange");
  if (wide === undefined) return;
  state.wideMode = text(wide, "Mode") ?? state.wideMode;
  const level = text(wide, "Level");
  if (level !== undefined) state.wideLevel = checked(level);
}
