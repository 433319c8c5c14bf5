// What of the history is deleted when: by age, and by size, the oldest of the finest tier first.
import type { Archive } from "./archive.ts";
import { type Tier, TIERS } from "./query.ts";
import { HOUR_MS } from "./tables.ts";

const DAY_MS = 24 * HOUR_MS;
/** Tiers are deleted in whole pieces: few pages of the disk are touched, and none twice a day. */
const PIECE_MS: Readonly<Record<Tier, number>> = { raw: HOUR_MS, "5m": DAY_MS, "1h": 30 * DAY_MS };
/** Free room is reused by what comes. More than this of it, or an eighth of the file, is given back. */
const FREE_BYTES = 4e6;
/** In steps of this size, so that answers come between them. */
const STEP_BYTES = 1e6;

/** No hub ran before: a clock that says so never was set. */
const FIRST_HUB_MS = Date.UTC(2026, 0, 1);

/** What is kept. */
export interface Limits {
  rawHours: number;
  fiveMinuteDays: number;
  /** 0: for ever. */
  hourlyDays: number;
  maxBytes: number;
}

/**
 * Deletes what is too old, and then the oldest until the rest is not too large.
 * @param isDoubted while the clock may be wrong, nothing is called too old.
 * @throws HubError when the history cannot be written.
 */
export async function enforce(
  archive: Archive,
  limits: Limits,
  { nowMs, isDoubted }: { nowMs: number; isDoubted: boolean },
): Promise<void> {
  if (!isDoubted) {
    // Deleted up to a time to come: by a clock that was ahead for so long that it was believed.
    if (nowMs > FIRST_HUB_MS) await archive.wholeFrom(Math.ceil((nowMs + 1) / HOUR_MS) * HOUR_MS);
    await deleteOld(archive, limits, nowMs);
  }
  await deleteLarge(archive, limits.maxBytes);
  await giveBack(archive, limits.maxBytes);
}

async function deleteOld(archive: Archive, limits: Limits, nowMs: number): Promise<void> {
  const ages: [Tier, number][] = [
    ["raw", limits.rawHours * HOUR_MS],
    ["5m", limits.fiveMinuteDays * DAY_MS],
    ["1h", limits.hourlyDays === 0 ? Infinity : limits.hourlyDays * DAY_MS],
  ];
  for (const [tier, ageMs] of ages) {
    if (ageMs < Infinity) await archive.deleteBefore(tier, wholePiece(archive, tier, nowMs - ageMs));
  }
}

/** Raw is kept until the coarser tiers have it. */
function wholePiece(archive: Archive, tier: Tier, beforeMs: number): number {
  const whole = Math.floor(beforeMs / PIECE_MS[tier]) * PIECE_MS[tier];
  return tier === "raw" ? Math.min(whole, (archive.oldestOpenHour ?? Infinity) * HOUR_MS) : whole;
}

async function deleteLarge(archive: Archive, maxBytes: number): Promise<void> {
  for (const tier of TIERS) {
    for (;;) {
      const { bytes, freeBytes } = await archive.room();
      const oldestMs = await archive.oldestMs(tier);
      if (bytes - freeBytes <= maxBytes || oldestMs === undefined) break;
      const beforeMs = wholePiece(archive, tier, oldestMs + PIECE_MS[tier]);
      if (beforeMs <= oldestMs) break;
      await archive.deleteBefore(tier, beforeMs);
    }
  }
}

async function giveBack(archive: Archive, maxBytes: number): Promise<void> {
  for (;;) {
    const { bytes, freeBytes } = await archive.room();
    const beyondNeed = freeBytes - Math.max(FREE_BYTES, bytes / 8);
    const tooMuch = Math.max(beyondNeed, Math.min(freeBytes, bytes - maxBytes));
    if (tooMuch <= 0) return;
    await archive.giveBack(Math.min(STEP_BYTES, tooMuch));
  }
}
