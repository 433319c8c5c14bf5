// Pictures of events, taken from streams that run.
import { takeSnapshot } from "../media/snapshot.ts";
import { EventPictures, type EventPicturesDeps } from "../recordings/event_pictures.ts";
import { readFreeSpace } from "../recordings/free_space.ts";
import type { Hub } from "../operations/hub.ts";
import type { HubOptions } from "./options.ts";

const WISH = { width: 640, quality: 75 };

/** Takes them without opening anything: a camera that nobody looks at, or that sleeps, has none. */
export function buildEventPictures(
  { dataDir }: HubOptions,
  parts: Pick<EventPicturesDeps, "files" | "clock" | "log" | "maxBytes"> & Hub,
): EventPictures {
  const { media, rules, launcher, clock } = parts;
  const context = { rescaling: media.rescaling, launcher, clock };
  return new EventPictures({
    ...parts,
    freeSpace: () => readFreeSpace(dataDir),
    take: async (camera, signal) => {
      const lanes = media.find(camera);
      const lane = [lanes?.sub, lanes?.main].find((each) => each?.isRunning);
      // What is covered must not be kept: whoever may look at events sees it.
      if (!lane || rules.of(camera).privacy.zones.length > 0) return undefined;
      return await takeSnapshot(lane.frames, WISH, { ...context, signal });
    },
  });
}
