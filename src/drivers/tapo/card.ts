// The card in a Tapo camera: its state, and what was recorded on it, told in the hub's time.
import type { Clock } from "../../base/clock.ts";
import { HubError } from "../../base/errors.ts";
import type { DeviceRecording, DeviceStorage } from "../../devices/capabilities.ts";
import type { TapoCaller } from "../../protocols/tapo/caller.ts";
import { readClock } from "../../protocols/tapo/device.ts";
import { RecordingSearch, type TapoSegment } from "../../protocols/tapo/recordings.ts";
import { formatCard, listCards } from "../../protocols/tapo/storage.ts";
import type { TapoCallers } from "./gathered_caller.ts";

/** What the camera calls a card's state, in words of people. */
const CARD_STATES: Readonly<Record<string, string>> = {
  offline: "absent",
  insufficient: "too small",
  abnormal: "failing",
  readonly: "read only",
};

/** Why a stretch was recorded, in the camera's numbers. */
const RECORDED_BECAUSE: Readonly<Record<number, string>> = {
  1: "continuous",
  2: "motion",
  3: "tamper",
  4: "line_crossed",
  6: "person",
  7: "crying",
  8: "vehicle",
  9: "pet",
};

const DAY_MS = 86_400_000;

/** Returns the card capability. @param searcher whom to ask for recordings, where there are any. */
export function tapoStorage(
  { questions, commands }: TapoCallers,
  clock: Clock,
  searcher: TapoCaller | undefined,
): DeviceStorage {
  const cards: DeviceStorage = {
    media: async (signal, options) =>
      (await listCards(options?.isCommand ? commands : questions, signal)).map((
        { slot, status, totalBytes, freeBytes },
      ) => ({
        id: slot,
        state: status === undefined ? "unknown" : CARD_STATES[status] ?? status,
        ...(totalBytes === undefined ? {} : { totalBytes }),
        ...(freeBytes === undefined ? {} : { freeBytes }),
      })),
    format: (id, signal) => formatCard(commands, id, signal),
  };
  if (!searcher) return cards;
  const search = new RecordingSearch(searcher);
  return {
    ...cards,
    days: async (month, signal) =>
      await daysOf(search, month, await readTime(searcher, clock, signal), signal),
    recordings: async (day, signal) =>
      await recordingsOf(search, day, await readTime(searcher, clock, signal), signal),
  };
}

/** The camera's clock and time zone. */
interface CameraTime {
  /** How far the camera's clock is ahead of the hub's; 0 below 2 s, which is the way there and back. */
  aheadMs: number;
  /** Local time minus UTC, as it is now: another half of the year may differ by an hour. */
  zoneMs: number;
}

async function readTime(caller: TapoCaller, clock: Clock, signal: AbortSignal): Promise<CameraTime> {
  const askedMs = clock.now();
  const { epochSeconds, localTime = "" } = await readClock(caller, signal);
  if (epochSeconds === undefined) return { aheadMs: 0, zoneMs: 0 };
  // The camera cuts its time off at the second, and says it somewhere on the way there and back.
  const aheadMs = epochSeconds * 1000 + 500 - (askedMs + clock.now()) / 2;
  const localMs = Date.parse(`${localTime.replace(" ", "T")}Z`);
  return {
    aheadMs: Math.abs(aheadMs) < 2000 ? 0 : aheadMs,
    zoneMs: Number.isNaN(localMs) ? 0 : Math.round((localMs - epochSeconds * 1000) / 60_000) * 60_000,
  };
}

/** From when (included) to when (not included), milliseconds since 1970. */
interface Stretch {
  fromMs: number;
  toMs: number;
}

/** A day by a clock that goes right, in the camera's time zone. */
function dayStretch(day: string, { zoneMs }: CameraTime): Stretch {
  const fromMs = Date.parse(`${day}T00:00:00Z`) - zoneMs;
  return { fromMs, toMs: fromMs + DAY_MS };
}

/** The days, `YYYY-MM-DD`, that a stretch touches in the camera's time zone. */
function daysTouched({ fromMs, toMs }: Stretch, { zoneMs }: CameraTime): string[] {
  const days: string[] = [];
  for (let atMs = fromMs; atMs < toMs; atMs += DAY_MS) days.push(isoDay(atMs + zoneMs));
  return [...new Set([...days, isoDay(toMs - 1 + zoneMs)])];
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function moved({ fromMs, toMs }: Stretch, byMs: number): Stretch {
  return { fromMs: fromMs + byMs, toMs: toMs + byMs };
}

/** A camera whose clock is wrong files its recordings under other days: those that were meant are looked for. */
async function daysOf(
  search: RecordingSearch,
  month: string,
  time: CameraTime,
  signal: AbortSignal,
): Promise<string[]> {
  const { fromMs } = dayStretch(`${month}-01`, time);
  const next = new Date(`${month}-01T00:00:00Z`);
  next.setUTCMonth(next.getUTCMonth() + 1);
  const { fromMs: toMs } = dayStretch(isoDay(next.getTime()), time);
  const filed = daysTouched(moved({ fromMs, toMs }, time.aheadMs), time);
  const range = { from: plain(filed[0] ?? ""), to: plain(filed.at(-1) ?? "") };
  const found = (await search.days(range, signal)).flatMap((day) => {
    const iso = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
    return daysTouched(moved(dayStretch(iso, time), -time.aheadMs), time);
  });
  return [...new Set(found)].filter((day) => day.startsWith(`${month}-`)).sort();
}

async function recordingsOf(
  search: RecordingSearch,
  day: string,
  time: CameraTime,
  signal: AbortSignal,
): Promise<DeviceRecording[]> {
  const wanted = dayStretch(day, time);
  const segments = await segmentsOf(search, moved(wanted, time.aheadMs), time, signal);
  const found = segments.map(({ startSeconds, endSeconds, kind }) => {
    const word = kind === undefined ? undefined : RECORDED_BECAUSE[kind];
    return {
      startMs: startSeconds * 1000 - time.aheadMs,
      endMs: endSeconds * 1000 - time.aheadMs,
      ...(word === undefined ? {} : { kind: word }),
    };
  });
  // Whose clock goes right has filed them under the day that was asked for, whatever the time zone did since.
  if (time.aheadMs === 0) return found;
  return found.filter(({ startMs }) => startMs >= wanted.fromMs && startMs < wanted.toMs);
}

/** Cameras behind a hub know no days, only times. */
async function segmentsOf(
  search: RecordingSearch,
  stretch: Stretch,
  time: CameraTime,
  signal: AbortSignal,
): Promise<TapoSegment[]> {
  try {
    const found: TapoSegment[] = [];
    for (const day of daysTouched(stretch, time)) {
      found.push(...await search.segmentsOfDay(plain(day), signal));
    }
    return found;
  } catch (error) {
    if (!(error instanceof HubError) || error.kind !== "unsupported") throw error;
    const range = { startSeconds: stretch.fromMs / 1000, endSeconds: stretch.toMs / 1000 - 1 };
    return await search.segmentsBetween(range, signal);
  }
}

function plain(day: string): string {
  return day.replaceAll("-", "");
}
