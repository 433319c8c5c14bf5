// Which of the kept pictures go: what is too old, too many of one camera, or too much in all.
import { ifThere } from "../base/if_there.ts";
import type { Logger } from "../base/log.ts";

const MAX_PER_CAMERA = 500;
const MAX_AGE_MS = 30 * 86_400_000;
const MAX_BYTES = 2 * 1024 ** 3;
/** Also what was being written when the hub was killed. */
const NAME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)-[a-z0-9]{12}\.jpg(\.part)?$/;

/** A picture on the disk. */
export interface PictureFile {
  path: string;
  camera: string;
  takenAtMs: number;
  sizeBytes: number;
}

/** Limits as they hold; tests take smaller ones. */
export const PICTURE_LIMITS = { perCamera: MAX_PER_CAMERA, ageMs: MAX_AGE_MS, bytes: MAX_BYTES };

/** What is to go of all pictures. Pure. */
export function tooMuch(
  pictures: readonly PictureFile[],
  nowMs: number,
  limits: typeof PICTURE_LIMITS = PICTURE_LIMITS,
): PictureFile[] {
  const seen = new Map<string, number>();
  let sizeBytes = 0;
  // The newest are counted first: what is beyond a limit then is what is oldest.
  const newestFirst = pictures.toSorted((a, b) => b.takenAtMs - a.takenAtMs || (a.path < b.path ? 1 : -1));
  return newestFirst.filter((picture) => {
    const count = (seen.get(picture.camera) ?? 0) + 1;
    seen.set(picture.camera, count);
    if (count > limits.perCamera || picture.takenAtMs < nowMs - limits.ageMs) return true;
    sizeBytes += picture.sizeBytes;
    return sizeBytes > limits.bytes;
  });
}

/**
 * Removes what is to go, of one camera or of all, below a folder that has one folder for each. Never fails, and never takes the one
 * that was just kept: a clock may be wrong. What has another name is not the hub's.
 */
export async function prunePictures(
  folder: string,
  { log, nowMs, camera, keep }: { log: Logger; nowMs: number; camera?: string; keep?: string },
): Promise<void> {
  const removed: PictureFile[] = [];
  try {
    for (const picture of tooMuch(await picturesIn(folder, camera), nowMs)) {
      if (picture.path === keep) continue;
      // Another picture that was kept at the same moment may have removed it.
      await ifThere(Deno.remove(picture.path));
      removed.push(picture);
    }
  } catch (error) {
    log.warn("Old pictures could not be removed", { folder, error });
  }
  if (removed.length === 0) return;
  const cameras = [...new Set(removed.map(({ camera }) => camera))].sort();
  log.info("Old pictures were removed", { cameras, count: removed.length });
}

async function picturesIn(folder: string, only: string | undefined): Promise<PictureFile[]> {
  const pictures: PictureFile[] = [];
  const cameras = only === undefined ? await namesIn(folder, "isDirectory") : [only];
  for (const camera of cameras) {
    for (const name of await namesIn(`${folder}/${camera}`, "isFile")) {
      if (!NAME.test(name)) continue;
      const path = `${folder}/${camera}/${name}`;
      const info = await ifThere(Deno.lstat(path));
      if (info) pictures.push({ path, camera, takenAtMs: takenAtMs(name), sizeBytes: info.size });
    }
  }
  return pictures;
}

/** Nothing of a folder that is not there: it is made with the first picture. */
async function namesIn(folder: string, kind: "isFile" | "isDirectory"): Promise<string[]> {
  const entries = await ifThere(Array.fromAsync(Deno.readDir(folder)));
  return (entries ?? []).filter((entry) => entry[kind]).map(({ name }) => name);
}

function takenAtMs(name: string): number {
  const [, year, month, day, hour, minute, second] = NAME.exec(name) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
