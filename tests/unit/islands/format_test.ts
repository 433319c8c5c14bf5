// What pages write beside pictures: times, sizes, rates, and the add-camera form, all without a DOM.
import { assertEquals } from "@std/assert";
import {
  type CameraDraft,
  draftToCamera,
  draftValue,
  emptyDraft,
  sortInputProblems,
  withOption,
} from "../../../islands/camera_form.ts";
import {
  formatAge,
  formatAgo,
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatFps,
  formatIn,
} from "../../../islands/format.ts";
import type { CameraTypeView, ProblemView } from "../../../src/operations/views.ts";

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
  assertEquals([text(27 * MIN), text(1000), text(999), text(-5000)], [
    "in 27 min",
    "in 1 s",
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

const TYPE: CameraTypeView = {
  type: "ip",
  title: "IP camera",
  summary: "x",
  fields: [
    { name: "url", title: "URL", kind: "text", required: true },
    { name: "fps", title: "Rate", kind: "number", required: false, default: 15 },
    { name: "audio", title: "Audio", kind: "boolean", required: false, default: true },
    {
      name: "mode",
      title: "Mode",
      kind: "choice",
      required: true,
      default: "auto",
      choices: ["auto", "raw"],
    },
  ],
};
const field = (name: string) => TYPE.fields.find((each) => each.name === name)!;
const typed = (options: Record<string, string | boolean>): CameraDraft => ({
  ...emptyDraft("ip"),
  options: { ip: options },
});

Deno.test("draftValue: what was typed, else the default", () => {
  const draft = emptyDraft("ip");
  assertEquals(TYPE.fields.map((each) => draftValue(draft, each)), ["", "15", true, "auto"]);
  assertEquals(draftValue(typed({ fps: "" }), field("fps")), "");
  assertEquals(draftValue(typed({ audio: false }), field("audio")), false);
});

Deno.test("withOption: changes one option of the chosen type; switching types loses nothing", () => {
  const first = withOption(withOption(emptyDraft("ip"), "url", "rtsp://x"), "fps", "5");
  const other = withOption({ ...first, type: "webcam" }, "fps", "30");
  assertEquals(other.options, { ip: { url: "rtsp://x", fps: "5" }, webcam: { fps: "30" } });
  assertEquals(first.options, { ip: { url: "rtsp://x", fps: "5" } });
});

Deno.test("draftToCamera: sends what was typed in its type; what is empty or untouched is left to the hub", () => {
  const draft = { ...typed({ url: " rtsp://x", fps: "7.5", audio: false }), id: " front ", name: " Front " };
  assertEquals(draftToCamera(draft, TYPE), {
    id: "front",
    name: "Front",
    type: "ip",
    options: { url: " rtsp://x", fps: 7.5, audio: false, mode: "auto" },
  });
  assertEquals(draftToCamera(typed({ fps: "" }), TYPE), { name: "", type: "ip", options: { mode: "auto" } });
});

function problem(problems: unknown): ProblemView {
  const base = {
    type: "about:blank",
    title: "x",
    status: 400,
    error: "x",
    error_code: "invalid_input",
    message: "x",
  };
  return { ...base, recovery_options: [], details: { problems } };
}

Deno.test("sortInputProblems: puts each complaint at its input, the first of several, and the rest aside", () => {
  const { byInput, others } = sortInputProblems(
    problem([
      { path: "options.url", message: "wrong" },
      { path: "/options/fps", message: "too fast" },
      { path: ["options", "fps"], message: "second" },
      { path: "name", message: "empty" },
      { path: "options.unknown", message: "what is this" },
      { path: "", message: "the whole" },
    ]),
    ["url", "fps", "name"],
  );
  assertEquals(Object.entries(byInput).map(([name, { message }]) => [name, message]), [
    ["url", "wrong"],
    ["fps", "too fast"],
    ["name", "empty"],
  ]);
  assertEquals(others.map(({ message }) => message), ["what is this", "the whole"]);
});

for (
  const odd of [
    undefined,
    problem(undefined),
    problem("text"),
    problem([1, null, { path: "x" }, { message: "x" }]),
  ]
) {
  Deno.test(`sortInputProblems: ${JSON.stringify(odd?.details) ?? "nothing"} holds no complaint`, () => {
    assertEquals(sortInputProblems(odd, ["x"]), { byInput: {}, others: [] });
  });
}
