// The white lamp that is switched by hand: a toggle with a time after which it goes out.
import { asNumber } from "./json.ts";
import { type Methods, requireObject } from "./methods.ts";
import type { Settings } from "./settings.ts";
import { CODES, VendorError } from "./vendor_error.ts";

/** The lamp of one camera; cameras without one answer that it is off. */
export class Lamp {
  readonly #settings: Settings;
  readonly #now: () => number;
  readonly #isThere: boolean;
  readonly #onChange: () => void;
  #untilMs = 0;

  constructor({ settings, now, isThere, onChange }: {
    settings: Settings;
    now: () => number;
    isThere: boolean;
    onChange: () => void;
  }) {
    this.#settings = settings;
    this.#now = now;
    this.#isThere = isThere;
    this.#onChange = onChange;
  }

  get secondsLeft(): number {
    return Math.max(0, Math.ceil((this.#untilMs - this.#now()) / 1000));
  }

  get isOn(): boolean {
    return this.secondsLeft > 0;
  }

  toggle(): void {
    const lastsS = asNumber(this.#settings.field("image", "switch", "wtl_force_time")) ?? 300;
    this.#untilMs = this.isOn ? 0 : this.#now() + lastsS * 1000;
    this.#onChange();
  }

  get methods(): Methods {
    return {
      getWhitelampStatus: (params) => {
        const image = requireObject(params, "image");
        if (image["get_wtl_status"] === undefined) throw new VendorError(CODES.noSuchParameter);
        if (image["chn_id"] !== undefined) throw new VendorError(CODES.unsupportedMethod);
        return { status: this.isOn ? 1 : 0, rest_time: this.secondsLeft };
      },
      ...(this.#isThere
        ? { reverseWhitelampStatus: (params) => this.#reverse(params) } satisfies Methods
        : {}),
    };
  }

  #reverse(params: Parameters<Methods[string]>[0]): ReturnType<Methods[string]> {
    if (requireObject(params, "image")["reverse_wtl_status"] === undefined) {
      throw new VendorError(CODES.noSuchParameter);
    }
    this.toggle();
    return {};
  }
}
