// One camera or hub put together from its parts: finds the part that a method is for, and tells what changed.
import { Alarm } from "./alarm.ts";
import { batteryMethods, batterySections } from "./battery.ts";
import { CameraClock } from "./camera_clock.ts";
import { Child, Children } from "./children.ts";
import type { Callee } from "./envelope.ts";
import { basicInfoOf, type Identity, identityOf } from "./identity.ts";
import { type Json, type JsonObject, objectAt } from "./json.ts";
import { Lamp } from "./lamp.ts";
import type { Methods } from "./methods.ts";
import { componentNames, type TapoModel } from "./models/model.ts";
import { Motor } from "./motor.ts";
import { installFirmware, ownMethods } from "./own_methods.ts";
import { Presets } from "./presets.ts";
import { patrolMethods, ptzMethods } from "./ptz_methods.ts";
import { Recordings } from "./recordings.ts";
import { sectionsOf } from "./sections.ts";
import { SETTING_METHODS } from "./setting_methods.ts";
import { type Modules, Settings } from "./settings.ts";
import { isKnownMethod } from "./known_methods.ts";
import { Storage } from "./storage.ts";
import { CODES, VendorError } from "./vendor_error.ts";

export interface DeviceOptions {
  model: TapoModel;
  identity: Identity;
  host: string;
  cameraUser: string;
  clockSkewS: number;
  /** Milliseconds. */
  now: () => number;
  /** Something changed that the picture may show. */
  onChange: () => void;
}

/** Modules that can be read only. */
const FIXED_MODULES = ["device_info", "network", "function", "user_management", "motor"];

/** A device, free of any protocol. */
export class TapoDevice implements Callee {
  readonly model: TapoModel;
  readonly identity: Identity;
  readonly settings: Settings;
  readonly clock: CameraClock;
  readonly alarm: Alarm;
  readonly lamp: Lamp;
  readonly storage: Storage | undefined;
  readonly recordings: Recordings | undefined;
  readonly motor: Motor | undefined;
  readonly presets: Presets | undefined;
  readonly children: Children | undefined;
  readonly #components: ReadonlySet<string>;
  readonly #methods: Methods;
  readonly #onChange: () => void;
  /** A newer firmware that the device offers. */
  newFirmware: string | undefined;
  /** How strong its Wi-Fi is; undefined without one. */
  signalDbm: number | undefined = -58;
  /** Set by a command to restart; whoever runs the device carries it out. */
  wantsReboot = false;

  constructor(options: DeviceOptions) {
    const { model, identity, now, onChange } = options;
    this.model = model;
    this.identity = identity;
    this.#onChange = onChange;
    this.#components = componentNames(model);
    this.settings = new Settings(modulesOf(options), {
      lenses: model.lenses?.map(({ id }) => id),
      dotNames: model.quirks?.dotNames,
      ranges: { night_vision_mode: model.nightModes },
      onChange: (module) => this.#settingChanged(module),
    });
    this.clock = new CameraClock({ now, settings: this.settings, skewS: options.clockSkewS });
    this.alarm = new Alarm({
      settings: this.settings,
      now,
      onChange,
      module: model.sirenModule,
      types: model.alarmTypes ?? [],
    });
    this.lamp = new Lamp({ settings: this.settings, now, onChange, isThere: this.has("whiteLamp") });
    if (this.has("sdCard")) this.storage = this.#newStorage(now);
    if (this.storage && this.has("playback")) this.recordings = this.#newRecordings(this.storage);
    const isPrivate = () => this.isPrivate;
    if (model.motor) this.motor = new Motor({ range: model.motor, now, isPrivate, onChange });
    if (this.motor) this.presets = new Presets(this.motor, isPrivate);
    if (model.children) {
      this.children = new Children(model.children.map((each, at) => childOf(options, each, at)));
    }
    this.#methods = this.#collectMethods();
  }

  has(component: string): boolean {
    return this.#components.has(component);
  }

  /** The lens is covered. */
  get isPrivate(): boolean {
    return this.settings.field("lens_mask", "lens_mask_info", "enabled") === "on";
  }

  componentList(): Json[] {
    return this.model.components.map(([name, version]) => ({ name, version }));
  }

  /** Carries out one method. @throws VendorError */
  call(method: string, params: JsonObject): JsonObject {
    if (this.model.emptyMethods?.includes(method)) return {};
    const own = this.#methods[method];
    if (own) return own(params);
    const setting = SETTING_METHODS.get(method);
    const isHere = setting &&
      (setting.components.length === 0 || setting.components.some((name) => this.has(name)));
    if (!isHere || !setting.modules.some((module) => this.settings.has(module))) throw this.#unknown(method);
    if (!setting.writes) return this.settings.read(params, setting.modules);
    this.settings.write(params, setting.modules);
    return {};
  }

  /** Carries out a single form. @throws VendorError */
  single(verb: "get" | "set" | "do", modules: JsonObject): JsonObject {
    if (verb === "get") {
      const names = Object.keys(modules);
      if (names.length > 0 && names.every((name) => this.settings.has(name))) {
        return this.settings.read(modules, names);
      }
      throw new VendorError(CODES.formatNotSupported);
    }
    if (verb === "set") {
      this.settings.write(modules, Object.keys(modules).filter((module) => !FIXED_MODULES.includes(module)));
      return {};
    }
    const alarm = objectAt(modules, "msg_alarm");
    if (alarm && this.settings.has("msg_alarm")) this.alarm.doManual(alarm);
    else if (objectAt(modules, "cloud_config")) installFirmware(this);
    else throw new VendorError(CODES.formatNotSupported);
    return {};
  }

  child(id: string): Callee {
    if (!this.children) throw this.#unknown("controlChild");
    return this.children.find(id).requireAwake();
  }

  /** Known to other models: unsupported here. Known to none: as this firmware says it. */
  #unknown(method: string): VendorError {
    const isOthers = isKnownMethod(method) && this.model.unknownMethodCode !== CODES.formatNotSupported;
    return new VendorError(isOthers ? CODES.unsupportedMethod : this.model.unknownMethodCode);
  }

  #settingChanged(module: string): void {
    if (module === "lens_mask" && this.isPrivate) this.motor?.halt();
    this.#onChange();
  }

  #newStorage(now: () => number): Storage {
    return new Storage({
      now,
      onFormat: () => this.recordings?.clear(),
      isLooping: () => this.settings.field("harddisk_manage", "harddisk", "loop") === "on",
    });
  }

  #newRecordings(storage: Storage): Recordings {
    return new Recordings({
      storage,
      dayOf: (seconds) => this.clock.day(seconds),
      hasLenses: this.model.lenses !== undefined,
    });
  }

  #collectMethods(): Methods {
    return {
      ...this.clock.methods,
      ...this.alarm.methods,
      ...(this.has("dayNightMode") ? this.lamp.methods : {}),
      ...this.storage?.methods,
      ...this.recordings?.methods,
      ...(this.motor && this.presets ? ptzMethods(this.motor, this.presets) : {}),
      ...(this.motor && this.presets && this.has("patrol") ? patrolMethods(this.motor, this.presets) : {}),
      ...this.children?.methods,
      ...(this.model.battery ? batteryMethods() : {}),
      ...ownMethods(this),
    };
  }
}

function modulesOf({ model, identity, host, cameraUser }: DeviceOptions): Modules {
  const info = basicInfoOf(model, identity);
  return {
    ...sectionsOf(model),
    ...(model.battery ? batterySections(model.battery) : {}),
    device_info: { basic_info: info, info },
    network: { wan: { ipaddr: host, netmask: "255.255.255.0", proto: "dhcp", macaddr: identity.mac } },
    user_management: { third_account: { secname: "third_account", username: cameraUser } },
    function: { module_spec: moduleSpecOf(model) },
    ...(model.motor ? { motor: { capability: motorCapability() } } : {}),
  };
}

/** Flags of the firmware, "1" for what it has. */
function moduleSpecOf(model: TapoModel): JsonObject {
  const names = componentNames(model);
  const flag = (isThere: boolean) => isThere ? "1" : "0";
  return {
    app_version: "1.0.0",
    audio: names.has("audio") ? ["speaker", "microphone"] : [],
    ptz: flag(model.motor !== undefined),
    led: flag(names.has("led")),
    lens_mask: flag(names.has("lensMask")),
    local_storage: flag(names.has("sdCard")),
    target_track: flag(names.has("targetTrack")),
    media_encrypt: "1",
    stream_max_sessions: "4",
    video_codec: names.has("video") ? ["h264", "h265"] : [],
  };
}

function motorCapability(): JsonObject {
  return { absolute_move_supported: "0", calibrate_supported: "1", limited_supported: "0" };
}

function childOf(parent: DeviceOptions, model: TapoModel, index: number): Child {
  const identity = identityOf(`${parent.identity.deviceId} child ${index}`, `${model.model} ${index + 1}`);
  return new Child(identity.deviceId, new TapoDevice({ ...parent, model, identity }));
}
