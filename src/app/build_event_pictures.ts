// Pictures of events, taken from streams that run, with privacy zones covered.
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
  const { media, launcher, clock } = parts;
  const context = { rescaling: media.rescaling, launcher, clock };
  return new EventPictures({
    ...parts,
    freeSpace: () => readFreeSpace(dataDir),
    take: async (camera, signal) => {
      const lanes = media.find(camera);
      // Zones are drawn on the large picture; the small one may show another part of the scene.
      const hasZones = lanes?.maskFor("masked") !== undefined;
      const lane = [hasZones ? undefined : lanes?.sub, lanes?.main].find((each) => each?.isRunning);
      if (!lane) return undefined;
      const { bytes, capturedAtMs } = await takeSnapshot(lane.frames, WISH, { ...context, signal });
      // What is kept is shown with events to whoever may see them.
      return { bytes: await media.masked(camera, bytes, signal), capturedAtMs };
    },
  });
}
