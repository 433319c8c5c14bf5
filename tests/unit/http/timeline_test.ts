// The timeline and the pictures over HTTP.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { readJpegHeader } from "../../../src/protocols/mpjpeg/jpeg.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { type Site, withSite } from "../tools/app.ts";
import { mp4File } from "../tools/mp4_files.ts";
import { putRecording } from "../tools/put_recording.ts";

const FILE = await mp4File(6);
const BEGIN = Date.UTC(2026, 4, 1, 8);
const MINUTE = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();
const ids = ["abcdefghjk22", "abcdefghjk23", "abcdefghjk24"] as const;

const put = (site: Site, id: string, fromMs: number, change: object = {}) =>
  putRecording({
    site,
    bytes: FILE,
    recording: { id, camera: "door", startedAtMs: fromMs, endedAtMs: fromMs + 6000, ...change },
  });

async function events(site: Site, count: number, everyMs: number): Promise<void> {
  const table = new EventsTable(site.database);
  for (let at = 0; at < count; at++) {
    const startedAtMs = BEGIN + at * everyMs;
    const kind = at % 4 ? "motion" : "person";
    await table.insert(
      {
        camera: "door",
        kind,
        source: "x",
        startedAtMs,
        lastAtMs: startedAtMs,
        endedAtMs: startedAtMs + 900,
        count: 1,
      },
      startedAtMs,
    );
  }
}

Deno.test("[TIMELINE] stretches, gaps with reasons and events of a camera in a window", () =>
  withSite([], async (site) => {
    await put(site, ids[0], BEGIN, {
      endedBecause: "camera_lost",
    });
    await put(site, ids[1], BEGIN + MINUTE, {
      gaps: [{ fromMs: BEGIN + MINUTE + 1000, toMs: BEGIN + MINUTE + 3000, reason: "privacy" }],
    });
    await put(site, ids[2], BEGIN + MINUTE + 6100);
    await events(site, 5, 10_000);
    const query = `from=${iso(BEGIN - MINUTE)}&to=${iso(BEGIN + 5 * MINUTE)}`;
    const answer = await (await site.as(`/api/timeline?${query}`)).json();
    const [lane] = answer.cameras;
    assertEquals([answer.cameras.length, lane.camera_id, answer.bucket_s], [1, "door", undefined]);
    assertEquals(lane.recorded, [
      { from: iso(BEGIN), to: iso(BEGIN + 6000), files: 1, ended_because: "camera_lost" },
      { from: iso(BEGIN + MINUTE), to: iso(BEGIN + MINUTE + 12_100), files: 2, ended_because: "stopped" },
    ]);
    assertEquals(lane.gaps, [
      { from: iso(BEGIN + 6000), to: iso(BEGIN + MINUTE), reason: "camera_lost" },
      { from: iso(BEGIN + MINUTE + 1000), to: iso(BEGIN + MINUTE + 3000), reason: "privacy" },
    ]);
    assertEquals(lane.events.map(({ kind }: { kind: string }) => kind), [
      "person",
      "motion",
      "motion",
      "motion",
      "person",
    ]);
    assertEquals([lane.events[1].from, lane.events[1].to], [iso(BEGIN + 10_000), iso(BEGIN + 10_900)]);
    const ofKind = await (await site.as(`/api/timeline?${query}&camera=door,yard&kind=person`)).json();
    assertEquals(ofKind.cameras.map((each: { events: unknown[] }) => each.events.length), [2, 0]);
    for (
      const [asked, said] of [
        [`from=${iso(BEGIN)}&to=${iso(BEGIN)}`, /ends before it begins/],
        ["from=0&to=1700000000000", /longer than 400 days/],
        [`${query}&kind=nonsense`, /kinds/],
        ["from=yesterday&to=now", /Expected a time|from/],
      ] as const
    ) {
      const refused = await site.as(`/api/timeline?${asked}`);
      assertEquals(refused.status, 400);
      assertMatch(JSON.stringify(await refused.json()), said);
    }
    assertEquals((await site.ask(`/api/timeline?${query}`)).status, 401);
  }));

Deno.test("[TIMELINE] many events are counted: the answer stays below 2000 items", () =>
  withSite([], async (site) => {
    await events(site, 3000, 5000);
    for (let at = 0; at < 700; at++) {
      const id = `zzzzzzzz${String(at).padStart(4, "0")}`;
      const startedAtMs = BEGIN + at * 30_000;
      await site.recordingsTable.insert({
        ...{
          id,
          recording: id,
          part: 1,
          camera: "door",
          path: id,
          startedAtMs,
          endedAtMs: startedAtMs + 6000,
        },
        ...{
          durationMs: 6000,
          sizeBytes: 1,
          preRollMs: 0,
          hasSound: false,
          cause: "manual",
          hasEvent: false,
          isLocked: false,
          endedBecause: "stopped",
        },
        gaps: [{ fromMs: startedAtMs, toMs: startedAtMs + 1000, reason: "privacy" }],
      });
    }
    for (const hours of [6, 24, 24 * 30]) {
      const from = iso(BEGIN - MINUTE / 2);
      const to = iso(BEGIN + hours * 60 * MINUTE);
      const { cameras: [lane], bucket_s } = await (await site.as(`/api/timeline?from=${from}&to=${to}`))
        .json();
      const items = lane.recorded.length + lane.gaps.length + lane.events.length + lane.density.length;
      assert(items <= 2000 && items > 1, `${items} items in ${hours} h`);
      const total = lane.density.flatMap(({ counts }: { counts: Record<string, number> }) =>
        Object.values(counts)
      )
        .reduce((sum: number, count: number) => sum + count, 0);
      assertEquals([total, lane.events.length, bucket_s > 0], [3000, 0, true]);
    }
  }));

Deno.test("[TIMELINE-PLACE] a moment is found in its file, and what comes before and after", () =>
  withSite([], async (site) => {
    await put(site, ids[0], BEGIN);
    await put(site, ids[1], BEGIN + 6040);
    await put(site, ids[2], BEGIN + MINUTE);
    const locate = async (offsetMs: number) => {
      const path = `/api/recordings/locate?camera=door&t=${BEGIN + offsetMs}`;
      const { recording, offset_s, next, previous } = await (await site.as(path)).json();
      return [previous?.id, recording?.id, offset_s, next?.id];
    };
    assertEquals(await locate(-1), [undefined, undefined, undefined, ids[0]]);
    assertEquals(await locate(0), [undefined, ids[0], 0, ids[1]]);
    assertEquals(await locate(5500), [undefined, ids[0], 5.5, ids[1]]);
    assertEquals(await locate(7040), [ids[0], ids[1], 1, ids[2]]);
    assertEquals(await locate(30_000), [ids[1], undefined, undefined, ids[2]]);
    assertEquals(await locate(MINUTE + 5000), [ids[1], ids[2], 5, undefined]);
    assertEquals(await locate(2 * MINUTE), [ids[2], undefined, undefined, undefined]);
  }));

Deno.test("[THUMBNAILS] a recording has a picture; a moment has that of its key frame; they go with it", () =>
  withSite([], async (site) => {
    await put(site, ids[0], BEGIN);
    const shot = async (path: string) => {
      const response = await site.as(path);
      const bytes = new Uint8Array(await response.arrayBuffer());
      assertEquals([path, response.status, response.headers.get("content-type")], [path, 200, "image/jpeg"]);
      const { width, height } = readJpegHeader(bytes)!;
      return {
        bytes,
        size: [width, height],
        etag: response.headers.get("etag") ?? "",
        headers: response.headers,
      };
    };
    const thumbnail = `/api/recordings/${ids[0]}/thumbnail`;
    const first = await shot(thumbnail);
    // It is never made larger than it was recorded.
    assertEquals(first.size, [160, 96]);
    const kept = `${site.dataDir}/thumbnails/${ids[0]}.jpg`;
    assertEquals(await Deno.readFile(kept), first.bytes);
    assertEquals((await site.as(thumbnail, { headers: { "if-none-match": first.etag } })).status, 304);
    const at = (ms: number) => `/api/recordings/at?camera=door&t=${iso(BEGIN + ms)}&width=160`;
    const early = await shot(at(500));
    const late = await shot(at(4500));
    assertEquals([early.headers.get("x-timestamp"), late.headers.get("x-timestamp")], [
      (BEGIN / 1000).toFixed(3),
      (BEGIN / 1000 + 4).toFixed(3),
    ]);
    assert(
      early.bytes.length !== late.bytes.length ||
        early.bytes.some((byte, index) => byte !== late.bytes[index]),
    );
    // Made once: the file can be away.
    const { path } = await site.library.get(ids[0]);
    const file = `${site.dataDir}/recordings/${path}`;
    await Deno.rename(file, `${file}.away`);
    assertEquals((await shot(at(4700))).bytes, late.bytes);
    const gone = await site.as(at(2500));
    assertEquals([gone.status, (await gone.json()).error_code], [404, "not_found"]);
    await Deno.rename(`${file}.away`, file);
    for (const [asked, status] of [["t=5", 404], ["", 400], ["t=x", 400], ["t=5&width=0", 400]] as const) {
      const refused = await site.as(`/api/recordings/at?camera=door&${asked}`);
      assertEquals([asked, refused.status], [asked, status]);
      await refused.body?.cancel();
    }
    for (const bad of ["..%2f..%2fsecret", "%2e%2e", `${ids[0]}%2f..`, "constructor"]) {
      const refused = await site.as(`/api/recordings/${bad}/thumbnail`);
      assert([400, 404].includes(refused.status), `${bad}: ${refused.status}`);
      await refused.body?.cancel();
    }
    assertEquals((await site.ask(thumbnail)).status, 401);
    await site.as(`/api/recordings/${ids[0]}?confirm=true`, { method: "DELETE" });
    assertEquals(await Deno.stat(kept).catch((error) => error.name), "NotFound");
    // Whatever else removes recordings leaves their pictures to the sweep.
    await put(site, ids[1], BEGIN);
    await shot(`/api/recordings/${ids[1]}/thumbnail`);
    await site.library.remove(ids[1]);
    await site.hub.thumbnails.sweep();
    assertEquals([...Deno.readDirSync(`${site.dataDir}/thumbnails`)], []);
  }));

Deno.test("[THUMBNAILS] a moment behind the last key frame of a file has that one's picture", () =>
  withSite([], async (site) => {
    const recording = { id: ids[0], camera: "door", startedAtMs: BEGIN, endedAtMs: BEGIN + 1900 };
    await putRecording({ site, bytes: await mp4File(1.9), recording });
    for (const ms of [0, 1200, 1800]) {
      const response = await site.as(`/api/recordings/at?camera=door&t=${iso(BEGIN + ms)}&width=160`);
      assertEquals([ms, response.status], [ms, 200]);
      assertEquals(readJpegHeader(new Uint8Array(await response.arrayBuffer()))?.width, 160);
    }
  }));

Deno.test("[THUMBNAILS] many at once: each is made once, two at a time; who leaves takes nothing from others", () =>
  withSite([], async (site) => {
    await put(site, ids[0], BEGIN);
    const recording = await site.library.get(ids[0]);
    const { launcher } = site;
    let [running, most, made] = [0, 0, 0];
    const { spawn } = launcher;
    launcher.spawn = (spec) => {
      const child = spawn.call(launcher, spec);
      made++;
      most = Math.max(most, ++running);
      void child.exited.then(() => running--);
      return child;
    };
    const leave = new AbortController();
    const stay = new AbortController().signal;
    const wish = (offsetMs: number) => ({ offsetMs, width: 160 });
    const left = site.hub.thumbnails.at(recording, wish(0), leave.signal).catch((error) => error.name);
    const asked = [0, 0, 1000, 2000, 3000, 4000].map((offsetMs) =>
      site.hub.thumbnails.at(recording, wish(offsetMs), stay)
    );
    leave.abort();
    assertEquals(await left, "AbortError");
    const pictures = await Promise.all(asked);
    assertEquals(pictures[0]!.bytes, pictures[1]!.bytes);
    assert(most <= 2, `${most} at once`);
    // One more at most: the one whose asker left may have begun.
    assert(made === 5 || made === 6, `${made} were made`);
  }));
