// The USB descriptors by which the kernel's uvcvideo driver recognises the emulated webcam (UVC 1.1, bulk).
import { u16, u32 } from "./bytes.ts";
import {
  CAMERA_TERMINAL,
  FORMATS,
  FRAME_RATES,
  type FrameSize,
  type Identity,
  interval,
  OUTPUT_TERMINAL,
  PROCESSING_UNIT,
  PRODUCT_ID,
  VENDOR_ID,
} from "./model.ts";

const DEVICE = 1, CONFIGURATION = 2, STRING = 3, INTERFACE = 4, ENDPOINT = 5, QUALIFIER = 6, ASSOCIATION = 11;
const CLASS_SPECIFIC = 0x24;
const VIDEO = 14, VIDEO_CONTROL = 1, VIDEO_STREAMING = 2;
const CLOCK_HZ = 48_000_000;
export const STREAM_ENDPOINT = 0x81;

/** A descriptor starts with its own length. */
function sized(...body: number[]): number[] {
  return [body.length + 1, ...body];
}

function string(text: string): number[] {
  return sized(STRING, ...Array.from(text, (letter) => u16(letter.charCodeAt(0))).flat());
}

const device = sized(
  DEVICE,
  ...u16(0x200),
  ...[0xef, 2, 1, 64],
  ...u16(VENDOR_ID),
  ...u16(PRODUCT_ID),
  ...u16(0x100),
  ...[1, 2, 3, 1],
);
const qualifier = sized(QUALIFIER, ...u16(0x200), ...[0xef, 2, 1, 64, 1, 0]);

function controlInterface(): number[] {
  // Bits of bmControls: 9 zoom absolute, 11 pan and tilt absolute; of the processing unit 0 brightness, 1 contrast.
  const cameraControls = [0x00, 0x0a, 0x00];
  const camera = sized(
    ...[CLASS_SPECIFIC, 2, CAMERA_TERMINAL],
    ...u16(0x201),
    ...[0, 0],
    ...[...u16(1), ...u16(5), ...u16(1)],
    ...[3, ...cameraControls],
  );
  const processing = sized(
    ...[CLASS_SPECIFIC, 5, PROCESSING_UNIT, CAMERA_TERMINAL],
    ...u16(0),
    ...[2, ...u16(3), 0, 0],
  );
  const output = sized(CLASS_SPECIFIC, 3, OUTPUT_TERMINAL, ...u16(0x101), 0, PROCESSING_UNIT, 0);
  const units = [...camera, ...processing, ...output];
  const header = sized(
    ...[CLASS_SPECIFIC, 1],
    ...u16(0x110),
    ...u16(13 + units.length),
    ...u32(CLOCK_HZ),
    ...[1, 1],
  );
  return [...sized(INTERFACE, 0, 0, 0, VIDEO, VIDEO_CONTROL, 0, 2), ...header, ...units];
}

function frame(subtype: number, index: number, { width, height }: FrameSize): number[] {
  const bits = width * height * 16;
  return sized(
    ...[CLASS_SPECIFIC, subtype, index, 0],
    ...[...u16(width), ...u16(height)],
    ...[...u32(bits * FRAME_RATES[2]), ...u32(bits * FRAME_RATES[0]), ...u32(width * height * 2)],
    ...[...u32(interval(FRAME_RATES[0])), FRAME_RATES.length],
    ...FRAME_RATES.flatMap((fps) => u32(interval(fps))),
  );
}

function streamingInterface(): number[] {
  const color = sized(CLASS_SPECIFIC, 0x0d, 1, 1, 4);
  const guid = [...new TextEncoder().encode("YUY2"), 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
  const formats = FORMATS.flatMap(({ kind, sizes }, at) => {
    const head = kind === "mjpeg"
      ? sized(CLASS_SPECIFIC, 6, at + 1, sizes.length, 1, 1, 0, 0, 0, 0)
      : sized(CLASS_SPECIFIC, 4, at + 1, sizes.length, ...guid, 16, 1, 0, 0, 0, 0);
    const frames = sizes.flatMap((size, index) => frame(kind === "mjpeg" ? 7 : 5, index + 1, size));
    return [...head, ...frames, ...color];
  });
  const headerLength = 13 + FORMATS.length;
  const header = [
    ...[headerLength, CLASS_SPECIFIC, 1, FORMATS.length],
    ...u16(headerLength + formats.length),
    ...[STREAM_ENDPOINT, 0, OUTPUT_TERMINAL, 0, 0, 0, 1],
    ...FORMATS.map(() => 0),
  ];
  return [
    ...sized(INTERFACE, 1, 0, 1, VIDEO, VIDEO_STREAMING, 0, 0),
    ...header,
    ...formats,
    ...sized(ENDPOINT, STREAM_ENDPOINT, 2, ...u16(512), 0),
  ];
}

function configuration(): number[] {
  const association = sized(ASSOCIATION, 0, 2, VIDEO, 3, 0, 2);
  const body = [...association, ...controlInterface(), ...streamingInterface()];
  return [9, CONFIGURATION, ...u16(9 + body.length), 2, 1, 0, 0x80, 250, ...body];
}

/** Answers GET_DESCRIPTOR; null is a descriptor the webcam does not have. */
export function descriptor(identity: Identity, type: number, index: number): Uint8Array | null {
  switch (type) {
    case DEVICE:
      return Uint8Array.from(device);
    case CONFIGURATION:
      return Uint8Array.from(configuration());
    case QUALIFIER:
      return Uint8Array.from(qualifier);
    case STRING: {
      if (index === 0) return Uint8Array.from(sized(STRING, ...u16(0x0409)));
      const text = [identity.vendor, identity.product, identity.serial][index - 1];
      return text ? Uint8Array.from(string(text)) : null;
    }
    default:
      return null;
  }
}
