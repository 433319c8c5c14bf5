// Real JPEGs, drawn by ffmpeg, and multipart streams of them, for tests of splitters and streams.

/** Runs ffmpeg and returns its stdout. */
export async function ffmpeg(args: string[], input?: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const process = new Deno.Command("ffmpeg", {
    args: ["-hide_banner", "-loglevel", "error", ...(input ? [] : ["-nostdin"]), ...args],
    stdin: input ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const feeding = input ? feed(process.stdin, input) : Promise.resolve();
  const [result] = await Promise.all([process.output(), feeding]);
  if (result.code !== 0) throw new Error(new TextDecoder().decode(result.stderr));
  return result.stdout;
}

async function feed(stdin: WritableStream<Uint8Array>, input: Uint8Array): Promise<void> {
  const writer = stdin.getWriter();
  await writer.write(input);
  await writer.close();
}

/** Draws so many pictures of 96x64 with the encoder options given, as bare JPEGs in one block. */
export function drawBare(count: number, options: string[] = []): Promise<Uint8Array<ArrayBuffer>> {
  const source = ["-f", "lavfi", "-i", "testsrc2=size=96x64:rate=5", "-frames:v", String(count)];
  return ffmpeg([...source, "-c:v", "mjpeg", "-q:v", "5", ...options, "-f", "mjpeg", "pipe:1"]);
}

/** The same pictures, each by itself. Cut at SOI; these pictures hold no thumbnail. */
export async function drawPictures(
  count: number,
  options: string[] = [],
): Promise<Uint8Array<ArrayBuffer>[]> {
  const bare = await drawBare(count, options);
  const starts: number[] = [];
  for (let at = 0; at + 1 < bare.length; at++) {
    if (bare[at] === 0xff && bare[at + 1] === 0xd8) starts.push(at);
  }
  return starts.map((start, i) => bare.slice(start, starts[i + 1]));
}

/** The pixels that ffmpeg decodes from a JPEG; throws when it complains of anything. */
export function decode(jpeg: Uint8Array): Promise<Uint8Array> {
  const strict = ["-xerror", "-err_detect", "explode"];
  return ffmpeg(
    [...strict, "-f", "mjpeg", "-i", "pipe:0", "-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"],
    jpeg,
  );
}

/** A header segment of a JPEG: its marker and all its bytes, marker included. */
export interface Segment {
  marker: number;
  bytes: Uint8Array<ArrayBuffer>;
}

/** The segments from behind SOI up to (without) the first scan. */
export function headerSegments(jpeg: Uint8Array<ArrayBuffer>): Segment[] {
  const segments: Segment[] = [];
  for (let at = 2; jpeg[at + 1] !== 0xda;) {
    const size = 2 + ((jpeg[at + 2] ?? 0) << 8 | (jpeg[at + 3] ?? 0));
    segments.push({ marker: jpeg[at + 1] ?? 0, bytes: jpeg.slice(at, at + size) });
    at += size;
  }
  return segments;
}

/** The picture with its Huffman tables cut out, as many webcams send it. */
export function withoutTable(jpeg: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const segments = headerSegments(jpeg);
  const scan = 2 + segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const kept = segments.filter(({ marker }) => marker !== 0xc4).map(({ bytes }) => bytes);
  return join([jpeg.slice(0, 2), ...kept, jpeg.slice(scan)]);
}

export function join(parts: readonly (Uint8Array | string)[]): Uint8Array<ArrayBuffer> {
  const blocks = parts.map((part) => typeof part === "string" ? latin1(part) : part);
  const all = new Uint8Array(blocks.reduce((sum, block) => sum + block.length, 0));
  let at = 0;
  for (const block of blocks) {
    all.set(block, at);
    at += block.length;
  }
  return all;
}

export function latin1(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** The boundary with which ffmpeg's mpjpeg muxer begins a stream. */
export const STREAM_START = "--ffmpeg\r\n";

/** One part as ffmpeg's mpjpeg muxer writes it, the next boundary included; `declared` may lie about the size. */
export function part(jpeg: Uint8Array, declared: number | string = jpeg.length): Uint8Array<ArrayBuffer> {
  const header = `Content-type: image/jpeg\r\nContent-length: ${declared}\r\n\r\n`;
  return join([header, jpeg, `\r\n${STREAM_START}`]);
}

/** A whole stream. */
export function stream(jpegs: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return join([STREAM_START, ...jpegs.map((jpeg) => part(jpeg))]);
}

/** Small and reproducible (mulberry32): numbers from 0 to below 1. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
