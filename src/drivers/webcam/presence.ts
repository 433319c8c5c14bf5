// Notices when V4L2 nodes come and go. One look a second costs next to nothing and misses no kind of bus.
import { isAbort } from "../../base/errors.ts";
import type { Clock } from "../../base/clock.ts";

const LOOK_EVERY_MS = 1000;
const FOLDERS = ["/sys/class/video4linux", "/dev/v4l/by-id", "/dev/v4l/by-path"] as const;

/** Calls back when the set of nodes or of their stable links has changed, until the signal aborts. */
export async function watchNodes(clock: Clock, onChange: () => void, signal: AbortSignal): Promise<void> {
  let before = await fingerprint();
  await every(LOOK_EVERY_MS, clock, signal, async () => {
    const now = await fingerprint();
    if (now === before) return true;
    before = now;
    onChange();
    return true;
  });
}

/** Resolves when the path no longer leads to the node it led to, or the signal aborts. */
export async function watchPath(path: string, clock: Clock, signal: AbortSignal): Promise<void> {
  const before = await nodeMark(path);
  await every(LOOK_EVERY_MS, clock, signal, async () => (await nodeMark(path)) === before);
}

/** Looks again and again until the look says false or the signal aborts. */
async function every(
  periodMs: number,
  clock: Clock,
  signal: AbortSignal,
  look: () => Promise<boolean>,
): Promise<void> {
  try {
    do await clock.sleep(periodMs, signal); while (await look());
  } catch (error) {
    if (!isAbort(error)) throw error;
  }
}

/** A node plugged in again has another inode, even under the same name. */
async function nodeMark(path: string): Promise<string> {
  try {
    const info = await Deno.stat(path);
    return `${info.ino}/${info.rdev}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    return error instanceof Error ? error.name : "unreadable";
  }
}

async function fingerprint(): Promise<string> {
  const parts: string[] = [];
  for (const folder of FOLDERS) {
    try {
      const names = (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name).sort();
      for (const name of names) {
        const node = folder.startsWith("/sys") ? `/dev/${name}` : `${folder}/${name}`;
        parts.push(`${folder}/${name}=${await nodeMark(node)}`);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) parts.push(`${folder}: ${String(error)}`);
    }
  }
  return parts.join("\n");
}
