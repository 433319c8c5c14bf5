// The emulated camera's movements, in its own units.
import type { Camera } from "./camera.ts";
import type { Position, Ranges } from "./model.ts";
import { attribute, escape, inner, invalidArgument, type SoapCall, text } from "./soap.ts";

export function answerPtz(camera: Camera, call: SoapCall): string | undefined {
  const { head } = camera;
  const { operation, envelope } = call;
  switch (operation) {
    case "GetNodes":
      return `<tptz:GetNodesResponse><tptz:PTZNode token="PTZNODETOKEN" FixedHomePosition="${
        camera.options.fixedHome === true
      }"><tt:Name>PTZNODE</tt:Name><tt:SupportedPTZSpaces>${spaces(head.ranges)}</tt:SupportedPTZSpaces>` +
        `<tt:MaximumNumberOfPresets>${camera.maxPresets}</tt:MaximumNumberOfPresets>` +
        "<tt:HomeSupported>true</tt:HomeSupported></tptz:PTZNode></tptz:GetNodesResponse>";
    case "GetConfigurationOptions":
      return `<tptz:GetConfigurationOptionsResponse><tptz:PTZConfigurationOptions><tt:Spaces>${
        spaces(head.ranges)
      }</tt:Spaces><tt:PTZTimeout><tt:Min>PT0.1S</tt:Min><tt:Max>PT10S</tt:Max></tt:PTZTimeout>` +
        "</tptz:PTZConfigurationOptions></tptz:GetConfigurationOptionsResponse>";
    case "GetConfigurations":
      return '<tptz:GetConfigurationsResponse><tptz:PTZConfiguration token="PTZTOKEN"><tt:Name>PTZ</tt:Name>' +
        "<tt:UseCount>2</tt:UseCount><tt:NodeToken>PTZNODETOKEN</tt:NodeToken></tptz:PTZConfiguration>" +
        "</tptz:GetConfigurationsResponse>";
    case "GetStatus":
      return `<tptz:GetStatusResponse><tptz:PTZStatus><tt:Position>${
        vectors(head.position, head.ranges)
      }</tt:Position><tt:MoveStatus><tt:PanTilt>${head.isMoving ? "MOVING" : "IDLE"}</tt:PanTilt>` +
        `<tt:Zoom>IDLE</tt:Zoom></tt:MoveStatus><tt:UtcTime>${
          new Date(camera.nowMs()).toISOString()
        }</tt:UtcTime></tptz:PTZStatus></tptz:GetStatusResponse>`;
    case "AbsoluteMove":
      head.moveTo(fromUnits(readVectors(camera, envelope, "Position"), head.ranges));
      break;
    case "RelativeMove":
      head.moveBy(readVectors(camera, envelope, "Translation"));
      break;
    case "ContinuousMove":
      head.moveOn(readVectors(camera, envelope, "Velocity"), readTimeoutMs(envelope));
      break;
    case "Stop":
      head.stop();
      break;
    case "GotoHomePosition":
      head.goHome();
      break;
    case "SetHomePosition":
      if (camera.options.fixedHome) {
        throw invalidArgument("CannotOverwriteHome", "The home position is fixed");
      }
      head.setHome();
      break;
    default:
      return answerPresets(camera, call);
  }
  camera.moves.push(operation);
  return `<tptz:${operation}Response/>`;
}

function answerPresets(camera: Camera, { operation, envelope }: SoapCall): string | undefined {
  const { head } = camera;
  const token = text(envelope, "PresetToken");
  switch (operation) {
    case "GetPresets":
      return `<tptz:GetPresetsResponse>${
        [...head.presets].map(([own, { name, position }]) =>
          `<tptz:Preset token="${own}"><tt:Name>${escape(name)}</tt:Name><tt:PTZPosition>${
            vectors(position, head.ranges)
          }</tt:PTZPosition></tptz:Preset>`
        ).join("")
      }</tptz:GetPresetsResponse>`;
    case "SetPreset": {
      if (token !== undefined && !head.presets.has(token)) throw noSuchPreset(token);
      if (token === undefined && head.presets.size >= camera.maxPresets) {
        throw invalidArgument("TooManyPresets", "Maximum number of Presets reached");
      }
      const own = head.save(text(envelope, "PresetName") ?? "", token);
      return `<tptz:SetPresetResponse><tptz:PresetToken>${own}</tptz:PresetToken></tptz:SetPresetResponse>`;
    }
    case "GotoPreset":
      if (!head.recall(token ?? "")) throw noSuchPreset(token);
      return "<tptz:GotoPresetResponse/>";
    case "RemovePreset":
      if (!head.remove(token ?? "")) throw noSuchPreset(token);
      return "<tptz:RemovePresetResponse/>";
  }
}

function noSuchPreset(token: string | undefined) {
  return invalidArgument("NoToken", `The requested preset token ${token} does not exist`);
}

const GENERIC = "http://www.onvif.org/ver10/tptz";

function spaces({ pan, tilt, zoom }: Ranges): string {
  const range = (tag: string, [min, max]: readonly [number, number]) =>
    `<tt:${tag}><tt:Min>${min}</tt:Min><tt:Max>${max}</tt:Max></tt:${tag}>`;
  const space = (tag: string, uri: string, content: string) =>
    `<tt:${tag}><tt:URI>${GENERIC}/${uri}</tt:URI>${content}</tt:${tag}>`;
  const both = range("XRange", [-1, 1]) + range("YRange", [-1, 1]);
  const speed = range("XRange", [0, 1]);
  const panTilt = space(
    "AbsolutePanTiltPositionSpace",
    "PanTiltSpaces/PositionGenericSpace",
    range("XRange", pan) + range("YRange", tilt),
  );
  const shares = space("RelativePanTiltTranslationSpace", "PanTiltSpaces/TranslationGenericSpace", both);
  const velocities = space("ContinuousPanTiltVelocitySpace", "PanTiltSpaces/VelocityGenericSpace", both);
  const speeds = space("PanTiltSpeedSpace", "PanTiltSpaces/GenericSpeedSpace", speed);
  if (!zoom) return panTilt + shares + velocities + speeds;
  const one = range("XRange", [-1, 1]);
  return panTilt +
    space("AbsoluteZoomPositionSpace", "ZoomSpaces/PositionGenericSpace", range("XRange", zoom)) +
    shares + space("RelativeZoomTranslationSpace", "ZoomSpaces/TranslationGenericSpace", one) +
    velocities + space("ContinuousZoomVelocitySpace", "ZoomSpaces/VelocityGenericSpace", one) +
    speeds + space("ZoomSpeedSpace", "ZoomSpaces/ZoomGenericSpeedSpace", speed);
}

/** What is asked for, in the units of the request. A camera without zoom refuses even a zoom of 0. */
function readVectors(camera: Camera, envelope: string, name: string): Partial<Position> {
  const content = inner(envelope, name) ?? "";
  const value = (tag: string, axis: string) => {
    const found = attribute(content, tag, axis);
    return found === undefined ? undefined : Number(found);
  };
  const [pan, tilt, zoom] = [value("PanTilt", "x"), value("PanTilt", "y"), value("Zoom", "x")];
  if (zoom !== undefined && !camera.head.ranges.zoom) {
    throw invalidArgument("SpaceNotSupported", "A space is referenced in an argument which is not supported");
  }
  return {
    ...(pan === undefined ? {} : { pan }),
    ...(tilt === undefined ? {} : { tilt }),
    ...(zoom === undefined ? {} : { zoom }),
  };
}

function fromUnits(target: Partial<Position>, ranges: Ranges): Partial<Position> {
  const share = (value: number, [min, max]: readonly [number, number]) => {
    if (value < min || value > max) {
      throw invalidArgument("InvalidPosition", "The requested position is out of bounds");
    }
    return (value - min) / (max - min);
  };
  return {
    ...(target.pan === undefined ? {} : { pan: share(target.pan, ranges.pan) * 2 - 1 }),
    ...(target.tilt === undefined ? {} : { tilt: share(target.tilt, ranges.tilt) * 2 - 1 }),
    ...(target.zoom === undefined || !ranges.zoom ? {} : { zoom: share(target.zoom, ranges.zoom) }),
  };
}

function vectors({ pan, tilt, zoom }: Position, ranges: Ranges): string {
  const units = (share: number, [min, max]: readonly [number, number]) =>
    Number((min + share * (max - min)).toFixed(6));
  return `<tt:PanTilt x="${units((pan + 1) / 2, ranges.pan)}" y="${units((tilt + 1) / 2, ranges.tilt)}"/>` +
    (ranges.zoom ? `<tt:Zoom x="${units(zoom, ranges.zoom)}"/>` : "");
}

function readTimeoutMs(envelope: string): number {
  const seconds = /^PT(\d+(?:\.\d+)?)S$/.exec(text(envelope, "Timeout") ?? "PT1S")?.[1];
  if (seconds === undefined) {
    throw invalidArgument("TimeoutNotSupported", "The specified timeout is not supported");
  }
  return Number(seconds) * 1000;
}
