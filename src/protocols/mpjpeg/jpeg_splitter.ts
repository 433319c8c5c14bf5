// Takes a stream of bare JPEGs, one after the other, apart: what rpicam-vid writes.
import { readJpegHeader } from "./jpeg.ts";
import type { FrameSplitter, JpegFrame, SplitterOptions } from "./splitter.ts";

const DEFAULT_MAX_FRAME_BYTES = 16 * 1024 * 1024;
const FIRST_BUFFER_BYTES = 256 * 1024;

/**
 * Follows the markers from start of image to end of image (T.81 annex B); between them it skips by segment
 * length, so that a thumbnail inside a segment does not end the frame. Copies each byte once.
 */
export class JpegSplitter implements FrameSplitter {
  readonly #onFrame: (frame: JpegFrame) => void;
  readonly #maxFrameBytes: number;
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  #length = 0;
  /** Everything before is known to belong to the frame that starts at 0. */
  #scanned = 0;
  #inScan = false;
  #damaged = 0;

  constructor(options: SplitterOptions) {
    this.#onFrame = options.onFrame;
    this.#maxFrameBytes = options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES;
  }

  get damaged(): number {
    return this.#damaged;
  }

  push(chunk: Uint8Array): void {
    if (this.#length + chunk.length > this.#buffer.length) this.#grow(this.#length + chunk.length);
    this.#buffer.set(chunk, this.#length);
    this.#length += chunk.length;
    while (this.#advance());
    if (this.#length > this.#maxFrameBytes) this.#abandon();
  }

  #grow(size: number): void {
    const larger = new Uint8Array(Math.max(size, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }

  /** Takes one step through the markers; false when more bytes are needed. */
  #advance(): boolean {
    if (this.#scanned === 0) return this.#findStart();
    return this.#inScan ? this.#skipScan() : this.#skipSegment();
  }

  #findStart(): boolean {
    const bytes = this.#buffer.subarray(0, this.#length);
    let at = bytes.indexOf(0xff);
    while (at >= 0 && at + 1 < bytes.length && bytes[at + 1] !== 0xd8) at = bytes.indexOf(0xff, at + 1);
    if (at < 0) at = bytes.length;
    if (at > 0) this.#drop(at);
    if (this.#length < 2) return false;
    this.#scanned = 2;
    return true;
  }

  #skipSegment(): boolean {
    const at = this.#scanned;
    if (at + 4 > this.#length) return false;
    const marker = this.#buffer[at + 1] ?? 0;
    if (this.#buffer[at] !== 0xff || marker < 0xc0) return this.#giveUp();
    if (marker === 0xff) {
      this.#scanned++;
      return true;
    }
    if (marker === 0xd8 || marker === 0xd9) return this.#giveUp();
    const size = 2 + ((this.#buffer[at + 2] ?? 0) << 8 | (this.#buffer[at + 3] ?? 0));
    if (at + size > this.#length) return false;
    this.#scanned = at + size;
    this.#inScan = marker === 0xda;
    return true;
  }

  /** Entropy-coded data: FF00 is data, FFD0…D7 restart, FFD9 the end, any other marker a segment. */
  #skipScan(): boolean {
    const at = this.#buffer.subarray(0, this.#length).indexOf(0xff, this.#scanned);
    if (at < 0 || at + 1 >= this.#length) {
      this.#scanned = at < 0 ? this.#length : at;
      return false;
    }
    const marker = this.#buffer[at + 1] ?? 0;
    if (marker === 0xd9) return this.#emit(at + 2);
    if (marker === 0xff) this.#scanned = at + 1;
    else if (marker === 0 || (marker >= 0xd0 && marker <= 0xd7)) this.#scanned = at + 2;
    else {
      this.#scanned = at;
      this.#inScan = false;
    }
    return true;
  }

  #emit(end: number): boolean {
    const bytes = this.#buffer.subarray(0, end);
    const rest = this.#buffer.subarray(end, this.#length);
    const header = readJpegHeader(bytes);
    // The frame keeps the buffer; what follows moves to a new one of the same size.
    const next = new Uint8Array(Math.max(FIRST_BUFFER_BYTES, Math.ceil(end * 1.25), rest.length));
    next.set(rest);
    this.#buffer = next;
    this.#length = rest.length;
    this.#scanned = 0;
    this.#inScan = false;
    if (header) this.#onFrame({ bytes, width: header.width, height: header.height });
    else this.#damaged++;
    return true;
  }

  /** What began as a frame is none: look for the next start behind its first bytes. */
  #giveUp(): boolean {
    this.#damaged++;
    this.#drop(2);
    return true;
  }

  /** A frame without end: nothing of it is kept. */
  #abandon(): void {
    this.#damaged++;
    this.#drop(this.#length);
  }

  #drop(count: number): void {
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
    this.#scanned = 0;
    this.#inScan = false;
  }
}
