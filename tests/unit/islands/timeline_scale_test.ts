// Time and pixels of the timeline, and what fingers do to them.
import { assert, assertEquals } from "@std/assert";
import { TimelineGestures } from "../../../islands/timeline_gestures.ts";
import {
  DAY_MS,
  dayOf,
  hourAround,
  keyAction,
  marksOf,
  momentHref,
  momentOf,
  spanOf,
  timeAt,
  type View,
  withMoment,
  xOf,
  zoomed,
} from "../../../islands/timeline_scale.ts";

const HOUR = 3_600_000;
const view: View = { fromMs: Date.UTC(2026, 4, 1, 8), toMs: Date.UTC(2026, 4, 1, 10) };

Deno.test("timeline: a moment and its place are one another's inverse; zooming keeps what is under the finger", () => {
  const atMs = view.fromMs + 1_234_567;
  assertEquals(Math.round(timeAt(view, xOf(view, atMs, 390), 390)), atMs);
  for (const factor of [0.5, 3, 1e-9, 1e9]) {
    const changed = zoomed(view, factor, atMs);
    assert(Math.abs(xOf(changed, atMs, 390) - xOf(view, atMs, 390)) < 0.01);
    assert(spanOf(changed) >= 20_000 && spanOf(changed) <= 62 * DAY_MS);
  }
  assertEquals(withMoment(view, atMs), view);
  const far = withMoment(view, view.toMs + HOUR);
  assertEquals([spanOf(far), (far.fromMs + far.toMs) / 2], [spanOf(view), view.toMs + HOUR]);
});

Deno.test("timeline: marks stand at round times, never too close, also over the change of clocks", () => {
  for (const span of [20_000, 600_000, 6 * HOUR, DAY_MS, 7 * DAY_MS, 60 * DAY_MS]) {
    for (const width of [340, 1200]) {
      // The last Sunday of October: the day has 25 hours where clocks are put back.
      const fromMs = Date.UTC(2026, 9, 24, 20);
      const marks = marksOf({ fromMs, toMs: fromMs + span }, width, 76);
      const places = marks.map(({ atMs }) => xOf({ fromMs, toMs: fromMs + span }, atMs, width));
      assert(marks.length > 0 || span > 30 * DAY_MS, `${span} ms`);
      // A day that begins cuts the step before it short where its length is no multiple.
      assert(places.every((x, at) => at === 0 || x > (places[at - 1] ?? 0)), `${places}`);
      assert(places.length <= width / 76 + 2, `${places.length} marks on ${width} pixels`);
    }
  }
  const day = dayOf(view.fromMs);
  assert(day.fromMs <= view.fromMs && day.toMs > view.fromMs && new Date(day.fromMs).getHours() === 0);
});

Deno.test("[TIMELINE-MOMENT] the address of a moment names it; what names none is passed over", () => {
  const { searchParams } = new URL(momentHref("front-door", view.fromMs), "http://hub.lan");
  assertEquals([searchParams.get("camera"), momentOf(searchParams.get("at")!)], ["front-door", view.fromMs]);
  for (const at of [undefined, "", "now", "-5", "1e3", "9".repeat(15), "1.5"]) {
    assertEquals(momentOf(at), undefined, at);
  }
  assertEquals(hourAround(view.fromMs), { fromMs: view.fromMs - HOUR / 2, toMs: view.fromMs + HOUR / 2 });
});

Deno.test("timeline: keys", () => {
  assertEquals(keyAction("ArrowLeft", false), { step: -0.01 });
  assertEquals(keyAction("ArrowRight", true), { step: 0.1 });
  assertEquals([keyAction("Home", false), keyAction("End", false)], [{ go: "first" }, { go: "last" }]);
  assertEquals([keyAction(" ", false), keyAction("Tab", false)], [{ toggle: true }, undefined]);
});

/** What comes of a row of pointers, in words. */
function gestures(rulerHeight = 30) {
  const said: string[] = [];
  let now: View = { fromMs: 0, toMs: 100_000 };
  const own = new TimelineGestures({
    view: () => now,
    show: (next) => {
      now = next;
      said.push(`${Math.round(next.fromMs / 100) / 10}-${Math.round(next.toMs / 100) / 10}`);
    },
    seek: (atMs) => said.push(`seek ${atMs / 1000}`),
    scrub: (atMs) => said.push(atMs === undefined ? "scrubbed" : `scrub ${atMs / 1000}`),
  }, rulerHeight);
  const at = (x: number, y = 60) => ({ x, y, width: 1000 });
  return { own, said, at };
}

Deno.test("timeline: a tap seeks, a drag moves, the ruler scrubs, a gesture that the page takes does nothing", () => {
  const { own, said, at } = gestures();
  own.down(1, at(500));
  own.move(1, at(504));
  own.up(1, at(504));
  assertEquals(said.splice(0), ["seek 50.4"]);
  own.down(1, at(500));
  own.move(1, at(400));
  own.move(1, at(300));
  own.up(1, at(300));
  assertEquals(said.splice(0), ["10-110", "20-120"]);
  own.down(1, at(500, 10));
  own.move(1, at(600, 200));
  own.up(1, at(600));
  assertEquals(said.splice(0), ["scrub 70", "scrub 80", "scrubbed"]);
  own.down(1, at(500));
  own.cancel(1);
  own.up(1, at(500));
  own.move(1, at(100));
  assertEquals(said, []);
});

Deno.test("timeline: two fingers zoom about each other, and the last that is lifted is no tap; the wheel zooms and moves", () => {
  const { own, said, at } = gestures();
  own.down(1, at(400));
  own.down(2, at(600));
  own.move(2, at(800));
  assertEquals(said.splice(0), ["20-70"]);
  own.up(2, at(800));
  own.move(1, at(100));
  own.up(1, at(100));
  assertEquals(said.splice(0), []);
  const wheel = { ...at(500), deltaX: 0, deltaY: 0, isShifted: false };
  own.wheel({ ...wheel, deltaX: 100 });
  own.wheel({ ...wheel, deltaY: -100, isShifted: true });
  assertEquals(said.splice(0), ["25-75", "20-70"]);
  own.wheel({ ...wheel, deltaY: -30 });
  const [from = 0, to = 0] = said[0]!.split("-").map(Number);
  assert(from > 20 && to < 70 && Math.abs((from + to) / 2 - 45) < 0.1, said[0]!);
});
