// Writes JPEGs with their times as a Matroska stream (RFC 9559), which ffmpeg reads from a pipe: a bare sequence of
// JPEGs carries no times, and the time at which ffmpeg reads one is that of a clock that may be set meanwhile.

type Bytes = Uint8Array<ArrayBuffer>;

const UNKNOWN_SIZE = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

/** The beginning of the stream. Times are in milliseconds. */
export function matroskaHead({ width, height }: { width: number; height: number }): Bytes {
  const header = element([0x1a, 0x45, 0xdf, 0xa3], [
    element([0x42, 0x86], [number(1)]),
    element([0x42, 0xf7], [number(1)]),
    element([0x42, 0xf2], [number(4)]),
    element([0x42, 0xf3], [number(8)]),
    element([0x42, 0x82], [text("matroska")]),
    element([0x42, 0x87], [number(4)]),
    element([0x42, 0x85], [number(2)]),
  ]);
  const info = element([0x15, 0x49, 0xa9, 0x66], [
    element([0x2a, 0xd7, 0xb1], [number(1_000_000)]),
    element([0x4d, 0x80], [text("hub")]),
    element([0x57, 0x41], [text("hub")]),
  ]);
  const video = element([0xe0], [element([0xb0], [number(width)]), element([0xba], [number(height)])]);
  const track = element([0xae], [
    element([0xd7], [number(1)]),
    element([0x73, 0xc5], [number(1)]),
    element([0x83], [number(1)]),
    element([0x9c], [number(0)]),
    element([0x86], [text("V_MJPEG")]),
    video,
  ]);
  const tracks = element([0x16, 0x54, 0xae, 0x6b], [track]);
  return joined([header, Uint8Array.of(0x18, 0x53, 0x80, 0x67, ...UNKNOWN_SIZE), info, tracks]);
}

/** One picture, in a cluster of its own. @param atMs since the beginning, a whole number. */
export function matroskaFrame(jpeg: Bytes, atMs: number): Bytes {
  const time = element([0xe7], [number(atMs)]);
  // Track 1, no offset from the cluster's time, a key frame.
  const block = element([0xa3], [Uint8Array.of(0x81, 0, 0, 0x80), jpeg]);
  return element([0x1f, 0x43, 0xb6, 0x75], [time, block]);
}

function element(id: readonly number[], parts: readonly Bytes[]): Bytes {
  const size = parts.reduce((sum, { length }) => sum + length, 0);
  return joined([Uint8Array.of(...id), sizeOf(size), ...parts]);
}

/** RFC 8794 §4: a size in eight bytes, which may be longer than it had to be. */
function sizeOf(size: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size));
  bytes[0] = 0x01;
  return bytes;
}

function number(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

function text(value: string): Bytes {
  return new TextEncoder().encode(value);
}

function joined(parts: readonly Bytes[]): Bytes {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
