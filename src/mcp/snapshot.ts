// A camera's picture of now, made small enough to travel in a message.
import { HubError } from "../base/errors.ts";
import { takeSnapshot } from "../media/snapshot.ts";
import { ofDevice } from "../operations/error_table.ts";
import type { Hub } from "../operations/hub.ts";
import type { Launcher } from "../process/launcher.ts";

/** What taking one needs. */
export interface SnapshotDeps {
  hub: Pick<Hub, "manager" | "media" | "clock">;
  launcher: Launcher;
}

/** As base64 it then stays below 900,000 bytes; clients refuse messages of a megabyte. */
const MAX_BYTES = 670_000;
/** Tried in turn until the picture is small enough. */
const WISHES = [{ width: 1280, quality: 75 }, { width: 960, quality: 60 }, { width: 640, quality: 40 }];

/** Returns the function that resources use. @throws HubError what `takeSnapshot` throws. */
export function smallSnapshot(
  deps: SnapshotDeps,
): (cameraId: string, signal: AbortSignal) => Promise<Uint8Array> {
  const { hub, launcher } = deps;
  return async (cameraId, signal) => {
    await hub.manager.requireSoon(cameraId, "video", signal);
    const { stream } = hub.media.get(cameraId);
    const context = { rescaling: hub.media.rescaling, launcher, clock: hub.clock, signal };
    for (const wish of WISHES) {
      const { bytes } = await takeSnapshot(stream, wish, context).catch((error) => {
        throw ofDevice(error);
      });
      if (bytes.length <= MAX_BYTES) return bytes;
    }
    throw new HubError("internal", "The picture could not be made small enough");
  };
}
