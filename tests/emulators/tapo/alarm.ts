// Siren and alarm light: sounding now, how long still, and the commands that start and end it.
import { asNumber, asText, type JsonObject, objectAt } from "./json.ts";
import { type Methods, requireNumber, requireObject, requireSwitch } from "./methods.ts";
import type { Settings } from "./settings.ts";
import { CODES, VendorError } from "./vendor_error.ts";

export interface AlarmOptions {
  settings: Settings;
  now: () => number;
  /** How the siren is reached by name; cameras without it know the manual alarm only. */
  module: "siren" | "msg_alarm" | undefined;
  types: readonly string[];
  onChange: () => void;
}

/** A manual alarm that nobody ends stops by itself after this time. */
const MANUAL_S = 300;

/** The siren of one device. */
export class Alarm {
  readonly #options: AlarmOptions;
  #untilMs = 0;
  /** How often it was started. */
  starts = 0;

  constructor(options: AlarmOptions) {
    this.#options = options;
  }

  get isActive(): boolean {
    return this.secondsLeft > 0;
  }

  get secondsLeft(): number {
    return Math.max(0, Math.ceil((this.#untilMs - this.#options.now()) / 1000));
  }

  start(): void {
    this.starts++;
    this.#untilMs = this.#options.now() + this.#durationS() * 1000;
    this.#options.onChange();
  }

  stop(): void {
    this.#untilMs = 0;
    this.#options.onChange();
  }

  /** `{"method":"do","msg_alarm":{"manual_msg_alarm":{"action":"start"}}}`. @throws VendorError */
  doManual(command: JsonObject): void {
    const action = asText(requireObject(command, "manual_msg_alarm")["action"]);
    if (action === "start") this.start();
    else if (action === "stop") this.stop();
    else throw new VendorError(CODES.badArguments);
  }

  get methods(): Methods {
    const { module } = this.#options;
    if (module === undefined) return {};
    const status = (params: JsonObject): JsonObject => {
      requireModule(params, module);
      return { status: this.isActive ? "on" : "off", time_left: this.secondsLeft };
    };
    const setStatus = (params: JsonObject): JsonObject => {
      if (requireSwitch(requireModule(params, module), "status")) this.start();
      else this.stop();
      return {};
    };
    const types = (params: JsonObject): JsonObject => {
      requireModule(params, module);
      return { siren_type_list: [...this.#options.types] };
    };
    const common = { getSirenStatus: status, setSirenStatus: setStatus, getSirenTypeList: types };
    return { ...common, ...(module === "siren" ? this.#hubMethods() : this.#childMethods()) };
  }

  /** A hub keeps the kind, loudness (1 to 10) and duration of its siren. */
  #hubMethods(): Methods {
    const { settings, types } = this.#options;
    return {
      getSirenConfig: (params) => {
        requireModule(params, "siren");
        return Object.fromEntries(
          ["siren_type", "volume", "duration"].map((name) => [
            name,
            settings.field("siren", "config", name) ?? null,
          ]),
        );
      },
      setSirenConfig: (params) => {
        const { siren_type: type, volume, duration } = requireModule(params, "siren");
        const change: JsonObject = {};
        if (type !== undefined) change["siren_type"] = requireOneOf(asText(type), types);
        if (volume !== undefined) {
          change["volume"] = String(requireBetween(requireNumber({ volume }, "volume"), 1, 10));
        }
        if (duration !== undefined) {
          change["duration"] = requireBetween(requireNumber({ duration }, "duration"), 1, 300);
        }
        settings.put("siren", "config", change);
        return {};
      },
    };
  }

  /** Cameras at a hub keep their alarm without sections. */
  #childMethods(): Methods {
    const { settings } = this.#options;
    const names = ["enabled", "alarm_mode", "alarm_type", "alarm_volume", "alarm_duration"];
    return {
      getAlarmConfig: (params) => {
        requireModule(params, "msg_alarm");
        return Object.fromEntries(
          names.map((name) => [name, settings.field("msg_alarm", "chn1_msg_alarm_info", name) ?? null]),
        );
      },
      setAlarmConfig: (params) => {
        const fields = requireModule(params, "msg_alarm");
        settings.write({ msg_alarm: { chn1_msg_alarm_info: fields } }, ["msg_alarm"]);
        return {};
      },
      getLightTypeList: (params) => {
        requireModule(params, "msg_alarm");
        return { light_type_list: ["flicker"] };
      },
    };
  }

  #durationS(): number {
    const { settings, module } = this.#options;
    const [area, section, name] = module === "siren"
      ? ["siren", "config", "duration"] as const
      : ["msg_alarm", "chn1_msg_alarm_info", "alarm_duration"] as const;
    return asNumber(settings.field(area, section, name)) || MANUAL_S;
  }
}

/** The module that this device takes; another device's one is an unknown parameter. */
function requireModule(params: JsonObject, module: string): JsonObject {
  const found = objectAt(params, module);
  if (!found) throw new VendorError(CODES.noSuchParameter);
  return found;
}

function requireOneOf(value: string | undefined, allowed: readonly string[]): string {
  if (value === undefined || !allowed.includes(value)) throw new VendorError(CODES.badArguments);
  return value;
}

function requireBetween(value: number, least: number, most: number): number {
  if (value < least || value > most) throw new VendorError(CODES.badArguments);
  return value;
}
