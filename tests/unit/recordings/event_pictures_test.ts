// Pictures of events: kept where a stream runs, bounded, gone with their event, and never in the way of it.
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import type { EventDraft, HubEvent } from "../../../src/events/event.ts";
import { Journal } from "../../../src/events/journal.ts";
import { eventPicture } from "../../../src/operations/events.ts";
import { EventPictureFiles } from "../../../src/recordings/event_picture_files.ts";
import type { Media } from "../../../src/media/media.ts";
import { type EventPicture, EventPictures } from "../../../src/recordings/event_pictures.ts";
import { Database } from "../../../src/store/database.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { until } from "../tools/processes.ts";

const JPEG = new Uint8Array(1000).fill(7);

interface Scene {
  journal: Journal;
  pictures: EventPictures;
  clock: FakeClock;
  files: EventPictureFiles;
  folder: string;
  lines: string[];
  told: HubEvent[];
  asked: string[];
  /** What is answered to the question for a picture; by default one of now. */
  answer: { take(camera: string): Promise<EventPicture | undefined>; maxBytes: number; freeBytes: number };
  draft(change?: Partial<EventDraft>): EventDraft;
}

async function withScene(work: (scene: Scene) => Promise<void>, root?: string): Promise<void> {
  const dataDir = root ?? await Deno.makeTempDir();
  const database = await Database.open(`${dataDir}/hub.sqlite`);
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = new Logger((line) => lines.push(line), "debug");
  const files = new EventPictureFiles(dataDir);
  const answer: Scene["answer"] = {
    take: () => Promise.resolve({ bytes: JPEG, capturedAtMs: clock.now() }),
    maxBytes: 1e9,
    freeBytes: 1e12,
  };
  const removing: Promise<void>[] = [];
  const journal = new Journal({
    table: new EventsTable(database),
    clock,
    log,
    retention: () => ({ keepDays: 1, maxBytes: 1e9 }),
    onPicturesGone: (ids) => removing.push(files.remove(ids)),
  });
  const asked: string[] = [];
  const pictures = new EventPictures({
    files,
    journal,
    clock,
    log,
    take: (camera) => {
      asked.push(camera);
      return answer.take(camera);
    },
    freeSpace: () => Promise.resolve({ freeBytes: answer.freeBytes, totalBytes: 2e12 }),
    maxBytes: () => answer.maxBytes,
  });
  const told: HubEvent[] = [];
  journal.subscribe((event) => told.push(event));
  const stop = new AbortController();
  const running = [journal.run(stop.signal), pictures.run(stop.signal)];
  const draft: Scene["draft"] = (change) => ({
    camera: "door",
    kind: "motion",
    source: "onvif",
    startedAtMs: clock.now(),
    ...change,
  });
  const folder = `${dataDir}/event_snapshots`;
  try {
    await work({ journal, pictures, clock, files, folder, lines, told, asked, answer, draft });
  } finally {
    stop.abort();
    await Promise.all(running);
    await Promise.all(removing);
    await database.close();
    if (root === undefined) await Deno.remove(dataDir, { recursive: true });
  }
}

const namesIn = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();

Deno.test("[EVENTS-PICTURES] EventPictures: what is noticed has a picture soon after; what the hub does has none", async () => {
  await withScene(async ({ journal, files, folder, told, asked, draft }) => {
    const event = journal.open(draft({ details: { score: 0.9 } }));
    journal.record(draft({ kind: "recording" }));
    journal.record(draft({ kind: "camera_state" }));
    await until(() => told.some(({ details }) => details?.snapshot !== undefined));
    event.close(1e13);
    await until(() => told.some(({ seq, endedAtMs }) => seq === 1 && endedAtMs === 1e13));
    const [found] = (await journal.list({ kind: "motion", limit: 1 })).events;
    const id = String(found?.details?.snapshot);
    assertEquals(found?.details, { score: 0.9, snapshot: id });
    assertEquals(await namesIn(folder), [`${id}.jpg`]);
    assertEquals(asked, ["door"]);
    const asker = { sight: "masked" as const, signal: new AbortController().signal };
    // Of a camera without privacy zones.
    const media = {
      masked: (_: string, picture: Uint8Array) => Promise.resolve(picture),
    } as unknown as Media;
    const read = (seq: number) => eventPicture({ journal, eventPictures: files, media }, seq, asker);
    assertEquals(await read(1), JPEG);
    assertEquals(files.size, { count: 1, bytes: 1000 });
    for (const [seq, words] of [[2, "has no picture"], [99, "There is no event 99"]] as const) {
      const error = await assertRejects(() => read(seq), HubError);
      assertEquals(error.kind, "not_found");
      assertStringIncludes(error.message, words);
    }
  });
});

Deno.test("[ALERT-PICTURE] EventPictures: the id of a picture that is still being taken is waited for", async () => {
  await withScene(async ({ journal, pictures, told, answer, draft, clock }) => {
    const taking = Promise.withResolvers<EventPicture | undefined>();
    answer.take = () => taking.promise;
    journal.open(draft());
    journal.open(draft({ kind: "recording" }));
    await until(() => told.length === 2);
    const [motion, recording] = told;
    assertEquals(motion?.details, undefined);
    const asked = pictures.idOf(motion!);
    assertEquals(await pictures.idOf(recording!), undefined);
    taking.resolve({ bytes: JPEG, capturedAtMs: clock.now() });
    const id = await asked;
    await until(() => told.some(({ details }) => details?.snapshot !== undefined));
    assertEquals(told.at(-1)?.details?.snapshot, id);
    assertEquals(await pictures.idOf({ ...motion!, details: { snapshot: "another" } }), "another");
  });
});

Deno.test("[EVENTS-PICTURES] EventPictures: two kinds at one moment share what is taken, each with a file of its own", async () => {
  await withScene(async ({ journal, clock, folder, told, asked, draft }) => {
    journal.open(draft());
    journal.open(draft({ kind: "person" }));
    journal.open(draft({ camera: "yard" }));
    await until(() => told.filter(({ details }) => details?.snapshot !== undefined).length === 3);
    assertEquals([asked, (await namesIn(folder)).length], [["door", "yard"], 3]);
    await clock.advance(1000);
    journal.open(draft({ kind: "vehicle" }));
    await until(() => asked.length === 3);
  });
});

Deno.test("[EVENTS-PICTURES] EventPictures: that there was no picture a moment ago is no reason against one now", async () => {
  await withScene(async ({ journal, told, asked, answer, clock, draft }) => {
    const { take } = answer;
    answer.take = () => Promise.resolve(undefined);
    journal.open(draft());
    await until(() => asked.length === 1 && told.length === 1);
    answer.take = take;
    await clock.advance(100);
    journal.open(draft({ kind: "person" }));
    await until(() => told.some(({ kind, details }) => kind === "person" && details?.snapshot !== undefined));
    assertEquals(asked.length, 2);
  });
});

Deno.test("[EVENTS-PICTURES] EventPictures: no stream, a late picture, a full disk and a failure leave the event as it is", async () => {
  await withScene(async ({ journal, clock, files, lines, answer, asked, told, draft }) => {
    const takes: Scene["answer"]["take"][] = [
      () => Promise.resolve(undefined),
      () => Promise.resolve({ bytes: JPEG, capturedAtMs: clock.now() + 6000 }),
      () => Promise.reject(new HubError("unavailable", "no picture came")),
      () => Promise.reject(new HubError("unavailable", "none again")),
    ];
    for (const take of takes) {
      answer.take = take;
      await clock.advance(1000);
      journal.record(draft());
    }
    answer.take = () => Promise.resolve({ bytes: JPEG, capturedAtMs: clock.now() });
    answer.freeBytes = 1e6;
    await clock.advance(1000);
    journal.record(draft());
    answer.maxBytes = 0;
    await clock.advance(1000);
    journal.record(draft());
    await until(() => told.length === 6);
    assertEquals([asked.length, files.size.count], [5, 0]);
    assert(told.every(({ details }) => details === undefined));
    assertEquals(lines.filter((line) => line.includes("could not be kept")).length, 1);
  });
});

Deno.test("[EVENTS-PICTURES] EventPictures: they go with their events, and the oldest where they take too much", async () => {
  await withScene(async ({ journal, clock, files, folder, answer, told, draft }) => {
    answer.maxBytes = 10_500;
    for (let n = 1; n <= 12; n++) {
      await clock.advance(1000);
      journal.record(draft());
      await until(() => told.filter(({ details }) => details?.snapshot !== undefined).length === n);
    }
    assert(files.size.count < 11 && files.size.count >= 9, String(files.size.count));
    assertEquals((await namesIn(folder)).length, files.size.count);
    await until(async () => {
      await clock.advance(3_600_000);
      return (await journal.size()).rows === 0 && (await namesIn(folder)).length === 0 &&
        files.size.count === 0;
    });
    assertEquals(files.size.bytes, 0);
  });
});

Deno.test("[EVENTS-PICTURES] EventPictures: at the start, what no event names and what is half written goes, nothing else", async () => {
  const root = await Deno.makeTempDir();
  try {
    await withScene(async ({ journal, told, draft }) => {
      journal.open(draft());
      await until(() => told.some(({ details }) => details?.snapshot !== undefined));
    }, root);
    const folder = `${root}/event_snapshots`;
    const [kept = ""] = await namesIn(folder);
    await Deno.writeFile(`${folder}/20260101T000000-abcdefghjkmn.jpg`, JPEG);
    await Deno.writeFile(`${folder}/20260101T000000-abcdefghjkmp.jpg.part`, JPEG);
    await Deno.writeTextFile(`${folder}/notes.txt`, "mine");
    await withScene(async ({ files }) => {
      await until(async () => (await namesIn(folder)).length === 2);
      assertEquals(await namesIn(folder), [kept, "notes.txt"]);
      await until(() => files.size.count === 1);
    }, root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});

Deno.test("[EVENTS-PICTURES] EventPictureFiles: an id that is a path reads and removes nothing", async () => {
  const root = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${root}/event_snapshots`);
    await Deno.writeTextFile(`${root}/secret.jpg`, "secret");
    const files = new EventPictureFiles(root);
    for (const id of ["../secret", "..%2fsecret", "/etc/passwd", "20260101T000000-../../secret", ""]) {
      assertEquals(await files.read(id), undefined);
      await files.remove([id]);
    }
    assertEquals(await Deno.readTextFile(`${root}/secret.jpg`), "secret");
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
