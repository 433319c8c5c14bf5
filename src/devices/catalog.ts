// Which cameras there are: those of the file, those added at run time, and those the hub found by itself.
import type { CameraEntry } from "../config/schema.ts";
import type { CamerasTable, StoredCamera } from "../store/cameras_table.ts";
import type { Camera, CameraOrigin, CameraSpec } from "./camera.ts";
import { carryOver, checkId, checkOptions, fixedByFile, isSame } from "./camera_input.ts";
import type { AccountCheck, Driver, DriverContext } from "./driver.ts";
import { adoptable, findDevices, type FoundDevice, type SearchProgress } from "./found_devices.ts";
import { deviceOwners, identityKey, refuseSameDevice } from "./identities.ts";
import type { DeviceManager } from "./manager.ts";

/** What is given to add a camera. */
export interface NewCamera {
  id?: string | undefined;
  name?: string | undefined;
  type: string;
  enabled?: boolean | undefined;
  options: Record<string, unknown>;
}

/** What may be changed of a camera; what is absent stays. */
export interface CameraChange {
  name?: string | undefined;
  enabled?: boolean | undefined;
  /** Merged over the present options; null takes an option away. */
  options?: Record<string, unknown> | undefined;
}

/** What taking over another configuration did. */
export interface ReloadResult {
  added: string[];
  removed: string[];
  changed: string[];
  unchanged: string[];
}

/** Keeps the manager's cameras in step with the file, the database and what is plugged in. */
export class CameraCatalog {
  readonly #manager: DeviceManager;
  readonly #table: CamerasTable;
  readonly #context: DriverContext;
  readonly #onRemoved: ((id: string) => Promise<void>) | undefined;
  /** Found cameras that a user removed. */
  readonly #hidden = new Map<string, StoredCamera>();
  readonly #builtIn = new Set<string>();
  /** Changes are made one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: {
    manager: DeviceManager;
    table: CamerasTable;
    context: DriverContext;
    /** Called when a user has removed a camera for good. */
    onRemoved?: (id: string) => Promise<void>;
  }) {
    this.#manager = options.manager;
    this.#table = options.table;
    this.#context = options.context;
    this.#onRemoved = options.onRemoved;
  }

  /** Adds the cameras of the file, then those of the database. Of two with one id the file's is taken. */
  async load(entries: readonly CameraEntry[]): Promise<void> {
    for (const entry of entries) this.#manager.add(this.#fromEntry(entry));
    for (const stored of await this.#table.list()) {
      if (stored.hidden) this.#hidden.set(stored.id, stored);
      else this.#addStored(stored);
    }
  }

  /** Adds a camera and keeps it. @throws HubError `invalid_input` or `conflict`. */
  add(camera: NewCamera): Promise<Camera> {
    return this.#inTurn(async () => {
      const driver = this.#manager.driver(camera.type);
      const options = checkOptions(driver, camera.options);
      await refuseSameDevice(this.#manager, driver, options);
      const name = camera.name?.trim() || driver.title;
      const id = camera.id === undefined ? this.#freeId(name) : checkId(camera.id);
      const spec = { id, name, type: driver.id, enabled: camera.enabled ?? true, options };
      this.#manager.refuseTaken(id);
      await this.#table.put({ ...spec, hidden: false });
      this.#hidden.delete(id);
      return this.#manager.add({ ...spec, origin: "store" });
    });
  }

  /**
   * Changes a camera. Only other options make it let go of its device for a moment. A camera of the file can
   * be stopped and started, until the hub starts anew; all else of it is changed in the file.
   */
  change(id: string, change: CameraChange): Promise<Camera> {
    return this.#inTurn(async () => {
      const camera = this.#manager.get(id);
      const { spec } = camera;
      if (spec.origin === "file" && (change.name !== undefined || change.options !== undefined)) {
        throw fixedByFile(id, "changed");
      }
      const options = change.options === undefined
        ? spec.options
        : checkOptions(camera.driver, carryOver(camera.driver, spec.options, change.options));
      const next = {
        ...spec,
        name: change.name?.trim() || spec.name,
        enabled: change.enabled ?? spec.enabled,
        options,
      };
      if (isSame(next.options, spec.options)) {
        if (spec.origin !== "file") await this.#keep(next);
        camera.update({ name: next.name, enabled: next.enabled, origin: keptOrigin(spec.origin) });
        // Who enters a refused password once more wants it tried once more.
        if (change.options !== undefined) camera.wake(true);
        return camera;
      }
      await refuseSameDevice(this.#manager, camera.driver, options, id);
      await this.#keep(next);
      return await this.#manager.replace({ ...next, origin: "store" });
    });
  }

  /** Removes a camera for good. One that the hub would find again by itself is remembered as not wanted. */
  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const { spec, driver } = this.#manager.get(id);
      if (spec.origin === "file") throw fixedByFile(id, "removed");
      if (spec.origin === "auto" || driver.plugAndPlay || this.#builtIn.has(id)) {
        const hidden = { ...stored(spec), hidden: true };
        await this.#table.put(hidden);
        this.#hidden.set(id, hidden);
      } else {
        await this.#table.remove(id);
      }
      await this.#manager.remove(id);
      await this.#onRemoved?.(id);
    });
  }

  /** Takes over the cameras of a changed file. Those that did not change are not touched. */
  reload(entries: readonly CameraEntry[]): Promise<ReloadResult> {
    return this.#inTurn(async () => {
      const wanted = new Map(entries.map((entry) => [entry.id, this.#fromEntry(entry)]));
      const result: ReloadResult = { added: [], removed: [], changed: [], unchanged: [] };
      for (const camera of this.#manager.cameras) {
        const spec = wanted.get(camera.id);
        if (!spec && camera.spec.origin !== "file") continue;
        if (spec && await this.#adapt(camera, spec)) result.unchanged.push(camera.id);
        else if (spec) result.changed.push(camera.id);
        else {
          await this.#manager.remove(camera.id);
          result.removed.push(camera.id);
        }
      }
      await this.#yieldToFile([...wanted.values()]);
      for (const [id, spec] of wanted) {
        if (this.#manager.find(id)) continue;
        this.#manager.add(spec);
        result.added.push(id);
      }
      // A camera of the database that the file had covered comes back.
      for (const each of await this.#table.list()) {
        if (!each.hidden && !this.#manager.find(each.id)) this.#addStored(each);
      }
      return result;
    });
  }

  /** Adds the built-in test picture of a hub that has no file, unless a user removed it. */
  addBuiltIn(spec: Omit<CameraSpec, "origin">): void {
    this.#builtIn.add(spec.id);
    if (this.#hidden.has(spec.id) || this.#manager.find(spec.id)) return;
    const driver = this.#manager.driver(spec.type);
    this.#manager.add({ ...spec, options: checkOptions(driver, spec.options), origin: "auto" });
  }

  /** Tries the accounts of a camera that need not be one of the hub's. Nothing is kept but what must not be forgotten. */
  async checkAccounts(
    driver: Driver,
    options: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<AccountCheck[]> {
    return await driver.check?.(options, this.#context, signal) ?? [];
  }

  /** Lists what can be found now, of one type or of all. */
  async discover(
    signal: AbortSignal,
    type?: string,
    onProgress?: (progress: SearchProgress) => void,
  ): Promise<FoundDevice[]> {
    const drivers = type === undefined ? this.#manager.drivers : [this.#manager.driver(type)];
    return await findDevices(drivers, this.#manager, this.#context, signal, onProgress);
  }

  /** Adds every device that was found and is neither a camera yet nor unwanted. */
  adopt(found: readonly FoundDevice[]): Promise<void> {
    return this.#inTurn(async () => {
      const wanted = await adoptable(found, this.#manager, [...this.#hidden.values()]);
      for (const { suggestedId: id, title: name, type, options } of wanted) {
        const checked = checkOptions(this.#manager.driver(type), options);
        this.#manager.add({ id, name, type, enabled: true, options: checked, origin: "auto" });
      }
    });
  }

  #fromEntry(entry: CameraEntry): CameraSpec {
    // What the hub does with the picture is not the device's: the rule book reads it.
    const { id, name, type, enabled, motion: _, recording: __, privacy: ___, ...given } = entry;
    const options = this.#manager.driver(type).normalise?.(given) ?? given;
    return { id, name: name ?? id, type, enabled, options, origin: "file" };
  }

  #addStored(camera: StoredCamera): void {
    const { hidden: _, ...spec } = camera;
    if (this.#manager.find(camera.id)) {
      this.#context.log.warn("A stored camera has the id of one in the file, which is taken", {
        camera: camera.id,
      });
      return;
    }
    const isKnown = this.#manager.drivers.some((driver) => driver.id === camera.type);
    if (isKnown) this.#manager.add({ ...spec, origin: "store" });
    else this.#context.log.warn("A stored camera is of a type this hub does not know", { camera: camera.id });
  }

  /** Brings a camera to a spec of the file; true when its device was left alone. */
  async #adapt(camera: Camera, spec: CameraSpec): Promise<boolean> {
    const isSameDevice = camera.spec.type === spec.type && isSame(camera.spec.options, spec.options);
    if (isSameDevice) {
      camera.update({ name: spec.name, enabled: spec.enabled, origin: "file" });
      return true;
    }
    await this.#manager.replace(spec);
    return false;
  }

  async #keep(spec: CameraSpec): Promise<void> {
    await this.#table.put({ ...stored(spec), hidden: false });
  }

  /** A found camera gives way to one that the file makes of the same device. */
  async #yieldToFile(specs: readonly CameraSpec[]): Promise<void> {
    const owners = await deviceOwners(this.#manager);
    for (const spec of specs) {
      const identity = await this.#manager.driver(spec.type).identify?.(spec.options);
      const owner = identity ? owners.get(identityKey(spec.type, identity)) : undefined;
      if (owner !== undefined && this.#manager.get(owner).spec.origin === "auto") {
        await this.#manager.remove(owner);
      }
    }
  }

  #freeId(name: string): string {
    const slug = name.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "")
      .slice(0, 50);
    const base = slug || "camera";
    for (let number = 1;; number++) {
      const id = number === 1 ? base : `${base}-${number}`;
      if (!this.#manager.find(id)) return id;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => {/* the caller of that turn hears of it */});
    return turn;
  }
}

function keptOrigin(origin: CameraOrigin): CameraOrigin {
  return origin === "file" ? "file" : "store";
}

function stored(spec: CameraSpec): Omit<StoredCamera, "hidden"> {
  const { origin: _, ...rest } = spec;
  return rest;
}
