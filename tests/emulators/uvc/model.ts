// What the emulated webcam is: its names, picture modes and adjustable controls, in one place for all other files.

export interface Identity {
  vendor: string;
  product: string;
  serial: string;
}

export interface FrameSize {
  width: number;
  height: number;
}

/** The order is the UVC format index, from 1. */
export const FORMATS: readonly { kind: "mjpeg" | "yuyv"; sizes: readonly FrameSize[] }[] = [
  { kind: "mjpeg", sizes: [{ width: 640, height: 360 }, { width: 1280, height: 720 }] },
  { kind: "yuyv", sizes: [{ width: 320, height: 180 }] },
];
export type FormatKind = (typeof FORMATS)[number]["kind"];

export const FRAME_RATES = [30, 15, 5] as const;

/** A USB frame interval counts units of 100 ns. */
export function interval(fps: number): number {
  return Math.floor(10_000_000 / fps);
}

export const VENDOR_ID = 0x1d6b;
export const PRODUCT_ID = 0x0102;

/** Bytes in one payload. One URB of the kernel's driver takes 32 packets of 512 bytes, so each carries one payload. */
export const MAX_PAYLOAD = 16384;

export const CAMERA_TERMINAL = 1;
export const PROCESSING_UNIT = 2;
export const OUTPUT_TERMINAL = 3;

export interface ControlField {
  name: string;
  bytes: 2 | 4;
  min: number;
  max: number;
  step: number;
  initial: number;
  value: number;
}

/** One UVC control is one selector of one entity; pan and tilt share theirs. */
export interface Control {
  entity: number;
  selector: number;
  fields: ControlField[];
}

function field(
  name: string,
  bytes: 2 | 4,
  min: number,
  max: number,
  step: number,
  initial: number,
): ControlField {
  return { name, bytes, min, max, step, initial, value: initial };
}

/** Pan and tilt count seconds of arc, as UVC and V4L2 do. */
export function newControls(): Control[] {
  return [
    { entity: PROCESSING_UNIT, selector: 0x02, fields: [field("brightness", 2, 0, 100, 1, 50)] },
    { entity: PROCESSING_UNIT, selector: 0x03, fields: [field("contrast", 2, 0, 100, 1, 40)] },
    { entity: CAMERA_TERMINAL, selector: 0x0b, fields: [field("zoom", 2, 100, 500, 1, 100)] },
    {
      entity: CAMERA_TERMINAL,
      selector: 0x0d,
      fields: [field("pan", 4, -522_000, 522_000, 3600, 0), field("tilt", 4, -324_000, 324_000, 3600, 0)],
    },
  ];
}
