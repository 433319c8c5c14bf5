// Reads what `v4l2-ctl` (v4l-utils 1.22 and later, LC_ALL=C) prints of a device.

/** Identity of a node, from VIDIOC_QUERYCAP. */
export interface V4l2Info {
  driver: string;
  card: string;
  busInfo: string;
  /** Capabilities of this very node (`device_caps`), a bit mask of V4L2_CAP_*. */
  deviceCaps: number;
}

/** One size and its rates, from VIDIOC_ENUM_FRAMESIZES and _FRAMEINTERVALS. */
export interface V4l2Mode {
  /** FourCC, for example `MJPG` or `YUYV`. */
  format: string;
  width: number;
  height: number;
  /** Frames per second, highest first; empty when the device does not tell. */
  fps: number[];
}

/** A control of the device, from VIDIOC_QUERY_EXT_CTRL. */
export interface V4l2Control {
  name: string;
  kind: "int" | "bool" | "menu" | "button";
  min?: number;
  max?: number;
  step?: number;
  default?: number;
  value?: number;
  inactive: boolean;
  readOnly: boolean;
  menu: { value: number; title: string }[];
}

const CAP_VIDEO_CAPTURE = 0x1;
const CAP_VIDEO_CAPTURE_MPLANE = 0x1000;
const CAP_VIDEO_M2M = 0x8000;
const CAP_VIDEO_M2M_MPLANE = 0x4000;
const CAP_META_CAPTURE = 0x00800000;

/** True for a node that gives pictures; false for metadata, output and memory-to-memory (codec) nodes. */
export function isCaptureNode(info: V4l2Info): boolean {
  const has = (bit: number) => (info.deviceCaps & bit) !== 0;
  const captures = has(CAP_VIDEO_CAPTURE) || has(CAP_VIDEO_CAPTURE_MPLANE);
  return captures && !has(CAP_META_CAPTURE) && !has(CAP_VIDEO_M2M) && !has(CAP_VIDEO_M2M_MPLANE);
}

/** Reads the output of `v4l2-ctl --info`; undefined when it holds no device. */
export function parseInfo(text: string): V4l2Info | undefined {
  const field = (name: string) => new RegExp(`^\\s*${name}\\s*: (.*)$`, "m").exec(text)?.[1]?.trim();
  const caps = field("Device Caps") ?? field("Capabilities");
  const driver = field("Driver name");
  if (!caps || !driver) return undefined;
  return {
    driver,
    card: field("Card type") ?? driver,
    busInfo: field("Bus info") ?? "",
    deviceCaps: Number.parseInt(caps, 16),
  };
}

/** Reads the output of `v4l2-ctl --list-formats-ext`. Stepwise sizes are given by their largest. */
export function parseModes(text: string): V4l2Mode[] {
  const modes: V4l2Mode[] = [];
  let format = "";
  let mode: V4l2Mode | undefined;
  for (const line of text.split("\n")) {
    const fourcc = /^\s*\[\d+\]: '(.{1,8})'/.exec(line)?.[1];
    if (fourcc) format = fourcc.trim();
    const size = /Size: (?:Discrete (\d+)x(\d+)|(?:Stepwise|Continuous) \d+x\d+ - (\d+)x(\d+))/.exec(line);
    if (size && format) {
      mode = { format, width: Number(size[1] ?? size[3]), height: Number(size[2] ?? size[4]), fps: [] };
      modes.push(mode);
    }
    if (/Interval:/.test(line) && mode) mode.fps.push(...parseRates(line));
  }
  for (const each of modes) each.fps = [...new Set(each.fps)].sort((a, b) => b - a);
  return modes;
}

/** `(30.000 fps)`, or `(1.000-30.000 fps)` for a range, of which the upper end counts. */
function parseRates(line: string): number[] {
  const rate = /\((?:[\d.]+-)?([\d.]+) fps\)/.exec(line)?.[1];
  return rate === undefined ? [] : [Number(rate)];
}

/** Reads the output of `v4l2-ctl --list-ctrls-menus`. */
export function parseControls(text: string): V4l2Control[] {
  const controls: V4l2Control[] = [];
  for (const line of text.split("\n")) {
    const head = /^\s*([a-z0-9_]+) 0x[0-9a-f]+ \((\w+)\)\s*: ?(.*)$/.exec(line);
    if (head) {
      const control = parseControl(head[1] ?? "", head[2] ?? "", head[3] ?? "");
      if (control) controls.push(control);
      continue;
    }
    const item = /^\s+(\d+): (.+)$/.exec(line);
    if (item) controls.at(-1)?.menu.push({ value: Number(item[1]), title: (item[2] ?? "").trim() });
  }
  return controls;
}

function parseControl(name: string, type: string, rest: string): V4l2Control | undefined {
  const kinds: Record<string, V4l2Control["kind"]> = {
    int: "int",
    int64: "int",
    bool: "bool",
    menu: "menu",
    intmenu: "menu",
    button: "button",
  };
  const kind = kinds[type];
  if (!kind) return undefined;
  const flags = /flags=(.*)$/.exec(rest)?.[1] ?? "";
  const control: V4l2Control = {
    name,
    kind,
    inactive: /inactive|grabbed|disabled/.test(flags),
    readOnly: /read-only/.test(flags),
    menu: [],
  };
  for (const [, key, value] of rest.matchAll(/\b(min|max|step|default|value)=(-?\d+)/g)) {
    control[key as "min" | "max" | "step" | "default" | "value"] = Number(value);
  }
  return control;
}
