// What is kept of recordings, events and metrics, how much that is, and when it goes.
import { formatBytes, formatClock, formatCount } from "../../islands/format.ts";
import type { HistoryKept, Kept, RecordingsKept } from "../operations/kept_views.ts";
import type { EventsUsage } from "../operations/views.ts";

const TEXT = {
  recordings: "Recordings",
  locked: "Of these locked",
  oldest: "The oldest is of",
  deleted: "The oldest are deleted",
  events: "Events",
  pictures: "Pictures of events",
  history: "History of metrics",
  upTo: (bytes: number) => `up to ${formatBytes(bytes)}`,
  values: (hours: number) => `every value for ${hours} h`,
  fiveMinutes: (days: number) => `each 5 minutes for ${days} days`,
  hours: (days: number) => days === 0 ? "each hour for ever" : `each hour for ${days} days`,
  none: "none",
  files: (count: number) => count === 1 ? "1 file" : `${formatCount(count)} files`,
  days: (days: number) => days === 1 ? "after a day" : `after ${days} days`,
  above: (bytes: number) => `above ${formatBytes(bytes)} in all`,
  room: (bytes: number, percent: number) => `before less than ${formatBytes(bytes)} or ${percent} % is free`,
  of: (bytes: number, most: number) => `${formatBytes(bytes)} of ${formatBytes(most)}`,
  kept: (days: number) => `for ${days} days`,
};

export interface KeptRowsProps {
  kept: Kept;
  events: EventsUsage | undefined;
  nowMs: number;
}

export function KeptRows({ kept: { recordings, history }, events, nowMs }: KeptRowsProps) {
  const rows = [
    ...recordingRows(recordings, nowMs),
    ...(events ? eventRows(events) : []),
    historyRow(history),
  ];
  return (
    <dl class="rows">
      {rows.map(([title, value]) => (
        <div key={title}>
          <dt>{title}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function recordingRows(kept: RecordingsKept, nowMs: number): [string, string][] {
  const { files, bytes, locked_bytes, oldest_at, keep_days, keep_bytes } = kept;
  const when = [
    ...(keep_days === undefined ? [] : [TEXT.days(keep_days)]),
    ...(keep_bytes === undefined ? [] : [TEXT.above(keep_bytes)]),
    TEXT.room(kept.min_free_bytes, kept.min_free_percent),
  ];
  return [
    [TEXT.recordings, files === 0 ? TEXT.none : `${TEXT.files(files)}, ${formatBytes(bytes)}`],
    ...(locked_bytes > 0 ? [[TEXT.locked, formatBytes(locked_bytes)] as [string, string]] : []),
    ...(oldest_at === undefined ? [] : [[TEXT.oldest, formatClock(oldest_at, nowMs)] as [string, string]]),
    [TEXT.deleted, when.join(", ")],
  ];
}

function eventRows(events: EventsUsage): [string, string][] {
  const size = TEXT.of(events.bytes, events.max_bytes);
  return [
    [TEXT.events, [formatCount(events.count), size, TEXT.kept(events.keep_days)].join(", ")],
    [
      TEXT.pictures,
      `${formatCount(events.pictures)}, ${TEXT.of(events.picture_bytes, events.max_picture_bytes)}`,
    ],
  ];
}

function historyRow(
  { bytes, max_bytes, raw_hours, five_minute_days, hourly_days }: HistoryKept,
): [string, string] {
  const size = bytes === undefined ? TEXT.upTo(max_bytes) : TEXT.of(bytes, max_bytes);
  const tiers = [TEXT.values(raw_hours), TEXT.fiveMinutes(five_minute_days), TEXT.hours(hourly_days)];
  return [TEXT.history, [size, ...tiers].join(", ")];
}
