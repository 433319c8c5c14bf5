// The camera's units of movement and ours: pan and tilt −1…1 (+ right, + up), zoom 0 (wide) … 1 (tele).
import { durationMs, known } from "./values.ts";
import { childrenOf, numberAt, textAt, type XmlElement } from "./xml.ts";

export type OnvifAxis = "pan" | "tilt" | "zoom";

/** Pan and tilt −1…1 (+ right, + up), zoom 0…1. What is not known is absent. */
export type OnvifPosition = Partial<Record<OnvifAxis, number>>;

/** A range of the camera's values. */
export interface Range {
  min: number;
  max: number;
}

/** How pan and tilt, or zoom, may be given (ONVIF PTZ, spaces). */
export interface Space<Axis extends string> {
  /** Named in requests when it is not the generic one, which cameras take by default. */
  uri?: string;
  ranges: Record<Axis, Range>;
}

/** One kind of movement. */
export interface Movement {
  panTilt?: Space<"pan" | "tilt">;
  zoom?: Space<"zoom">;
}

/** What the camera says about its movements. A kind that is absent is not offered. */
export interface PtzSpaces {
  absolute: Movement;
  relative: Movement;
  continuous: Movement;
  panTiltSpeed?: Range;
  zoomSpeed?: Range;
  /** How long a continuous move may be asked to last. */
  timeoutMs?: Range;
}

/** What a camera is taken to understand that has PTZ but says nothing of how it moves: velocities, −1…1. */
const ASSUMED: Movement = { panTilt: { ranges: { pan: { min: -1, max: 1 }, tilt: { min: -1, max: 1 } } } };

/**
 * Reads the spaces of a configuration's options or of a node; `Spaces` and `SupportedPTZSpaces` are alike.
 */
export function readSpaces(spaces: XmlElement | undefined, timeout: XmlElement | undefined): PtzSpaces {
  const minMs = durationMs(textAt(timeout, "Min"));
  const maxMs = durationMs(textAt(timeout, "Max"));
  const speedOf = (name: string) => toRange(childrenOf(childrenOf(spaces, name)[0], "XRange")[0]);
  const absolute = movement(spaces, "AbsolutePanTiltPositionSpace", "AbsoluteZoomPositionSpace");
  const relative = movement(spaces, "RelativePanTiltTranslationSpace", "RelativeZoomTranslationSpace");
  const continuous = movement(spaces, "ContinuousPanTiltVelocitySpace", "ContinuousZoomVelocitySpace");
  const isSilent = axesOf(absolute).length + axesOf(relative).length + axesOf(continuous).length === 0;
  return known({
    absolute,
    relative,
    continuous: isSilent ? ASSUMED : continuous,
    panTiltSpeed: speedOf("PanTiltSpeedSpace"),
    zoomSpeed: speedOf("ZoomSpeedSpace"),
    timeoutMs: minMs !== undefined && maxMs !== undefined && maxMs > 0
      ? { min: minMs, max: maxMs }
      : undefined,
  });
}

function movement(spaces: XmlElement | undefined, panTiltName: string, zoomName: string): Movement {
  const panTilt = choose(childrenOf(spaces, panTiltName));
  const zoom = choose(childrenOf(spaces, zoomName));
  const [pan, tilt] = [toRange(panTilt?.x), toRange(panTilt?.y)];
  const zoomRange = toRange(zoom?.x);
  return known({
    panTilt: pan && tilt && known({ uri: panTilt?.uri, ranges: { pan, tilt } }),
    zoom: zoomRange && known({ uri: zoom?.uri, ranges: { zoom: zoomRange } }),
  });
}

/** The axes that move so. */
export function axesOf({ panTilt, zoom }: Movement): OnvifAxis[] {
  return [...(panTilt ? ["pan", "tilt"] as const : []), ...(zoom ? ["zoom"] as const : [])];
}

/** The generic space where there is one, else the first. */
function choose(spaces: XmlElement[]) {
  const isGeneric = (space: XmlElement) => /GenericSpace$/.test(textAt(space, "URI") ?? "GenericSpace");
  const generic = spaces.find(isGeneric);
  const chosen = generic ?? spaces[0];
  return chosen && {
    uri: generic ? undefined : textAt(chosen, "URI"),
    x: childrenOf(chosen, "XRange")[0],
    y: childrenOf(chosen, "YRange")[0],
  };
}

/** A range from one value to the same is no freedom to move. */
function toRange(range: XmlElement | undefined): Range | undefined {
  const [min, max] = [numberAt(range, "Min"), numberAt(range, "Max")];
  return min !== undefined && max !== undefined && max > min ? { min, max } : undefined;
}

function clamp(value: number, { min, max }: Range): number {
  return Math.min(max, Math.max(min, value));
}

const ROUND = 1e6;

function rounded(value: number): number {
  return Math.round(value * ROUND) / ROUND;
}

/** A place on an axis, −1…1, in the camera's units. */
export function toVendorPosition(value: number, range: Range): number {
  return rounded(clamp(range.min + (value + 1) / 2 * (range.max - range.min), range));
}

/** A place on the zoom's axis, 0…1, in the camera's units. */
export function toVendorZoom(value: number, range: Range): number {
  return rounded(clamp(range.min + value * (range.max - range.min), range));
}

/** A camera's place as −1…1. */
export function fromVendorPosition(value: number, range: Range): number {
  return rounded(clamp((value - range.min) / (range.max - range.min) * 2 - 1, { min: -1, max: 1 }));
}

/** A camera's place on the zoom's axis as 0…1. */
export function fromVendorZoom(value: number, range: Range): number {
  return rounded(clamp((value - range.min) / (range.max - range.min), { min: 0, max: 1 }));
}

/** A signed share, −1…1: a velocity or a distance. Zero stays zero where the range is lopsided. */
export function toVendorShare(value: number, range: Range): number {
  return rounded(clamp(value * Math.max(Math.abs(range.min), Math.abs(range.max)), range));
}
