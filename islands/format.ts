// Turns times, sizes and rates into short English text.

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NBSP = "\u00a0";

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY_AND_CLOCK = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});

const TEXT = {
  now: "just now",
  ago: (duration: string) => `${duration} ago`,
  in: (duration: string) => `in ${duration}`,
  soon: "at any moment",
  old: (seconds: string) => `${seconds}${NBSP}s old`,
};

/** "5 s", "3 min", "2 h 5 min", "4 d 3 h". */
export function formatDuration(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.floor(ms / SECOND_MS))}${NBSP}s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)}${NBSP}min`;
  if (ms < DAY_MS) return pair(ms, HOUR_MS, "h", MINUTE_MS, "min");
  return pair(ms, DAY_MS, "d", HOUR_MS, "h");
}

function pair(ms: number, bigMs: number, big: string, smallMs: number, small: string): string {
  const rest = Math.floor((ms % bigMs) / smallMs);
  const first = `${Math.floor(ms / bigMs)}${NBSP}${big}`;
  return rest === 0 ? first : `${first} ${rest}${NBSP}${small}`;
}

/** "0:42", "1:02:05": how long something runs, or a video is. */
export function formatRunning(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / SECOND_MS));
  const two = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/** "3 min ago", from an ISO 8601 time. */
export function formatAgo(iso: string, nowMs: number): string {
  const passedMs = nowMs - Date.parse(iso);
  return passedMs < 5 * SECOND_MS ? TEXT.now : TEXT.ago(formatDuration(passedMs));
}

/** Waits of the hub that are shorter than this follow one another: their seconds would only flicker. */
const SOON_MS = 3 * SECOND_MS;

/** "in 27 min", from an ISO 8601 time. */
export function formatIn(iso: string, nowMs: number): string {
  const leftMs = Date.parse(iso) - nowMs;
  return leftMs < SOON_MS ? TEXT.soon : TEXT.in(formatDuration(leftMs));
}

/** "14:02" today, "21 Nov, 14:02" on another day. */
export function formatClock(iso: string, nowMs: number): string {
  const time = new Date(iso);
  const sameDay = time.toDateString() === new Date(nowMs).toDateString();
  return (sameDay ? CLOCK : DAY_AND_CLOCK).format(time);
}

/** "0.1 s old". */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, ms) / SECOND_MS;
  return TEXT.old(seconds < 10 ? seconds.toFixed(1) : String(Math.floor(seconds)));
}

/** "25 fps", "2.5 fps". */
export function formatFps(fps: number): string {
  return `${fps < 9.95 ? fps.toFixed(1) : Math.round(fps)}${NBSP}fps`;
}

/** "1.2 MB", in powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 100 ? value.toFixed(1) : Math.round(value)}${NBSP}${units[unit] ?? ""}`;
}

/** "12,345". */
export function formatCount(count: number): string {
  return count.toLocaleString("en-GB");
}

const ISO_TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z/g;

/** A text of the hub with its times, which are those of everybody, as the clock here shows them. */
export function localTimes(text: string, nowMs: number): string {
  return text.replace(ISO_TIME, (iso) => formatClock(iso, nowMs));
}
