// Takes the multipart JPEG stream that ffmpeg's `mpjpeg` muxer writes apart into frames, one copy per frame.
import { jpegLength, readJpegHeader, STANDARD_HUFFMAN_TABLE } from "./jpeg.ts";
import { PART_PREFIX_BYTES, PART_SUFFIX_BYTES } from "./part.ts";

/**
 * A whole JPEG picture. The bytes are the receiver's to share, and nobody's to change; where the splitter
 * could, their buffer has room around them for `writePart`.
 */
export interface JpegFrame {
  bytes: Uint8Array<ArrayBuffer>;
  width: number;
  height: number;
}

/** What splitters of any framing have in common. */
export interface FrameSplitter {
  /** Takes the next bytes; the chunk may be reused after the call. */
  push(chunk: Uint8Array): void;
  /** Frames given up because they were cut, garbled or too large. */
  readonly damaged: number;
}

/** Bounds and receiver of a splitter. */
export interface SplitterOptions {
  onFrame: (frame: JpegFrame) => void;
  /** Larger frames are taken for damage. Default 16 MiB. */
  maxFrameBytes?: number;
}

const BOUNDARY = new TextEncoder().encode("--ffmpeg\r\n");
const MAX_HEADER_BYTES = 1024;
const DEFAULT_MAX_FRAME_BYTES = 16 * 1024 * 1024;
const TABLE_BYTES = STANDARD_HUFFMAN_TABLE.length;

/**
 * Incremental and bounded. A part is `--ffmpeg`, headers with Content-length, a blank line, the JPEG. After
 * garbage or a cut part it finds the next boundary, also one that lies inside what a cut part swallowed.
 */
export class MpjpegSplitter implements FrameSplitter {
  readonly #onFrame: (frame: JpegFrame) => void;
  readonly #maxFrameBytes: number;
  readonly #header = new Uint8Array(MAX_HEADER_BYTES);
  #headerLength = 0;
  /** The frame being filled. */
  #body: Uint8Array<ArrayBuffer> | undefined;
  #bodyLength = 0;
  /** Bytes kept free in front of a frame: for a part header and, while the camera leaves it out, a table. */
  #room = PART_PREFIX_BYTES;
  #damaged = 0;
  #swallowed: Uint8Array | undefined;
  #rereadBudget = 0;

  constructor(options: SplitterOptions) {
    this.#onFrame = options.onFrame;
    this.#maxFrameBytes = options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
  }

  get damaged(): number {
    return this.#damaged;
  }

  push(chunk: Uint8Array): void {
    this.#rereadBudget = Math.min(this.#rereadBudget + 4 * chunk.length, 4 * this.#maxFrameBytes);
    // What a cut part had swallowed is read before what follows it.
    const waiting = [chunk];
    for (let bytes = waiting.pop(); bytes; bytes = waiting.pop()) {
      for (let at = 0; at < bytes.length;) {
        at += this.#body ? this.#fillBody(this.#body, bytes, at) : this.#fillHeader(bytes, at);
        if (!this.#swallowed) continue;
        waiting.push(bytes.subarray(at), this.#swallowed);
        this.#swallowed = undefined;
        break;
      }
    }
  }

  /** Copies into the frame what belongs to it; returns how many bytes that were. */
  #fillBody(body: Uint8Array<ArrayBuffer>, chunk: Uint8Array, at: number): number {
    const count = Math.min(chunk.length - at, body.length - this.#bodyLength);
    body.set(chunk.subarray(at, at + count), this.#bodyLength);
    this.#bodyLength += count;
    if (this.#bodyLength === body.length) this.#finishBody(body);
    return count;
  }

  #finishBody(body: Uint8Array<ArrayBuffer>): void {
    this.#body = undefined;
    const length = jpegLength(body);
    const header = length === undefined ? undefined : readJpegHeader(body);
    if (length === undefined || header === undefined) return this.#resynchronise(body);
    const { width, height, scanOffset, hasHuffmanTable } = header;
    const picture = body.subarray(0, length);
    const bytes = hasHuffmanTable ? picture : insertTable(picture, scanOffset);
    this.#room = PART_PREFIX_BYTES + (hasHuffmanTable ? 0 : TABLE_BYTES);
    this.#onFrame({ bytes, width, height });
  }

  /** The part was cut: what follows may have been swallowed with it, perhaps only the begin of its boundary. */
  #resynchronise(body: Uint8Array): void {
    this.#damaged++;
    const next = indexOfBytes(body, BOUNDARY, 1);
    const again = next >= 0 ? body.subarray(next) : body.subarray(body.length - tailInBoundary(body));
    // A stream made to be read over and over costs a bounded multiple of its length.
    if (again.length === 0 || again.length > this.#rereadBudget) return;
    this.#rereadBudget -= again.length;
    this.#swallowed = again;
  }

  /** Collects header bytes up to the blank line; returns how many it took. */
  #fillHeader(chunk: Uint8Array, at: number): number {
    if (this.#headerLength === MAX_HEADER_BYTES) this.#forgetGarbage();
    const count = Math.min(chunk.length - at, MAX_HEADER_BYTES - this.#headerLength);
    const before = this.#headerLength;
    this.#header.set(chunk.subarray(at, at + count), before);
    const seen = this.#header.subarray(0, before + count);
    const end = indexOfBlankLine(seen, Math.max(0, before - 3));
    if (end < 0) {
      this.#headerLength = seen.length;
      return count;
    }
    this.#headerLength = 0;
    this.#startBody(seen.subarray(0, end));
    return end - before;
  }

  /** Keeps only the tail, in which a boundary may have begun. */
  #forgetGarbage(): void {
    const boundary = lastIndexOfBytes(this.#header, BOUNDARY);
    const keepFrom = boundary > 0 ? boundary : MAX_HEADER_BYTES - BOUNDARY.length;
    this.#header.copyWithin(0, keepFrom);
    this.#headerLength = MAX_HEADER_BYTES - keepFrom;
  }

  #startBody(header: Uint8Array): void {
    const boundary = lastIndexOfBytes(header, BOUNDARY);
    if (boundary < 0) return;
    const text = new TextDecoder("latin1").decode(header.subarray(boundary));
    const length = Number(/^content-length:\s*(\d{1,9})\s*$/im.exec(text)?.[1]);
    if (!(length >= 4 && length <= this.#maxFrameBytes)) {
      this.#damaged++;
      return;
    }
    this.#body = new Uint8Array(new ArrayBuffer(this.#room + length + PART_SUFFIX_BYTES), this.#room, length);
    this.#bodyLength = 0;
  }
}

/** Puts the table before the scan. With room in front only the few header bytes move; without, all is copied. */
function insertTable(picture: Uint8Array<ArrayBuffer>, scanOffset: number): Uint8Array<ArrayBuffer> {
  const start = picture.byteOffset - TABLE_BYTES;
  if (start < PART_PREFIX_BYTES) {
    const roomy = new ArrayBuffer(PART_PREFIX_BYTES + TABLE_BYTES + picture.length + PART_SUFFIX_BYTES);
    const copy = new Uint8Array(roomy, PART_PREFIX_BYTES + TABLE_BYTES, picture.length);
    copy.set(picture);
    return insertTable(copy, scanOffset);
  }
  const whole = new Uint8Array(picture.buffer, start, TABLE_BYTES + picture.length);
  whole.copyWithin(0, TABLE_BYTES, TABLE_BYTES + scanOffset);
  whole.set(STANDARD_HUFFMAN_TABLE, scanOffset);
  return whole;
}

/** Returns the offset just behind `\r\n\r\n`, or −1. */
function indexOfBlankLine(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(13, from); at >= 0 && at + 4 <= bytes.length; at = bytes.indexOf(13, at + 1)) {
    if (bytes[at + 1] === 10 && bytes[at + 2] === 13 && bytes[at + 3] === 10) return at + 4;
  }
  return -1;
}

function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(wanted[0] ?? 0, from); at >= 0; at = bytes.indexOf(wanted[0] ?? 0, at + 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}

/** How many bytes at the end may be the begin of a boundary. */
function tailInBoundary(bytes: Uint8Array): number {
  for (let length = Math.min(BOUNDARY.length - 1, bytes.length); length > 0; length--) {
    const start = bytes.length - length;
    if (BOUNDARY.subarray(0, length).every((byte, i) => bytes[start + i] === byte)) return length;
  }
  return 0;
}

function lastIndexOfBytes(bytes: Uint8Array, wanted: Uint8Array): number {
  const first = wanted[0] ?? 0;
  for (let at = bytes.lastIndexOf(first); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(first, at - 1)) {
    if (wanted.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}
