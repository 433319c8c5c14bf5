// What pages write beside pictures: times, sizes, rates.
import { assertEquals } from "@std/assert";
import {
  formatAge,
  formatAgo,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatFps,
  formatIn,
  localTimes,
} from "../../../islands/format.ts";

const plain = (text: string) => text.replaceAll("\u00a0", " ");
const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;
const D = 24 * H;

const DURATIONS: [number, string][] = [
  [-5, "0 s"],
  [0, "0 s"],
  [59_999, "59 s"],
  [MIN, "1 min"],
  [H - 1, "59 min"],
  [H, "1 h"],
  [2 * H + 5 * MIN, "2 h 5 min"],
  [D - 1, "23 h 59 min"],
  [D, "1 d"],
  [4 * D + 3 * H, "4 d 3 h"],
  [400 * D, "400 d"],
];
for (const [ms, text] of DURATIONS) {
  Deno.test(`formatDuration: ${ms} ms is ${text}`, () => assertEquals(plain(formatDuration(ms)), text));
}

const now = Date.parse("2026-11-22T12:00:00Z");
const iso = (offsetMs: number) => new Date(now + offsetMs).toISOString();

Deno.test("formatAgo: just now, then how long; a clock that runs ahead is now", () => {
  const text = (ms: number) => plain(formatAgo(iso(-ms), now));
  assertEquals([text(-9999), text(0), text(4999), text(5000), text(3 * MIN)], [
    "just now",
    "just now",
    "just now",
    "5 s ago",
    "3 min ago",
  ]);
});

Deno.test("formatIn: how long, then at any moment", () => {
  const text = (ms: number) => plain(formatIn(iso(ms), now));
  assertEquals([text(27 * MIN), text(3000), text(2999), text(-5000)], [
    "in 27 min",
    "in 3 s",
    "at any moment",
    "at any moment",
  ]);
});

Deno.test("formatClock: the time today, with the day on another", () => {
  const local = new Date(2026, 10, 22, 14, 2).getTime();
  const before = new Date(2026, 10, 21, 9, 5).toISOString();
  assertEquals(formatClock(new Date(local).toISOString(), local), "14:02");
  assertEquals(formatClock(before, local), "21 Nov, 09:05");
});

const TEXTS: [string, string, string][] = [
  ["formatAge(0)", formatAge(0), "0.0 s old"],
  ["formatAge(-50)", formatAge(-50), "0.0 s old"],
  ["formatAge(149)", formatAge(149), "0.1 s old"],
  ["formatAge(12 800)", formatAge(12_800), "12 s old"],
  ["formatFps(2.5)", formatFps(2.5), "2.5 fps"],
  ["formatFps(9.94)", formatFps(9.94), "9.9 fps"],
  ["formatFps(9.96)", formatFps(9.96), "10 fps"],
  ["formatFps(29.97)", formatFps(29.97), "30 fps"],
  ["formatBytes(0)", formatBytes(0), "0 B"],
  ["formatBytes(999)", formatBytes(999), "999 B"],
  ["formatBytes(1000)", formatBytes(1000), "1.0 kB"],
  ["formatBytes(1 234 567)", formatBytes(1_234_567), "1.2 MB"],
  ["formatBytes(123 456 789)", formatBytes(123_456_789), "123 MB"],
  ["formatBytes(5e15)", formatBytes(5e15), "5000 TB"],
  ["formatCount(12345)", formatCount(12_345), "12,345"],
];
for (const [call, actual, text] of TEXTS) {
  Deno.test(`${call}: ${text}`, () => assertEquals(plain(actual), text));
}

Deno.test("localTimes: the hub's times, as the clock here shows them", () => {
  const at = new Date(2026, 10, 22, 6, 52, 24);
  const soon = at.getTime() + MIN;
  assertEquals(localTimes(`Refused since ${at.toISOString()}; wait`, soon), "Refused since 06:52; wait");
  assertEquals(localTimes("No time: 2026-11-22", soon), "No time: 2026-11-22");
});
