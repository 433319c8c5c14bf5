// The memory card of a camera: its state, its sizes, and formatting.
import type { JsonObject } from "./json.ts";
import { type Methods, requireObject, requireText } from "./methods.ts";
import { CODES, VendorError } from "./vendor_error.ts";

/** `offline`: no card. `detecting`: just put in. `formatting` ends by itself. */
export type CardState = "normal" | "offline" | "unformatted" | "full" | "detecting" | "formatting";

const GIGABYTE = 1_073_741_824;

/** One card slot. */
export class Storage {
  readonly #now: () => number;
  readonly #onFormat: () => void;
  readonly #isLooping: () => boolean;
  #state: CardState = "normal";
  #formattedAtMs = 0;
  totalBytes = 128 * 1_000_000_000;
  usedBytes = 17.5 * GIGABYTE;
  /** How long formatting takes. */
  formatMs = 0;
  /** Seconds since 1970 of the oldest recording. */
  oldestS = 0;
  formats = 0;
  /** Other slots, which hold a card that works. */
  moreSlots: readonly string[] = [];
  /** The slots that were formatted, in order. */
  readonly formattedSlots: string[] = [];

  constructor({ now, onFormat, isLooping }: {
    now: () => number;
    onFormat: () => void;
    isLooping: () => boolean;
  }) {
    this.#now = now;
    this.#onFormat = onFormat;
    this.#isLooping = isLooping;
  }

  get state(): CardState {
    if (this.#state === "formatting" && this.#now() >= this.#formattedAtMs) this.#state = "normal";
    return this.#state;
  }

  set state(state: CardState) {
    this.#state = state;
  }

  /** @throws VendorError when there is no card to look at. */
  requireCard(): void {
    if (this.state === "offline") throw new VendorError(CODES.storageMissing);
    if (this.state === "detecting" || this.state === "formatting") {
      throw new VendorError(CODES.storageLoading);
    }
  }

  /** Erases the card. @throws VendorError */
  format(): void {
    this.requireCard();
    this.formats++;
    this.usedBytes = 0;
    this.#formattedAtMs = this.#now() + this.formatMs;
    this.#state = "formatting";
    this.#onFormat();
  }

  get methods(): Methods {
    return {
      getSdCardStatus: (params) => {
        if (requireObject(params, "harddisk_manage")["table"] === undefined) {
          throw new VendorError(CODES.noSuchParameter);
        }
        const rows = ["1", ...this.moreSlots].map((slot) => ({ [`hd_info_${slot}`]: this.#describe(slot) }));
        return { harddisk_manage: { hd_info: rows } };
      },
      formatSdCard: (params) => {
        const slot = requireText(requireObject(params, "harddisk_manage"), "format_hd");
        if (!["1", ...this.moreSlots].includes(slot)) throw new VendorError(CODES.badArguments);
        if (slot === "1") this.format();
        this.formattedSlots.push(slot);
        return {};
      },
    };
  }

  #describe(slot: string): JsonObject {
    const state = slot === "1" ? this.state : "normal";
    const isThere = state !== "offline" && state !== "detecting";
    const hasFiles = state === "normal" || state === "full";
    const total = isThere ? this.totalBytes : 0;
    const free = state === "normal" ? Math.max(0, total - this.usedBytes) : 0;
    return {
      disk_name: slot,
      type: "local",
      status: state,
      detect_status: state === "full" ? "normal" : state,
      rw_attr: hasFiles ? "rw" : "r",
      write_protect: "0",
      loop_record_status: this.#isLooping() ? "1" : "0",
      percent: hasFiles && state !== "full" ? "100" : "0",
      record_duration: "0",
      record_free_duration: "0",
      record_start_time: hasFiles ? String(this.oldestS) : "0",
      ...sizesOf("", hasFiles ? total : 0, free),
      ...sizesOf("video_", hasFiles ? total : 0, free),
      ...sizesOf("picture_", 0, 0),
      ...sizesOf("crossline_", 0, 0),
      ...sizesOf("msg_push_", 0, 0),
    };
  }
}

function sizesOf(prefix: string, total: number, free: number): JsonObject {
  return {
    [`${prefix}total_space`]: shortSize(total),
    [`${prefix}total_space_accurate`]: `${Math.round(total)}B`,
    [`${prefix}free_space`]: shortSize(free),
    [`${prefix}free_space_accurate`]: `${Math.round(free)}B`,
  };
}

/** Cameras count in 1024s but write "GB". */
function shortSize(bytes: number): string {
  if (bytes >= GIGABYTE) return `${(bytes / GIGABYTE).toFixed(1)}GB`;
  return bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)}MB` : `${Math.round(bytes)}B`;
}
