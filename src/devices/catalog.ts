// Which cameras there are: those of the file, those added at run time, and those the hub found by itself.
import type { CameraEntry } from "../config/schema.ts";
import type { CamerasTable, StoredCamera } from "../store/cameras_table.ts";
import type { Camera, CameraOrigin, CameraSpec } from "./camera.ts";
import { carryOver, checkId, checkOptions, fixedByFile, isSame } from "./camera_input.ts";
import type { AccountCheck, Driver, DriverContext } from "./driver.ts";
import { adoptable, findDevices, type FoundDevice, type SearchProgress } from "./found_devices.ts";
import { refuseSameDevice } from "./identities.ts";
import type { DeviceManager } from "./manager.ts";
import { planReload, type ReloadPlan, type ReloadResult, reloadResult } from "./reload_plan.ts";

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

  /** What taking over the cameras of a changed file would do, as things stand. */
  plan(entries: readonly CameraEntry[]): Promise<ReloadPlan> {
    return this.#inTurn(() => this.#plan(entries));
  }

  /** Takes over the cameras of a changed file. Those that did not change are not touched. */
  reload(entries: readonly CameraEntry[]): Promise<ReloadResult> {
    return this.#inTurn(async () => {
      const plan = await this.#plan(entries);
      for (const id of [...plan.remove, ...plan.yield]) await this.#manager.remove(id);
      for (const { id, name, enabled, origin } of plan.keep) {
        this.#manager.get(id).update({ name, enabled, origin });
      }
      for (const spec of plan.replace) await this.#manager.replace(spec);
      for (const spec of plan.add) this.#manager.add(spec);
      return reloadResult(plan);
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
    if (this.#manager.find(camera.id)) {
      this.#context.log.warn("A stored camera has the id of one in the file, which is taken", {
        camera: camera.id,
      });
      return;
    }
    const spec = this.#fromStored(camera);
    if (spec) this.#manager.add(spec);
    else this.#context.log.warn("A stored camera is of a type this hub does not know", { camera: camera.id });
  }

  /** Undefined for a type that this hub does not know. */
  #fromStored({ hidden: _, ...camera }: StoredCamera): CameraSpec | undefined {
    const isKnown = this.#manager.drivers.some((driver) => driver.id === camera.type);
    return isKnown ? { ...camera, origin: "store" } : undefined;
  }

  async #plan(entries: readonly CameraEntry[]): Promise<ReloadPlan> {
    const specs = (await this.#table.list()).filter(({ hidden }) => !hidden)
      .map((camera) => this.#fromStored(camera)).filter((spec) => spec !== undefined);
    const wanted = entries.map((entry) => this.#fromEntry(entry));
    return await planReload(this.#manager, wanted, new Map(specs.map((spec) => [spec.id, spec])));
  }

  async #keep(spec: CameraSpec): Promise<void> {
    await this.#table.put({ ...stored(spec), hidden: false });
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
