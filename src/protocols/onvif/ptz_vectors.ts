// Positions, distances and speeds as they stand in the XML of PTZ requests and answers.
import {
  fromVendorPosition,
  fromVendorZoom,
  type Movement,
  type OnvifPosition,
  type PtzSpaces,
  type Range,
  type Space,
  toVendorPosition,
  toVendorShare,
  toVendorZoom,
} from "./ptz_spaces.ts";
import { known, toNumber } from "./values.ts";
import { escapeXml, find, type XmlElement } from "./xml.ts";

const GENERIC: Range = { min: -1, max: 1 };
const GENERIC_ZOOM: Range = { min: 0, max: 1 };

/** Reads a position in the camera's units; a camera that names no range is taken to use the generic one. */
export function readPosition(element: XmlElement | undefined, spaces: PtzSpaces): OnvifPosition {
  const { panTilt, zoom } = spaces.absolute;
  const value = (name: string, axis: string) => toNumber(find(element, name)?.attributes.get(axis));
  const [x, y, z] = [value("PanTilt", "x"), value("PanTilt", "y"), value("Zoom", "x")];
  return known({
    pan: x === undefined ? undefined : fromVendorPosition(x, panTilt?.ranges.pan ?? GENERIC),
    tilt: y === undefined ? undefined : fromVendorPosition(y, panTilt?.ranges.tilt ?? GENERIC),
    zoom: z === undefined ? undefined : fromVendorZoom(z, zoom?.ranges.zoom ?? GENERIC_ZOOM),
  });
}

/** A place. Pan and tilt go together: without one of them neither is written. */
export function placeVectors({ pan, tilt, zoom }: OnvifPosition, spaces: Movement): string {
  const { panTilt } = spaces;
  return vector(
    "PanTilt",
    panTilt,
    pan !== undefined && tilt !== undefined && panTilt && {
      x: toVendorPosition(pan, panTilt.ranges.pan),
      y: toVendorPosition(tilt, panTilt.ranges.tilt),
    },
  ) + vector(
    "Zoom",
    spaces.zoom,
    zoom !== undefined && spaces.zoom && {
      x: toVendorZoom(zoom, spaces.zoom.ranges.zoom),
    },
  );
}

/** A distance or a velocity. Of pan and tilt the one that is not given is 0. */
export function shareVectors({ pan, tilt, zoom }: OnvifPosition, spaces: Movement): string {
  const { panTilt } = spaces;
  return vector(
    "PanTilt",
    panTilt,
    (pan !== undefined || tilt !== undefined) && panTilt && {
      x: toVendorShare(pan ?? 0, panTilt.ranges.pan),
      y: toVendorShare(tilt ?? 0, panTilt.ranges.tilt),
    },
  ) + vector(
    "Zoom",
    spaces.zoom,
    zoom !== undefined && spaces.zoom && {
      x: toVendorShare(zoom, spaces.zoom.ranges.zoom),
    },
  );
}

/** The speed of a move, 0…1 of the greatest; nothing for a camera that takes no speed. */
export function speedVectors(speed: number | undefined, spaces: PtzSpaces): string {
  const { panTiltSpeed, zoomSpeed } = spaces;
  if (speed === undefined || !panTiltSpeed) return "";
  const pan = toVendorZoom(speed, panTiltSpeed);
  return `<Speed>${vector("PanTilt", {}, { x: pan, y: pan })}${
    vector("Zoom", {}, zoomSpeed && { x: toVendorZoom(speed, zoomSpeed) })
  }</Speed>`;
}

function vector(
  name: "PanTilt" | "Zoom",
  space: Pick<Space<string>, "uri"> | undefined,
  values: { x: number; y?: number } | false | undefined,
): string {
  if (!values) return "";
  const y = values.y === undefined ? "" : ` y="${values.y}"`;
  const uri = space?.uri === undefined ? "" : ` space="${escapeXml(space.uri)}"`;
  return `<${name} x="${values.x}"${y}${uri} xmlns="http://www.onvif.org/ver10/schema"/>`;
}
