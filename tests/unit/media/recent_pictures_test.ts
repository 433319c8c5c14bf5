// Pictures that are had whole for a while.
import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { RecentPictures } from "../../../src/media/recent_pictures.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const MINUTE_MS = 60_000;

function isThere(pictures: RecentPictures, id: string): boolean {
  try {
    return pictures.get("door", id, undefined).length > 0;
  } catch (error) {
    if (error instanceof HubError && error.kind === "not_found") return false;
    throw error;
  }
}

Deno.test("[CAPTURE] RecentPictures: a picture is there for ten minutes, for its own camera only", async () => {
  const clock = new FakeClock();
  const pictures = new RecentPictures(clock);
  const bytes = new Uint8Array(10);
  const id = pictures.add("door", bytes, undefined);
  assertEquals(pictures.get("door", id, undefined), bytes);
  for (const [camera, asked] of [["yard", id], ["door", "other"]] as const) {
    const error = assertThrows(() => pictures.get(camera, asked, undefined), HubError);
    assertEquals(error.kind, "not_found");
    assertMatch(error.hint ?? "", /capture_image takes another/);
  }
  await clock.advance(9 * MINUTE_MS);
  assertEquals(isThere(pictures, id), true);
  await clock.advance(MINUTE_MS);
  assertEquals(isThere(pictures, id), false);
});

Deno.test("RecentPictures: one frame taken twice is one picture, and counts as new", async () => {
  const clock = new FakeClock();
  const pictures = new RecentPictures(clock);
  const bytes = new Uint8Array(10);
  const id = pictures.add("door", bytes, undefined);
  await clock.advance(9 * MINUTE_MS);
  assertEquals(pictures.add("door", bytes, undefined), id);
  await clock.advance(9 * MINUTE_MS);
  assertEquals(isThere(pictures, id), true);
});

Deno.test("[CAPTURE] RecentPictures: the oldest go when there are 33, or more than 16 MB, never the newest", () => {
  const pictures = new RecentPictures(new FakeClock());
  const small = Array.from({ length: 33 }, () => pictures.add("door", new Uint8Array(10), undefined));
  assertEquals(small.map((id) => isThere(pictures, id)), [false, ...Array(32).fill(true)]);
  const half = pictures.add("door", new Uint8Array(8 * 1024 * 1024), undefined);
  const other = pictures.add("door", new Uint8Array(8 * 1024 * 1024), undefined);
  assertEquals([small[32]!, half, other].map((id) => isThere(pictures, id)), [false, true, true]);
  const huge = pictures.add("door", new Uint8Array(20 * 1024 * 1024), undefined);
  assertEquals([half, other, huge].map((id) => isThere(pictures, id)), [false, false, true]);
});
