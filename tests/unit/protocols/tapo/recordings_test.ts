// The search through recordings: pages, the number that a search needs, and odd rows.
import { assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import {
  parseDetections,
  parseSegments,
  RecordingSearch,
} from "../../../../src/protocols/tapo/recordings.ts";
import { FakeCaller } from "./fake_caller.ts";

const signal = new AbortController().signal;
const USER = { user_id: 7 };

function listing(from: number, count: number, more?: number) {
  const search_video_results = Array.from({ length: count }, (_, n) => ({
    [`search_video_results_${from + n}`]: {
      startTime: 1000 + 10 * (from + n),
      endTime: 1005 + 10 * (from + n),
      vedio_type: 2,
    },
  }));
  return { playback: { search_video_results, ...(more === undefined ? {} : { to_be_continued: more }) } };
}

function searchesOf(caller: FakeCaller, method: string) {
  return caller.asked.filter((each) => (each as unknown[])[0] === method).map((each) =>
    (each as unknown[])[1]
  );
}

Deno.test("RecordingSearch.days: reads days, once each and in order", async () => {
  const search_results = [
    { search_results_1: { date: "20260813" } },
    { search_results_2: { date: "20260807" } },
    { search_results_3: { date: "2026-08-13" } },
    { search_results_4: { date: "soon" } },
  ];
  const caller = new FakeCaller({ searchDateWithVideo: { playback: { search_results } } });
  const days = await new RecordingSearch(caller).days({ from: "20260801", to: "20260831" }, signal);
  assertEquals(days, ["20260807", "20260813"]);
  const search = { channel: [0], start_date: "20260801", end_date: "20260831" };
  assertEquals(caller.asked, [["searchDateWithVideo", { playback: { search_year_utility: search } }]]);
});

Deno.test("RecordingSearch.segmentsOfDay: goes on to the next page while pages are full", async () => {
  const caller = new FakeCaller({
    getUserID: USER,
    searchVideoOfDay: [listing(1, 100), listing(101, 100), listing(201, 3)],
  });
  const segments = await new RecordingSearch(caller).segmentsOfDay("20260813", signal);
  assertEquals(segments.length, 203);
  assertEquals(segments[0], { startSeconds: 1010, endSeconds: 1015, kind: 2 });
  const page = (start_index: number, end_index: number) => ({
    playback: { search_video_utility: { channel: 0, date: "20260813", start_index, end_index, id: 7 } },
  });
  assertEquals(searchesOf(caller, "searchVideoOfDay"), [page(0, 99), page(100, 199), page(200, 299)]);
  assertEquals(searchesOf(caller, "getUserID").length, 1);
});

Deno.test("RecordingSearch.segmentsOfDay: a camera without pages does not go round for ever", async () => {
  const caller = new FakeCaller({ getUserID: USER, searchVideoOfDay: listing(1, 100) });
  assertEquals((await new RecordingSearch(caller).segmentsOfDay("20260813", signal)).length, 100);
  const all = new FakeCaller({ getUserID: USER, searchVideoOfDay: listing(1, 250) });
  assertEquals((await new RecordingSearch(all).segmentsOfDay("20260813", signal)).length, 250);
  assertEquals(searchesOf(all, "searchVideoOfDay").length, 1);
});

for (const code of [-71103, -71105]) {
  Deno.test(`RecordingSearch: ${code} gets a new number, once`, async () => {
    const caller = new FakeCaller({
      getUserID: [USER, { user_id: 8 }],
      searchVideoOfDay: [code, listing(1, 1)],
    });
    assertEquals((await new RecordingSearch(caller).segmentsOfDay("20260813", signal)).length, 1);
    assertEquals(searchesOf(caller, "getUserID").length, 2);
    const never = new FakeCaller({ getUserID: USER, searchVideoOfDay: code });
    await assertRejects(() => new RecordingSearch(never).segmentsOfDay("20260813", signal), HubError);
    assertEquals(searchesOf(never, "searchVideoOfDay").length, 2);
  });
}

Deno.test("RecordingSearch: while all numbers are taken it asks twice; no number is an error", async () => {
  const caller = new FakeCaller({ getUserID: [-71101, USER], searchVideoOfDay: {} });
  assertEquals(await new RecordingSearch(caller).segmentsOfDay("20260813", signal), []);
  const taken = new FakeCaller({ getUserID: -71101 });
  const error = await assertRejects(
    () => new RecordingSearch(taken).segmentsOfDay("20260813", signal),
    HubError,
  );
  assertEquals([error.kind, taken.asked.length], ["unavailable", 2]);
  const none = new FakeCaller({ getUserID: {} });
  await assertRejects(() => new RecordingSearch(none).segmentsOfDay("20260813", signal), HubError);
});

Deno.test("RecordingSearch.segmentsBetween: follows to_be_continued, with a number or a name of one's own", async () => {
  const range = { startSeconds: 1000.5, endSeconds: 2000.5 };
  const numbered = new FakeCaller({
    getUserID: USER,
    searchVideoWithUTC: [listing(1, 2, 1), listing(3, 2, 0)],
  });
  assertEquals((await new RecordingSearch(numbered).segmentsBetween(range, signal)).length, 4);
  const named = new FakeCaller({ searchVideoWithUTC: listing(1, 1, 0) });
  await new RecordingSearch(named, { playerId: "AB" }).segmentsBetween(range, signal);
  const search = {
    channel: 0,
    start_time: 1000,
    end_time: 2001,
    start_index: 0,
    end_index: 99,
    player_id: "AB",
  };
  assertEquals(named.asked, [["searchVideoWithUTC", { playback: { search_video_with_utc: search } }]]);
});

Deno.test("RecordingSearch.detections: nothing noticed is an empty answer", async () => {
  const range = { startSeconds: 1, endSeconds: 2 };
  assertEquals(
    await new RecordingSearch(new FakeCaller({ searchDetectionList: {} })).detections(range, signal),
    [],
  );
  const rows = [{ start_time: 9, end_time: 10, alarm_type: 6 }, { start_time: "5" }, { end_time: 3 }];
  assertEquals(parseDetections(rows), [{ startSeconds: 5 }, { startSeconds: 9, endSeconds: 10, kind: 6 }]);
});

Deno.test("parseSegments: rows without times, or backwards, are left out", () => {
  const rows = [
    { startTime: "200", endTime: 260, video_type: "2" },
    { startTime: 300 },
    { startTime: 400, endTime: 300 },
    {},
  ];
  assertEquals(parseSegments(rows), [{ startSeconds: 200, endSeconds: 260, kind: 2 }]);
});
