// How much of a disk must stay free: recordings must never be what fills it.
import { statfs } from "node:fs/promises";
import { HubError } from "../base/errors.ts";

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

/** What must stay free. */
export interface Reserve {
  bytes: number;
  /** Of the whole disk, 0 to 1. */
  part: number;
}

/** One twentieth, and no less than 1 GiB. */
export const DEFAULT_RESERVE: Reserve = { bytes: 2 ** 30, part: 0.05 };

/** What must stay free of it, in bytes. */
export function reserveOf({ totalBytes }: FreeSpace, reserve = DEFAULT_RESERVE): number {
  return Math.max(totalBytes * reserve.part, reserve.bytes);
}

/** Why nothing (more) may be recorded on that disk. */
export function refusalOf(
  space: FreeSpace | undefined,
  { hint = "Delete recordings, or free some space on that disk", reserve = DEFAULT_RESERVE }: {
    hint?: string;
    reserve?: Reserve;
  } = {},
): HubError | undefined {
  if (!space || space.freeBytes >= reserveOf(space, reserve)) return undefined;
  const gib = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  return new HubError(
    "storage_full",
    `Only ${gib(space.freeBytes)} GiB of the disk are free: recording stops below ${
      gib(reserveOf(space, reserve))
    } GiB`,
    { hint, details: { free_bytes: space.freeBytes } },
  );
}
