// What becomes of recordings when something is done to their cameras, for previews.
import type { Hub } from "./hub.ts";

/** What a change that takes a camera away does to its recording. */
export async function endOfRecording({ recordings }: Hub, camera: string): Promise<string> {
  const running = await recordings.running(camera);
  return running ? `; this ends its recording ${running.id}` : "";
}

/** The same of a change for which the camera is away for a moment. */
export async function breakOfRecording({ recordings }: Hub, camera: string): Promise<string> {
  const running = await recordings.running(camera);
  return running ? `; its recording ${running.id} is interrupted and goes on in another file` : "";
}

/** What a change of several cameras does to all recordings. */
export async function effectOnRecordings(
  { recordings }: Hub,
  { ended, interrupted }: { ended: readonly string[]; interrupted: readonly string[] },
): Promise<string> {
  const among = async (cameras: readonly string[]) => {
    const found = await Promise.all(cameras.map(async (camera) => {
      const running = await recordings.running(camera);
      return running && `${running.id} of camera "${camera}"`;
    }));
    return found.filter((each) => each !== undefined).join(", ");
  };
  const [ends, breaks] = [await among(ended), await among(interrupted)];
  return (ends && `; this ends the recording ${ends}`) +
    (breaks && `; interrupted, and going on in another file: the recording ${breaks}`);
}
