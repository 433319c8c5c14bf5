// The hub's own motion detectors.
import { streamTuning } from "../media/tuning.ts";
import type { StreamContext } from "../media/on_demand.ts";
import type { DetectorDeps } from "../motion/detector.ts";
import { MotionDetectors } from "../motion/detectors.ts";
import type { LiveConfig } from "./live_config.ts";

/** What they need of the house. */
type Parts = Pick<DetectorDeps, "media" | "rules"> & Omit<StreamContext, "tuning"> & { config: LiveConfig };

/** Detectors for all cameras; one looks where the camera's rules say so. */
export function buildMotion({ media, rules, launcher, clock, config }: Parts): MotionDetectors {
  const streams: StreamContext = {
    launcher,
    clock,
    get tuning() {
      return streamTuning(config.now);
    },
  };
  return new MotionDetectors({ media, rules, streams });
}
