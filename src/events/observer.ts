// Observes all cameras. The device manager runs one observer beside each camera.
import type { Camera } from "../devices/camera.ts";
import type { ObservationKind } from "../devices/capabilities.ts";
import { CameraObserver, type ObserverDeps } from "./camera_observer.ts";

/** Knows what goes on at each camera. */
export class EventObserver {
  readonly #deps: ObserverDeps;
  readonly #cameras = new Map<string, CameraObserver>();

  constructor(deps: ObserverDeps) {
    this.#deps = deps;
  }

  /** What goes on at a camera now, such as `motion`; empty for one that is not there. */
  activeKinds(cameraId: string): ObservationKind[] {
    return this.#cameras.get(cameraId)?.activeKinds ?? [];
  }

  /** Observes a camera until the signal aborts: a companion of the device manager. */
  readonly accompany = async (camera: Camera, signal: AbortSignal): Promise<void> => {
    const observer = new CameraObserver(camera, this.#deps);
    this.#cameras.set(camera.id, observer);
    try {
      await observer.run(signal);
    } finally {
      if (this.#cameras.get(camera.id) === observer) this.#cameras.delete(camera.id);
    }
  };
}
