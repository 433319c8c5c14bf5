// What is deleted, in which order, and what never is; and that neither files nor rows are left over.
import { assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { pathOf, RecordingFiles } from "../../../src/recordings/files.ts";
import { MARK, RecordingFolder } from "../../../src/recordings/folder.ts";
import { RecordingLibrary } from "../../../src/recordings/library.ts";
import { type Limits, Retention } from "../../../src/recordings/retention.ts";
import { Database } from "../../../src/store/database.ts";
import { RecordingGarbageTable } from "../../../src/store/recording_garbage_table.ts";
import { RecordingsTable } from "../../../src/store/recordings_table.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 4, 20);

interface Shelf {
  library: RecordingLibrary;
  retention: Retention;
  table: RecordingsTable;
  garbage: RecordingGarbageTable;
  files: RecordingFiles;
  state: {
    overall: Limits;
    cameras: Record<string, Limits>;
    missing: number;
    isThere: boolean;
    isDoubted: boolean;
  };
  /** A file of 100 bytes, so many days old. */
  put(
    id: string,
    ageDays: number,
    facts?: { camera?: string; cause?: string; hasEvent?: boolean; sizeBytes?: number },
  ): Promise<void>;
  /** Ids in the list and on the disk: they are the same. */
  left(): Promise<string>;
}

async function withShelf(work: (shelf: Shelf) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  const database = await Database.open(":memory:");
  const clock = new FakeClock(NOW);
  const files = new RecordingFiles(root);
  const table = new RecordingsTable(database);
  const garbage = new RecordingGarbageTable(database, clock);
  const log = new Logger(() => {}, "error");
  const library = new RecordingLibrary({ files, table, garbage, log });
  const state: Shelf["state"] = { overall: {}, cameras: {}, missing: 0, isThere: true, isDoubted: false };
  const retention = new Retention({
    clock,
    log,
    library,
    table: garbage,
    overall: () => state.overall,
    ofCamera: (camera) => state.cameras[camera] ?? {},
    missingBytes: () => Promise.resolve(state.missing),
    isThere: () => Promise.resolve(state.isThere),
    isClockDoubted: () => state.isDoubted,
  });
  const put: Shelf["put"] = async (
    letter,
    ageDays,
    { camera = "a", cause = "continuous", hasEvent = false, sizeBytes = 100 } = {},
  ) => {
    const id = letter.repeat(12);
    const startedAtMs = NOW - ageDays * DAY;
    const path = pathOf(camera, startedAtMs, id);
    const full = `${root}/${path}`;
    await Deno.mkdir(full.slice(0, full.lastIndexOf("/")), { recursive: true });
    await Deno.writeFile(full, new Uint8Array(100));
    const times = { startedAtMs, endedAtMs: startedAtMs + 60_000, durationMs: 60_000, preRollMs: 0 };
    const facts = { hasSound: false, endedBecause: "segment", gaps: [], cause, hasEvent, isLocked: false };
    await table.insert({ id, recording: id, part: 1, camera, path, sizeBytes, ...times, ...facts });
  };
  const left = async () => {
    const rows = (await table.list({ limit: 100 })).recordings.map(({ id }) => id[0]).sort().join("");
    const disk = (await Array.fromAsync(files.all())).map(({ id }) => id[0]).sort().join("");
    assertEquals(disk, rows);
    assertEquals(await garbage.garbage(), []);
    return rows;
  };
  try {
    await work({ library, retention, table, garbage, files, state, put, left });
  } finally {
    await database.close();
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("[REC-RETENTION] by days: of a camera, else of all; what is locked stays", () =>
  withShelf(async ({ retention, library, state, put, left }) => {
    await put("a", 1);
    await put("b", 8);
    await put("c", 40);
    await put("d", 8, { camera: "b" });
    await put("e", 3, { camera: "b" });
    assertEquals([await retention.enforce(), await left()], [0, "abcde"]);
    await library.lock("c".repeat(12), true);
    state.overall = { keepDays: 7 };
    state.cameras = { b: { keepDays: 2 } };
    assertEquals([await retention.enforce(), await left()], [3, "ac"]);
    await library.lock("c".repeat(12), false);
    assertEquals([await retention.enforce(), await left()], [1, "a"]);
  }));

Deno.test("[REC-RETENTION] while the clock may be wrong nothing is too old, but too much all the same", () =>
  withShelf(async ({ retention, state, put, left }) => {
    await put("a", 400);
    await put("b", 300);
    await put("c", 1);
    state.isDoubted = true;
    state.overall = { keepDays: 7, keepBytes: 200 };
    assertEquals([await retention.enforce(), await left()], [1, "bc"]);
    state.isDoubted = false;
    assertEquals([await retention.enforce(), await left()], [1, "c"]);
  }));

Deno.test("[REC-RETENTION] by bytes: the oldest first, what holds an event counts as half as old as it is", () =>
  withShelf(async ({ retention, library, state, put, left }) => {
    await put("a", 10, { hasEvent: true });
    await put("b", 4);
    await put("c", 6);
    await put("d", 9, { camera: "b" });
    await put("e", 1);
    state.cameras = { a: { keepBytes: 300 } };
    // The event of ten days ago counts as five: six days of nothing go first.
    assertEquals([await retention.enforce(), await left()], [1, "abde"]);
    state.overall = { keepBytes: 250 };
    assertEquals([await retention.enforce(), await left()], [2, "be"]);
    await library.lock("b".repeat(12), true);
    state.overall = { keepBytes: 0 };
    assertEquals([await retention.enforce(), await left()], [1, "b"]);
  }));

Deno.test("[REC-RETENTION] for want of room only what rules recorded goes, and nothing while the folder is away", () =>
  withShelf(async ({ retention, state, put, left }) => {
    await put("a", 10, { cause: "manual" });
    await put("b", 4, { cause: "event", hasEvent: true });
    await put("c", 6);
    state.overall = { keepDays: 1 };
    state.isThere = false;
    assertEquals([await retention.enforce(), await left()], [0, "abc"]);
    state.isThere = true;
    state.overall = {};
    state.missing = 50;
    assertEquals([await retention.enforce(), await left()], [2, "a"]);
  }));

Deno.test("[REC-RETENTION] where files cannot be removed, no more and no more of them go from the list for want of room", () =>
  withShelf(async ({ retention, table, garbage, files, state, put }) => {
    const letters = [..."abcdefghijklmnopqrstuvwxyz01234"];
    for (const [index, letter] of letters.entries()) await put(letter, index + 1, { sizeBytes: 512 << 20 });
    // A folder stands in each file's place: as on a disk that takes no writes, none can be removed.
    for await (const { path } of files.all()) {
      await Deno.remove(`${files.root}/${path}`);
      await Deno.mkdir(`${files.root}/${path}/kept`, { recursive: true });
    }
    state.missing = 1;
    const deleted: number[] = [];
    for (let minute = 0; minute < 20; minute++) deleted.push(await retention.enforce());
    assertEquals(deleted.slice(0, 12), [...Array(11).fill(2), 0]);
    assertEquals([(await table.list({ limit: 1 })).total, (await garbage.garbage()).length], [9, 22]);
    // They can be removed again: room is made, and goes on being made.
    for (const path of await garbage.garbage()) {
      await Deno.remove(`${files.root}/${path}`, { recursive: true });
      await Deno.writeFile(`${files.root}/${path}`, new Uint8Array(1));
    }
    assertEquals([await retention.enforce(), (await garbage.garbage()).length], [2, 2]);
  }));

Deno.test("[REC-GARBAGE] a crash between row and file: the next sweep removes the file, once", () =>
  withShelf(async ({ library, garbage, table, files, put, left }) => {
    await put("a", 1);
    await put("b", 2);
    const [path] = await garbage.discard(["a".repeat(12)]);
    assertEquals([await files.has(path!), await garbage.garbage()], [true, [path]]);
    await library.sweep();
    assertEquals(await left(), "b");
    // Its folder went with the last file of the day.
    assertEquals((await Array.fromAsync(Deno.readDir(`${files.root}/a`))).length, 1);
    await library.sweep();
    await library.lock("b".repeat(12), true);
    const error = await assertRejects(() => library.remove("b".repeat(12)), HubError);
    assertEquals([error.kind, await garbage.discard(["b".repeat(12)])], ["conflict", []]);
    assertEquals((await table.find("b".repeat(12)))?.isLocked, true);
    assertEquals(await left(), "b");
  }));

Deno.test("[REC-FOLDER] the folder is known by its mark: made where it is new, refused where it is empty, taken where it is marked", async () => {
  const top = await Deno.makeTempDir();
  const marks = new Map<string, string>();
  const table = {
    mark: (folder: string) => Promise.resolve(marks.get(folder)),
    setMark: (folder: string, mark: string) => Promise.resolve(void marks.set(folder, mark)),
  };
  const kind = async (root: string, isOwn: boolean) =>
    (await new RecordingFolder(root, { marks: table, isOwn }).refusal())?.kind;
  try {
    const [own, disk] = [`${top}/data/recordings`, `${top}/disk/recordings`];
    assertEquals(await kind(own, true), undefined);
    // A folder elsewhere: not where the one above it is missing.
    assertEquals(await kind(disk, false), "unavailable");
    await Deno.mkdir(`${top}/disk`);
    assertEquals(await kind(disk, false), undefined);
    const mark = (await Deno.readTextFile(`${disk}/${MARK}`)).trim();
    assertEquals(marks.get(disk), mark);
    // Deleted below the data folder: made anew. Elsewhere: away.
    await Deno.remove(own, { recursive: true });
    await Deno.remove(disk, { recursive: true });
    assertEquals([await kind(own, true), await kind(disk, false)], [undefined, "unavailable"]);
    // An empty folder where one is known is a mount point.
    for (const root of [own, disk]) {
      await Deno.remove(root, { recursive: true }).catch(() => {});
      await Deno.mkdir(root);
      assertEquals(await kind(root, root === own), "unavailable");
      assertEquals((await Array.fromAsync(Deno.readDir(root))).length, 0);
    }
    // An empty mark that somebody has put there says that it is meant.
    await Deno.writeTextFile(`${disk}/${MARK}`, "");
    assertEquals([await kind(disk, false), (await Deno.readTextFile(`${disk}/${MARK}`)).trim()], [
      undefined,
      mark,
    ]);
    // Another disk of the hub is as good.
    await Deno.writeTextFile(`${disk}/${MARK}`, "otherotherxx\n");
    assertEquals([await kind(disk, false), marks.get(disk)], [undefined, "otherotherxx"]);
  } finally {
    await Deno.remove(top, { recursive: true });
  }
});
