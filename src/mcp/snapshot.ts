// A camera's picture of now with its privacy zones covered, made smaller only where it would not travel in a message.
import { fittingPicture } from "../media/fitting_picture.ts";
import { awaitFreshFrame } from "../media/snapshot.ts";
import { ofDevice } from "../operations/error_table.ts";
import type { Hub } from "../operations/hub.ts";
import type { Launcher } from "../process/launcher.ts";

/** What taking one needs. */
export interface SnapshotDeps {
  hub: Pick<Hub, "manager" | "media" | "clock">;
  launcher: Launcher;
}

/** Returns the function that resources use. @throws HubError why the camera gives no picture. */
export function fittingSnapshot(
  deps: SnapshotDeps,
): (cameraId: string, signal: AbortSignal) => Promise<Uint8Array> {
  const { hub, launcher } = deps;
  return async (cameraId, signal) => {
    await hub.manager.requireSoon(cameraId, "video", signal);
    const media = hub.media.get(cameraId);
    const context = { rescaling: hub.media.rescaling, launcher, clock: hub.clock, signal };
    try {
      return await media.underMask("masked", async () => {
        const frame = await awaitFreshFrame(media.streamFor({}, "masked"), context);
        return (await fittingPicture(frame, {}, context)).bytes;
      });
    } catch (error) {
      throw ofDevice(error);
    }
  };
}
