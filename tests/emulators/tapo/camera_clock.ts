// The camera's own clock, which may be wrong, and its time zone.
import { asText } from "./json.ts";
import { type Methods, requireObject } from "./methods.ts";
import { isZone } from "./setting_checks.ts";
import type { Settings } from "./settings.ts";
import { CODES, VendorError } from "./vendor_error.ts";

/** The clock of one device. */
export class CameraClock {
  readonly #now: () => number;
  readonly #settings: Settings;
  /** Seconds by which it is ahead of the emulator's clock. */
  skewS: number;

  constructor({ now, settings, skewS }: { now: () => number; settings: Settings; skewS: number }) {
    this.#now = now;
    this.#settings = settings;
    this.skewS = skewS;
  }

  /** Seconds since 1970, as the camera believes. */
  get seconds(): number {
    return Math.floor(this.#now() / 1000) + this.skewS;
  }

  /** `YYYY-MM-DD hh:mm:ss` in the camera's time zone. */
  localTime(seconds: number = this.seconds): string {
    const zone = asText(this.#settings.field("system", "basic", "zone_id")) ?? "";
    // Swedish happens to write times in this order.
    const format = new Intl.DateTimeFormat("sv-SE", {
      timeZone: isZone(zone) ? zone : "UTC",
      dateStyle: "short",
      timeStyle: "medium",
    });
    return format.format(seconds * 1000);
  }

  /** `YYYYMMDD` in the camera's time zone. */
  day(seconds: number): string {
    return this.localTime(seconds).slice(0, 10).replaceAll("-", "");
  }

  get methods(): Methods {
    return {
      getClockStatus: (params) => {
        const name = requireObject(params, "system")["name"];
        const names = Array.isArray(name) ? name : [name];
        if (!names.includes("clock_status")) throw new VendorError(CODES.noSuchParameter);
        const seconds = this.seconds;
        return {
          system: { clock_status: { seconds_from_1970: seconds, local_time: this.localTime(seconds) } },
        };
      },
    };
  }
}
