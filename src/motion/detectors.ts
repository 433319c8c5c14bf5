// The hub's motion detectors, by camera. The event observer runs each beside its camera.
import type { Camera } from "../devices/camera.ts";
import type { Observations } from "../devices/capabilities.ts";
import { type DetectorDeps, MotionDetector } from "./detector.ts";

/** Knows the detector of each camera. */
export class MotionDetectors {
  readonly #deps: DetectorDeps;
  readonly #detectors = new Map<string, MotionDetector>();

  constructor(deps: DetectorDeps) {
    this.#deps = deps;
  }

  /** What the hub sees in a camera's picture. Whether it looks at all is decided while it is being watched. */
  readonly observe = (camera: Camera): Observations => ({
    watch: async (callbacks, signal) => {
      const detector = new MotionDetector(camera, this.#deps, callbacks);
      this.#detectors.set(camera.id, detector);
      try {
        await detector.run(signal);
      } finally {
        if (this.#detectors.get(camera.id) === detector) this.#detectors.delete(camera.id);
      }
    },
  });

  find(cameraId: string): MotionDetector | undefined {
    return this.#detectors.get(cameraId);
  }

  /** The hub moves a camera while this is held: what its picture then shows is no motion. */
  moving(cameraId: string): Disposable {
    const settle = this.find(cameraId)?.move();
    return { [Symbol.dispose]: () => settle?.() };
  }
}
