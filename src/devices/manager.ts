// The register of cameras: adds, changes and removes them while the hub runs, each in a task of its own.
import { Changes, sleepOrChange } from "../base/changes.ts";
import { HubError, isAbort } from "../base/errors.ts";
import { LinkedSignal } from "../base/linked_signal.ts";
import { Scope } from "../base/scope.ts";
import { Camera, type CameraSpec } from "./camera.ts";
import type { Capabilities } from "./device.ts";
import { unable } from "./abilities.ts";
import type { Driver, DriverContext } from "./driver.ts";

/** A camera's task beside the camera's own, for example its stream. Ends when the signal aborts. */
export type Companion = (camera: Camera, signal: AbortSignal) => Promise<void>;

/** How long a request waits for a camera that is being opened. */
const OPENING_GRACE_MS = 5000;

/** How long a camera rests after a fault of the hub itself. */
const RESTART_MS = 5000;

interface Entry {
  camera: Camera;
  stop: LinkedSignal;
  ended: Promise<void>;
}

/** Knows every camera and runs it. `run` must be active for cameras to work. */
export class DeviceManager {
  /** Notified when a camera comes, goes, or changes its status. */
  readonly changes = new Changes();
  readonly #drivers: ReadonlyMap<string, Driver>;
  readonly #context: DriverContext;
  readonly #companion: Companion;
  readonly #entries = new Map<string, Entry>();
  /** Ids of cameras that give way to another of the same id at this moment. */
  readonly #replaced = new Set<string>();
  readonly #scope = new Scope();

  constructor(options: { drivers: readonly Driver[]; context: DriverContext; companion: Companion }) {
    this.#drivers = new Map(options.drivers.map((driver) => [driver.id, driver]));
    this.#context = options.context;
    this.#companion = options.companion;
  }

  get drivers(): readonly Driver[] {
    return [...this.#drivers.values()];
  }

  get cameras(): readonly Camera[] {
    return [...this.#entries.values()].map((entry) => entry.camera);
  }

  find(id: string): Camera | undefined {
    return this.#entries.get(id)?.camera;
  }

  /** @throws HubError `not_found`, naming the cameras that there are. */
  get(id: string): Camera {
    const camera = this.find(id);
    if (camera) return camera;
    const known = [...this.#entries.keys()];
    throw new HubError("not_found", `There is no camera "${id}"`, {
      hint: known.length > 0 ? `The cameras are: ${known.join(", ")}` : "No camera has been added yet",
      details: { camera_id: id, known },
    });
  }

  /** @throws HubError `invalid_input`, naming the types that there are. */
  driver(type: string): Driver {
    const driver = this.#drivers.get(type);
    if (driver) return driver;
    throw new HubError("invalid_input", `There is no camera type "${type}"`, {
      hint: `The types are: ${[...this.#drivers.keys()].join(", ")}`,
      details: { type },
    });
  }

  /**
   * Returns a capability of an open camera.
   * @throws HubError `not_found`, `unavailable` with the status's reason, or `unsupported` naming who has it.
   */
  require<K extends keyof Capabilities>(id: string, capability: K): NonNullable<Capabilities[K]> {
    const camera = this.get(id);
    if (!camera.device) {
      const { reason, hint, status } = camera.status;
      throw new HubError("unavailable", `Camera "${id}" is ${status}: ${reason ?? "not open"}`, { hint });
    }
    const found = camera.device.capabilities[capability];
    if (found) return found as NonNullable<Capabilities[K]>;
    const able = this.cameras.filter((each) => each.device?.capabilities[capability]).map((each) => each.id);
    throw unable(id, capability, { able });
  }

  /**
   * Like `require`, but gives a camera that is just being opened some seconds to be there.
   * @throws what `require` throws.
   */
  async requireSoon<K extends keyof Capabilities>(
    id: string,
    capability: K,
    signal: AbortSignal,
  ): Promise<NonNullable<Capabilities[K]>> {
    const camera = this.get(id);
    const endMs = this.#context.clock.monotonic() + OPENING_GRACE_MS;
    while (camera.status.status === "connecting" && !signal.aborted) {
      const leftMs = endMs - this.#context.clock.monotonic();
      if (leftMs <= 0) break;
      await sleepOrChange(leftMs, camera.changes, this.#context.clock, signal);
    }
    return this.require(id, capability);
  }

  /** @throws HubError `conflict` when there is a camera of that id. */
  refuseTaken(id: string): void {
    if (!this.#entries.has(id)) return;
    throw new HubError("conflict", `There is already a camera "${id}"`, {
      hint: "Choose another id, or change that camera instead",
      details: { camera_id: id },
    });
  }

  /** Adds a camera and starts it. @throws HubError `conflict` when the id is taken. */
  add(spec: CameraSpec): Camera {
    this.refuseTaken(spec.id);
    const camera = new Camera(spec, this.driver(spec.type), this.#context);
    const stop = new LinkedSignal(this.#scope.signal);
    const entry: Entry = { camera, stop, ended: Promise.resolve() };
    this.#entries.set(spec.id, entry);
    camera.changes.subscribe(() => this.changes.notify());
    this.#scope.spawn(() => {
      entry.ended = this.#keepRunning(camera, stop);
      return entry.ended;
    });
    this.changes.notify();
    return camera;
  }

  /** Stops a camera, waits until it lets go of its device, and forgets it. */
  async remove(id: string): Promise<void> {
    this.get(id);
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    entry?.stop.abort();
    await entry?.ended;
    this.changes.notify();
  }

  /** Puts a camera in the place of the one of its id, once that lets go of its device. */
  async replace(spec: CameraSpec): Promise<Camera> {
    this.driver(spec.type);
    this.#replaced.add(spec.id);
    try {
      await this.remove(spec.id);
      return this.add(spec);
    } finally {
      this.#replaced.delete(spec.id);
    }
  }

  /** True for a camera that is there, or back in a moment with other options. */
  stays(id: string): boolean {
    return this.#entries.has(id) || this.#replaced.has(id);
  }

  /** Wakes every camera of a driver that waits for its next try. */
  wake(type: string): void {
    for (const camera of this.cameras) if (camera.spec.type === type) camera.wake();
  }

  /** Runs until the signal aborts, then stops all cameras. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = () => this.#scope.stop();
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    this.#scope.spawn((own) =>
      new Promise((resolve) => own.addEventListener("abort", () => resolve(), { once: true }))
    );
    await this.#scope.join();
  }

  async #runCamera(camera: Camera, signal: AbortSignal): Promise<void> {
    await using scope = new Scope(signal);
    scope.spawn((own) => camera.run(own));
    scope.spawn((own) => this.#companion(camera, own));
    await scope.join();
  }

  /** A fault of the hub in one camera must not take the others down: it is logged, and the camera begins anew. */
  async #keepRunning(camera: Camera, stop: LinkedSignal): Promise<void> {
    using linked = stop;
    while (!linked.signal.aborted) {
      try {
        await this.#runCamera(camera, linked.signal);
      } catch (error) {
        if (isAbort(error)) return;
        this.#context.log.error("A camera's task failed and begins anew", { camera: camera.id, error });
        await sleepOrChange(RESTART_MS, camera.changes, this.#context.clock, linked.signal);
      }
    }
  }
}
