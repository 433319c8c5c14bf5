// The pictures of the emulated webcam: real ones from ffmpeg's test source, and the ways a webcam spoils them.
import { concat } from "./bytes.ts";
import type { FormatKind, FrameSize } from "./model.ts";

export type Damage = "none" | "half" | "garbage" | "missing";

export interface FrameSettings {
  /** Many webcams leave the Huffman tables out of each picture, for the standard ones are meant. */
  huffman: boolean;
  /** Zero bytes after each MJPEG picture, as firmware with fixed block sizes sends them. */
  padding: number;
  damage: Damage;
  /** Frames the damage lasts; Infinity until it is changed. */
  damagedFrames: number;
}

const store = new Map<string, Promise<Uint8Array[]>>();

export function framesOf(kind: FormatKind, size: FrameSize): Promise<Uint8Array[]> {
  const key = `${kind} ${size.width}x${size.height}`;
  let frames = store.get(key);
  if (!frames) {
    frames = kind === "mjpeg" ? mjpegFrames(size) : yuyvFrames(size);
    store.set(key, frames);
  }
  return frames;
}

async function testPicture(size: FrameSize, count: number, ...encoder: string[]): Promise<Uint8Array> {
  const source = `testsrc2=size=${size.width}x${size.height}:rate=30`;
  const { success, stdout, stderr } = await new Deno.Command("ffmpeg", {
    args: ["-v", "error", "-nostdin", "-f", "lavfi", "-i", source, "-frames:v", `${count}`, ...encoder, "-"],
    stdin: "null",
  }).output();
  if (!success) throw new Error(`ffmpeg could not make the pictures: ${new TextDecoder().decode(stderr)}`);
  return stdout;
}

async function mjpegFrames(size: FrameSize): Promise<Uint8Array[]> {
  // Without "-huffman default" the tables are made to measure and could not be left out.
  const encoder = [
    "-c:v",
    "mjpeg",
    "-q:v",
    "5",
    "-huffman",
    "default",
    "-pix_fmt",
    "yuvj422p",
    "-f",
    "mjpeg",
  ];
  const bytes = await testPicture(size, 60, ...encoder);
  const starts: number[] = [];
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    // In the coded picture 0xff is always followed by 0 or a restart marker, so this finds pictures only.
    if (bytes[at + 1] === 0xd8 && bytes[at + 2] === 0xff) starts.push(at);
  }
  return starts.map((start, n) => bytes.slice(start, starts[n + 1]));
}

async function yuyvFrames(size: FrameSize): Promise<Uint8Array[]> {
  const bytes = await testPicture(size, 15, "-pix_fmt", "yuyv422", "-f", "rawvideo");
  const length = size.width * size.height * 2;
  return Array.from({ length: bytes.length / length }, (_, n) => bytes.slice(n * length, (n + 1) * length));
}

export function withoutHuffman(picture: Uint8Array): Uint8Array {
  const kept: Uint8Array[] = [picture.subarray(0, 2)];
  let at = 2;
  while (picture[at] === 0xff && picture[at + 1] !== 0xda) {
    const end = at + 2 + (picture[at + 2]! << 8) + picture[at + 3]!;
    if (picture[at + 1] !== 0xc4) kept.push(picture.subarray(at, end));
    at = end;
  }
  return concat(...kept, picture.subarray(at));
}

/** What goes over the cable for one picture; null sends nothing. Counts the damage down. */
export function spoil(picture: Uint8Array, kind: FormatKind, settings: FrameSettings): Uint8Array | null {
  const damage = settings.damagedFrames > 0 ? settings.damage : "none";
  if (damage !== "none") settings.damagedFrames--;
  if (damage === "missing") return null;
  let sent = picture;
  if (kind === "mjpeg") {
    if (!settings.huffman) sent = withoutHuffman(sent);
    if (settings.padding > 0) sent = concat(sent, new Uint8Array(settings.padding));
  }
  if (damage === "half") return sent.subarray(0, sent.length >> 1);
  if (damage === "garbage") return crypto.getRandomValues(new Uint8Array(Math.min(sent.length, 65536)));
  return sent;
}

export async function hashes(kind: FormatKind, size: FrameSize): Promise<string[]> {
  const digests = (await framesOf(kind, size)).map(async (frame) => {
    const digest = await crypto.subtle.digest("SHA-256", frame.slice());
    return new Uint8Array(digest).toHex();
  });
  return await Promise.all(digests);
}
