// The camera's units of movement and ours.
import { assertEquals } from "@std/assert";
import {
  axesOf,
  fromVendorPosition,
  fromVendorZoom,
  readSpaces,
  toVendorPosition,
  toVendorShare,
  toVendorZoom,
} from "../../../../src/protocols/onvif/ptz_spaces.ts";
import {
  placeVectors,
  readPosition,
  shareVectors,
  speedVectors,
} from "../../../../src/protocols/onvif/ptz_vectors.ts";
import { parseXml } from "../../../../src/protocols/onvif/xml.ts";

const range = (tag: string, min: number | string, max: number | string) =>
  `<${tag}><Min>${min}</Min><Max>${max}</Max></${tag}>`;
const read = (content: string, timeout?: string) =>
  readSpaces(parseXml(`<Spaces>${content}</Spaces>`), timeout === undefined ? undefined : parseXml(timeout));
const space = (name: string, uri: string, ranges: string) => `<${name}><URI>${uri}</URI>${ranges}</${name}>`;
const GENERIC = "http://www.onvif.org/ver10/tptz/PanTiltSpaces/PositionGenericSpace";

Deno.test("positions go to the camera's units and back", () => {
  const pan = { min: 0, max: 360 };
  for (const [ours, theirs] of [[-1, 0], [0, 180], [1, 360], [0.5, 270]] as const) {
    assertEquals([toVendorPosition(ours, pan), fromVendorPosition(theirs, pan)], [theirs, ours]);
  }
  const zoom = { min: 1, max: 5 };
  for (const [ours, theirs] of [[0, 1], [0.5, 3], [1, 5]] as const) {
    assertEquals([toVendorZoom(ours, zoom), fromVendorZoom(theirs, zoom)], [theirs, ours]);
  }
  assertEquals([toVendorPosition(7, pan), toVendorPosition(-7, pan)], [360, 0]);
  assertEquals([fromVendorPosition(999, pan), fromVendorZoom(0, zoom)], [1, 0]);
});

Deno.test("toVendorShare keeps zero and the sign, also where the range is lopsided", () => {
  const range = { min: -0.5, max: 1 };
  assertEquals([-1, -0.25, 0, 0.25, 1].map((share) => toVendorShare(share, range)), [
    -0.5,
    -0.25,
    0,
    0.25,
    1,
  ]);
});

Deno.test("readSpaces prefers the generic space, and names another one in requests", () => {
  const other = "urn:vendor:degrees";
  const degrees = space(
    "AbsolutePanTiltPositionSpace",
    other,
    range("XRange", -180, 180) + range("YRange", -45, 45),
  );
  const generic = space(
    "AbsolutePanTiltPositionSpace",
    GENERIC,
    range("XRange", -1, 1) + range("YRange", -1, 1),
  );
  const both = read(degrees + generic);
  assertEquals(
    placeVectors({ pan: 0.5, tilt: 0 }, both.absolute),
    '<PanTilt x="0.5" y="0" xmlns="http://www.onvif.org/ver10/schema"/>',
  );
  const alone = read(degrees);
  assertEquals(
    placeVectors({ pan: 0.5, tilt: 1 }, alone.absolute),
    '<PanTilt x="90" y="45" space="urn:vendor:degrees" xmlns="http://www.onvif.org/ver10/schema"/>',
  );
});

Deno.test("readSpaces: a range without width or without numbers is no axis", () => {
  const flat = read(
    space("AbsolutePanTiltPositionSpace", GENERIC, range("XRange", 0, 0) + range("YRange", -1, 1)),
  );
  assertEquals(axesOf(flat.absolute), []);
  const zoom = read(space("AbsoluteZoomPositionSpace", GENERIC, range("XRange", "x", 1)));
  assertEquals(axesOf(zoom.absolute), []);
  assertEquals(axesOf(zoom.continuous), ["pan", "tilt"], "nothing known: velocities are assumed");
});

Deno.test("readSpaces reads speeds and the limits of time", () => {
  const spaces = read(
    space("PanTiltSpeedSpace", GENERIC, range("XRange", 0, 10)) +
      space("ZoomSpeedSpace", GENERIC, range("XRange", 0, 2)),
    `<PTZTimeout>${range("x", 0, 0)}<Min>PT0.5S</Min><Max>PT1M</Max></PTZTimeout>`,
  );
  assertEquals([spaces.panTiltSpeed, spaces.timeoutMs], [{ min: 0, max: 10 }, { min: 500, max: 60_000 }]);
  assertEquals(
    speedVectors(0.5, spaces),
    '<Speed><PanTilt x="5" y="5" xmlns="http://www.onvif.org/ver10/schema"/>' +
      '<Zoom x="1" xmlns="http://www.onvif.org/ver10/schema"/></Speed>',
  );
  assertEquals([speedVectors(undefined, spaces), speedVectors(1, read(""))], ["", ""]);
});

Deno.test("shareVectors writes only the axes that are asked for and exist", () => {
  const spaces = read("");
  assertEquals(
    shareVectors({ tilt: -0.5 }, spaces.continuous),
    '<PanTilt x="0" y="-0.5" xmlns="http://www.onvif.org/ver10/schema"/>',
  );
  assertEquals(shareVectors({ zoom: 1 }, spaces.continuous), "");
});

Deno.test("readPosition: what the camera does not tell is absent", () => {
  const spaces = read("");
  const read1 = (xml: string) => readPosition(parseXml(xml), spaces);
  assertEquals(read1('<Position><PanTilt x="-0.5" y="0.5"/></Position>'), { pan: -0.5, tilt: 0.5 });
  assertEquals(read1('<Position><PanTilt x="" y="nan"/><Zoom x="0.25"/></Position>'), { zoom: 0.25 });
  assertEquals([read1("<Position/>"), readPosition(undefined, spaces)], [{}, {}]);
});
