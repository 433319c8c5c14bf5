// Cuts a stream of fragmented MP4 into its beginning and its fragments, whatever the chunks it comes in.
import { HubError } from "../../base/errors.ts";
import { fourCc, viewOf } from "./boxes.ts";
import { type FragmentHead, readFragmentHead } from "./fragment.ts";
import { type InitSegment, readInitSegment } from "./init_segment.ts";

/** One fragment (`moof` + `mdat`). Nobody may change its bytes. */
export interface Fragment extends FragmentHead {
  bytes: Uint8Array<ArrayBuffer>;
}

/** Who gets the parts. */
export interface Fmp4Handlers {
  onInit(init: InitSegment): void;
  onFragment(fragment: Fragment): void;
}

/** No key frame of a camera comes near this; a box that claims more is not one. */
const MAX_BOX_BYTES = 32 << 20;
const HEAD_BYTES = 8;

/** Feed it with `push`. Each box is copied once, into a block of its own size. */
export class Fmp4Splitter {
  readonly #handlers: Fmp4Handlers;
  readonly #head = new Uint8Array(HEAD_BYTES);
  #headFilled = 0;
  /** The box being filled, with room for the boxes kept in front of it. */
  #box: Uint8Array<ArrayBuffer> | undefined;
  #boxFilled = 0;
  #type = "";
  /** `ftyp` before its `moov`, or `moof` before its `mdat`. */
  #kept: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor(handlers: Fmp4Handlers) {
    this.#handlers = handlers;
  }

  /** @throws HubError `device_rejected` for what cannot be MP4. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length) {
      at += this.#box ? this.#fillBox(this.#box, chunk, at) : this.#fillHead(chunk, at);
    }
  }

  #fillHead(chunk: Uint8Array, at: number): number {
    const taken = Math.min(HEAD_BYTES - this.#headFilled, chunk.length - at);
    this.#head.set(chunk.subarray(at, at + taken), this.#headFilled);
    this.#headFilled += taken;
    if (this.#headFilled === HEAD_BYTES) this.#beginBox();
    return taken;
  }

  #beginBox(): void {
    const view = viewOf(this.#head);
    const size = view.getUint32(0);
    this.#type = fourCc(view, 4);
    if (size < HEAD_BYTES || size > MAX_BOX_BYTES || !/^[ -~]{4}$/.test(this.#type)) throw notMp4();
    const isSecond = this.#type === "moov" || this.#type === "mdat";
    const kept = isSecond ? this.#kept : new Uint8Array(0);
    this.#box = new Uint8Array(kept.length + size);
    this.#box.set(kept);
    this.#box.set(this.#head, kept.length);
    this.#boxFilled = kept.length + HEAD_BYTES;
    this.#headFilled = 0;
    if (size === HEAD_BYTES) this.#endBox(this.#box);
  }

  #fillBox(box: Uint8Array<ArrayBuffer>, chunk: Uint8Array, at: number): number {
    const taken = Math.min(box.length - this.#boxFilled, chunk.length - at);
    box.set(chunk.subarray(at, at + taken), this.#boxFilled);
    this.#boxFilled += taken;
    if (this.#boxFilled === box.length) this.#endBox(box);
    return taken;
  }

  #endBox(box: Uint8Array<ArrayBuffer>): void {
    this.#box = undefined;
    if (this.#type === "moov") this.#handlers.onInit(readInitSegment(box));
    else if (this.#type === "mdat") this.#endFragment(box);
    // Other boxes (`free`, `mfra`, `styp`, `sidx`) say nothing that is needed.
    const isFirst = this.#type === "ftyp" || this.#type === "moof";
    if (isFirst) this.#kept = box;
    else if (this.#type === "moov" || this.#type === "mdat") this.#kept = new Uint8Array(0);
  }

  #endFragment(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#kept.length === 0) return;
    const head = readFragmentHead(this.#kept);
    if (head) this.#handlers.onFragment({ ...head, bytes });
  }
}

function notMp4(): HubError {
  return new HubError("device_rejected", "The stream is not the MP4 it should be");
}
