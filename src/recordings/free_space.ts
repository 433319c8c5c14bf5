// How much of a disk must stay free: recordings must never be what fills it.
import { statfs } from "node:fs/promises";

/** A disk as it stands. */
export interface FreeSpace {
  freeBytes: number;
  totalBytes: number;
}

/** Reads the disk on which a folder lies; undefined where it cannot be told. */
export async function readFreeSpace(folder: string): Promise<FreeSpace | undefined> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch (error) {
    // A disk that does not tell its size still may take what is written.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

/** One twentieth, and no less than this. */
const LEAST_FREE_BYTES = 2 ** 30;

/** What must stay free of it. */
export function reserveOf({ totalBytes }: FreeSpace): number {
  return Math.max(totalBytes / 20, LEAST_FREE_BYTES);
}
