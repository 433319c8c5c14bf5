// Somebody who watches a camera over HTTP, kept on the stream that he may see.
import type { CameraMedia } from "./camera_media.ts";
import { MjpegViewer, type ViewerOptions } from "./mjpeg_viewer.ts";
import type { Rescale } from "./rescale.ts";
import type { Sight } from "./sight.ts";
import type { FrameStream } from "./stream.ts";

/** What is watched, and how. */
export interface WatchOptions extends Omit<ViewerOptions, "hub"> {
  wish: Rescale;
  sight: Sight;
}

/**
 * Begins to watch: the viewer holds its stream until it ends. Where privacy zones come or go it moves to the other
 * stream before `CameraMedia.takeMask` returns, or ends where there is none for it.
 * @throws HubError what `streamFor` throws.
 */
export function watchMjpeg(
  media: CameraMedia,
  { wish, sight, onEnd, ...options }: WatchOptions,
): { viewer: MjpegViewer; stream: FrameStream } {
  let stream = media.streamFor(wish, sight);
  let release = stream.acquire();
  let unregister = () => {};
  const viewer = new MjpegViewer({
    ...options,
    hub: stream.hub,
    onEnd: () => {
      unregister();
      release();
      onEnd();
    },
  });
  const look = () => {
    const next = streamOrEnd(() => media.streamFor(wish, sight), viewer);
    if (!next || next === stream) return;
    const letGo = release;
    release = next.acquire();
    stream = next;
    viewer.moveTo(next.hub);
    letGo();
  };
  unregister = media.register({
    get figures() {
      return viewer.figures;
    },
    look,
    close: () => viewer.close(),
  });
  return { viewer, stream };
}

/** Too many sizes are being watched: who cannot be moved must not go on with what he may no longer see. */
function streamOrEnd(find: () => FrameStream, viewer: MjpegViewer): FrameStream | undefined {
  try {
    return find();
  } catch (error) {
    viewer.fail(error);
    return undefined;
  }
}
