// Which values a setting takes. The firmware refuses others with "bad arguments".
import { asNumber, asText, type Json } from "./json.ts";
import { CODES, VendorError } from "./vendor_error.ts";

type Check = (value: Json) => boolean;

const oneOf = (...values: string[]): Check => (value) => values.includes(asText(value) ?? "");
const between = (low: number, high: number): Check => (value) => {
  const number = asNumber(value);
  return number !== undefined && Number.isInteger(number) && number >= low && number <= high;
};
const either = (...checks: Check[]): Check => (value) => checks.some((check) => check(value));

/** By field name. */
const CHECKS: { [field: string]: Check } = {
  "enabled": oneOf("on", "off", "auto"),
  "digital_sensitivity": between(0, 100),
  "sensitivity": either(between(0, 100), oneOf("low", "medium", "high")),
  "flip_type": oneOf("center", "off"),
  "ldc": oneOf("on", "off"),
  "inf_type": oneOf("on", "off", "auto"),
  "light_freq_mode": oneOf("auto", "50", "60"),
  "volume": between(0, 100),
  "mute": oneOf("on", "off"),
  "alarm_volume": either(oneOf("low", "normal", "high"), between(0, 100)),
  "alarm_duration": between(0, 300),
  "loop": oneOf("on", "off"),
  "wtl_intensity_level": between(1, 100),
  "wtl_force_time": between(0, 3600),
  "zone_id": (value) => isZone(asText(value) ?? ""),
  "timing_mode": oneOf("ntp", "manual"),
  "alarm_mode": (value) => Array.isArray(value),
};

/** Values that a model allows, by field name. */
export type Ranges = { readonly [field: string]: readonly string[] | undefined };

/**
 * Looks at one field of a write.
 * @throws VendorError
 */
export function checkField(name: string, value: Json, ranges: Ranges): void {
  const range = ranges[name];
  const check = range ? oneOf(...range) : CHECKS[name];
  if (check && !check(value)) throw new VendorError(CODES.badArguments);
}

/** True for a time zone that the platform knows. */
export function isZone(name: string): boolean {
  try {
    return name !== "" && new Intl.DateTimeFormat("en", { timeZone: name }).format(0) !== "";
  } catch {
    return false;
  }
}
