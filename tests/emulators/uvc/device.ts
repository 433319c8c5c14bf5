// The emulated webcam behind the cable: answers control requests and hands out picture payloads.
import { concat, u16, u32, viewOf } from "./bytes.ts";
import { answerControl } from "./controls.ts";
import { descriptor } from "./descriptors.ts";
import type { FrameSettings } from "./frames.ts";
import { type Control, FORMATS, FRAME_RATES, type Identity, interval, MAX_PAYLOAD } from "./model.ts";

const GET_CUR = 0x81, GET_MIN = 0x82, GET_MAX = 0x83, GET_LEN = 0x85, GET_INFO = 0x86, GET_DEF = 0x87;
const SET_CUR = 0x01;
const PROBE = 1, COMMIT = 2;
const PROBE_LENGTH = 34;

export interface Setup {
  type: number;
  request: number;
  value: number;
  index: number;
  length: number;
}

export interface StreamMode {
  format: number;
  frame: number;
  interval: number;
}

/** What outlives a pulled cable: the settings of the webcam and of the test. */
export interface Webcam {
  identity: Identity;
  controls: Control[];
  frames: FrameSettings;
  log(line: string): void;
}

export class Device {
  #probe: StreamMode = { format: 1, frame: 1, interval: interval(FRAME_RATES[0]) };
  #commit: StreamMode = this.#probe;
  streaming = false;

  constructor(readonly webcam: Webcam, readonly onStreaming: () => void) {}

  get mode(): StreamMode {
    return this.#commit;
  }

  /** The answer to a control request, empty when it only takes data; null refuses it (a stall). */
  control(setup: Setup, data: Uint8Array): Uint8Array | null {
    if (setup.type === 0x80 && setup.request === 6) {
      const found = descriptor(this.webcam.identity, setup.value >> 8, setup.value & 255);
      return found?.subarray(0, setup.length) ?? null;
    }
    if ((setup.type & 0x60) === 0) return this.#standard(setup);
    const selector = setup.value >> 8;
    const entity = setup.index >> 8;
    if ((setup.index & 255) === 1) return this.#streamControl(setup, selector, data);
    return answerControl(this.webcam, setup, entity, selector, data);
  }

  #standard({ type, request, length }: Setup): Uint8Array | null {
    // uvcvideo clears the halt of a bulk endpoint to say that it stops streaming.
    if (type === 0x02 && request === 1) {
      if (this.streaming) this.webcam.log("stream off");
      this.streaming = false;
      this.onStreaming();
    }
    if ((type & 0x80) === 0) return new Uint8Array();
    if (request === 0) return new Uint8Array(2).subarray(0, length);
    if (request === 8) return Uint8Array.of(1);
    if (request === 10) return Uint8Array.of(0);
    return null;
  }

  #streamControl({ type, request, length }: Setup, selector: number, data: Uint8Array): Uint8Array | null {
    if (selector !== PROBE && selector !== COMMIT) return null;
    if (type === 0x21 && request === SET_CUR) {
      const asked = viewOf(data);
      const mode = nearestMode(asked.getUint8(2), asked.getUint8(3), asked.getUint32(4, true));
      if (selector === PROBE) this.#probe = mode;
      else this.#start(mode);
      return new Uint8Array();
    }
    switch (request) {
      case GET_INFO:
        return Uint8Array.of(3);
      case GET_LEN:
        return Uint8Array.from(u16(PROBE_LENGTH));
      case GET_DEF:
        return probeBlock(nearestMode(1, 1, 0)).subarray(0, length);
      case GET_CUR:
      case GET_MIN:
      case GET_MAX:
        return probeBlock(selector === PROBE ? this.#probe : this.#commit).subarray(0, length);
      default:
        return null;
    }
  }

  #start(mode: StreamMode): void {
    this.#commit = mode;
    this.streaming = true;
    const { kind, sizes } = FORMATS[mode.format - 1]!;
    const { width, height } = sizes[mode.frame - 1]!;
    this.webcam.log(`stream ${kind} ${width}x${height} at ${Math.round(10_000_000 / mode.interval)} fps`);
    this.onStreaming();
  }
}

function nearestMode(format: number, frame: number, wanted: number): StreamMode {
  const index = Math.min(Math.max(format, 1), FORMATS.length);
  const sizes = FORMATS[index - 1]!.sizes;
  const intervals = FRAME_RATES.map(interval);
  const nearest = intervals.reduce((a, b) => Math.abs(b - wanted) < Math.abs(a - wanted) ? b : a);
  return {
    format: index,
    frame: Math.min(Math.max(frame, 1), sizes.length),
    interval: wanted === 0 ? intervals[0]! : nearest,
  };
}

function probeBlock({ format, frame, interval }: StreamMode): Uint8Array {
  const { width, height } = FORMATS[format - 1]!.sizes[frame - 1]!;
  return Uint8Array.from([
    ...[...u16(1), format, frame, ...u32(interval)],
    ...new Array<number>(10).fill(0),
    ...[...u32(width * height * 2), ...u32(MAX_PAYLOAD), ...u32(48_000_000)],
    ...[3, 1, 1, 1],
  ]);
}

/** One picture as the payloads of a bulk endpoint: two header bytes, of which bit 0 toggles with each picture. */
export function* payloads(picture: Uint8Array, toggle: 0 | 1, room: () => number): Generator<Uint8Array> {
  let at = 0;
  while (at < picture.length) {
    const part = picture.subarray(at, at + Math.min(room(), MAX_PAYLOAD) - 2);
    at += part.length;
    const last = at >= picture.length ? 2 : 0;
    yield concat(Uint8Array.of(2, 0x80 | toggle | last), part);
  }
}
