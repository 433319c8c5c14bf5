import { assert, assertEquals, assertRejects } from "@std/assert";
import { Logger } from "../../../src/base/log.ts";
import { type ClosedFile, pathOf, readName, RecordingFiles } from "../../../src/recordings/files.ts";
import { repair } from "../../../src/recordings/repair.ts";
import { Database } from "../../../src/store/database.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import { RecordingGarbageTable } from "../../../src/store/recording_garbage_table.ts";
import { RecordingsTable } from "../../../src/store/recordings_table.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { mp4File, topBoxes } from "../tools/mp4_files.ts";

const FILE = await mp4File(4);
const AT = Date.UTC(2026, 4, 1, 8, 30, 5);
const ID = "abcdefghjk23";

Deno.test("pathOf and readName: are each other's reverse; anything else is no recording", () => {
  const path = pathOf("front-door", AT + 999, `${ID}-12`);
  assertEquals(path, `front-door/2026-05-01/083005-${ID}-12.mp4`);
  const named = { path, camera: "front-door", id: `${ID}-12`, startedAtMs: AT };
  assertEquals(readName(path), { ...named, isPart: false });
  assertEquals(readName(`${path}.part`), { ...named, isPart: true });
  for (
    const wrong of [
      `../2026-05-01/083005-${ID}.mp4`,
      `a/../083005-${ID}.mp4`,
      `a/2026-05-01/../../../etc/passwd`,
      `a/2026-05-01/083005-${ID}.mp4/../x`,
      `/a/2026-05-01/083005-${ID}.mp4`,
      `a/2026-05-01/083005-${ID}.mp4\0`,
      `a/2026-05-01/083005-${ID.slice(1)}.mp4`,
      `a/2026-99-01/083005-${ID}.mp4`,
      `a/2026-05-01/083005-${ID}.mkv`,
      "",
    ]
  ) assertEquals(readName(wrong), undefined, wrong);
});

async function withFiles(
  work: (
    files: RecordingFiles,
    table: RecordingsTable,
    garbage: RecordingGarbageTable,
    database: Database,
  ) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const database = await Database.open(":memory:");
  try {
    const garbage = new RecordingGarbageTable(database, new FakeClock(AT));
    await work(new RecordingFiles(root), new RecordingsTable(database), garbage, database);
  } finally {
    await database.close();
    await Deno.remove(root, { recursive: true });
  }
}

const put = async (files: RecordingFiles, path: string, bytes: Uint8Array) =>
  await Deno.writeFile(await files.prepare(path), bytes);

Deno.test("RecordingFiles: refuses every path that the hub did not make itself", () =>
  withFiles(async (files) => {
    for (const path of ["../secret", "/etc/passwd", "a/b", `a/2026-05-01/083005-${ID}.mp4/../../x`]) {
      await assertRejects(() => files.open(path), Error);
      await assertRejects(() => files.remove(path), Error);
      await assertRejects(() => files.prepare(path), Error);
    }
  }));

Deno.test("RecordingFiles: closes a file that was cut, without what is not whole; one without a picture goes", () =>
  withFiles(async (files) => {
    const path = pathOf("a", AT, ID);
    const third = topBoxes(FILE).filter(({ type }) => type === "moof")[2]!;
    await put(files, path, FILE.slice(0, third.at + third.size + 10));
    assertEquals(await files.sizeWhileWritten(path), third.at + third.size + 10);
    const closed = await files.close(path) as ClosedFile;
    assertEquals([closed.sizeBytes, Math.round(closed.durationMs / 1000)], [third.at, 2]);
    const kept = await Deno.readFile(`${files.root}/${path}`);
    assertEquals(kept, FILE.slice(0, third.at));
    assertEquals(await files.sizeWhileWritten(path), 0);

    const empty = pathOf("a", AT, ID.replace("a", "z"));
    for (const bytes of [new Uint8Array(0), FILE.slice(0, 500)]) {
      await put(files, empty, bytes);
      assertEquals(await files.close(empty), "empty");
    }
    assertEquals((await Array.fromAsync(files.all())).map((each) => each.path), [path]);
  }));

Deno.test("[REC-REPAIR] repair: lists what was left half done, once, and leaves alone what goes on and what is foreign", () =>
  withFiles(async (files, table) => {
    const [left, second, hollow, active, orphan] = ["a", "b", "c", "d", "e"].map((letter) =>
      `${letter}bcdefghjk23`
    ) as [string, string, string, string, string];
    await put(files, pathOf("a", AT, left), FILE.slice(0, FILE.length - 100));
    await put(files, pathOf("a", AT + 9000, `${second}-2`), FILE);
    await put(files, pathOf("b", AT, hollow), FILE.slice(0, 100));
    await put(files, pathOf("b", AT, active), FILE);
    // Closed, but the hub ended before it was listed.
    await put(files, pathOf("b", AT, orphan), FILE);
    await Deno.rename(
      `${files.root}/${pathOf("b", AT, orphan)}.part`,
      `${files.root}/${pathOf("b", AT, orphan)}`,
    );
    await Deno.writeTextFile(`${files.root}/notes.txt`, "mine");
    await Deno.mkdir(`${files.root}/lost+found`);
    const lines: string[] = [];
    const log = new Logger((line) => lines.push(line), "debug");
    const context = { files, table, log, isActive: (id: string) => id === active };
    const never = new AbortController().signal;
    await repair(context, never);
    await repair(context, never);
    const { recordings, total } = await table.list({ limit: 10 });
    assertEquals(
      recordings.map((
        { id, recording, part, camera, endedBecause },
      ) => [id, recording, part, camera, endedBecause]),
      [
        [`${second}-2`, second, 2, "a", "interrupted"],
        [orphan, orphan, 1, "b", "interrupted"],
        [left, left, 1, "a", "interrupted"],
      ],
    );
    assertEquals([total, lines.filter((line) => line.includes('"warn"')).length], [3, 0]);
    const there = (await Array.fromAsync(files.all())).map(({ id, isPart }) => `${id} ${isPart}`).sort();
    assertEquals(there, [`${left} false`, `${second}-2 false`, `${orphan} false`, `${active} true`].sort());
    assert((await Deno.readTextFile(`${files.root}/notes.txt`)) === "mine");
    assertEquals([recordings[0]?.codec, recordings[0]?.width, recordings[0]?.hasSound], ["h264", 160, false]);
  }));

Deno.test("[REC-GARBAGE] repair: what was deleted does not come back because the hub ended before its file went", () =>
  withFiles(async (files, table, garbage) => {
    const [kept, deleted] = ["a", "b"].map((letter) => `${letter}bcdefghjk23`) as [string, string];
    for (const id of [kept, deleted]) await put(files, pathOf("a", AT, id), FILE);
    const lines: string[] = [];
    const log = new Logger((line) => lines.push(line), "debug");
    const context = { files, table, log, isActive: () => false };
    const never = new AbortController().signal;
    await repair(context, never);
    await garbage.discard([deleted]);
    await repair(context, never);
    assertEquals((await table.list({ limit: 9 })).recordings.map(({ id }) => id), [kept]);
    // The file is still there for the sweep to remove.
    assertEquals([await files.has(pathOf("a", AT, deleted)), (await garbage.garbage()).length], [true, 1]);
    // What ended while the folder was looked through is in the list by itself.
    const late = { ...context, table: lateView(table) };
    await repair(late, never);
    assertEquals(lines.filter((line) => line.includes('"warn"')), []);
  }));

Deno.test("[REC-REPAIR] repair: the first file of a recording by rule is known as such from the journal", () =>
  withFiles(async (files, table, _, database) => {
    const [told, earlier, unknown] = ["a", "b", "c"].map((letter) => `${letter}bcdefghjk23`) as [
      string,
      string,
      string,
    ];
    const events = new EventsTable(database);
    const times = { startedAtMs: AT, lastAtMs: AT, count: 1 };
    for (const [recording, cause] of [[told, "event"], [earlier, "continuous"]]) {
      const row = { camera: "a", kind: "recording", source: "hub", ...times, details: { recording, cause } };
      await events.insert(row, AT);
    }
    for (const id of [told, `${earlier}-7`, unknown]) await put(files, pathOf("a", AT, id), FILE);
    const log = new Logger(() => {}, "error");
    await repair({ files, table, log, isActive: () => false }, new AbortController().signal);
    const { recordings } = await table.list({ limit: 9 });
    assertEquals(
      recordings.map(({ recording, cause, hasEvent }) => [recording, cause, hasEvent]).sort(),
      [[told, "event", true], [earlier, "continuous", false], [unknown, "manual", false]],
    );
  }));

/** As if nothing had been listed yet when the folder was begun to be looked through. */
function lateView(table: RecordingsTable) {
  return {
    paths: () => Promise.resolve(new Set([pathOf("a", AT, "bbcdefghjk23")])),
    find: table.find.bind(table),
    parts: table.parts.bind(table),
    causeTold: table.causeTold.bind(table),
    insert: table.insert.bind(table),
  };
}

Deno.test("[REC-REPAIR] repair: takes nothing away that somebody might read, and changes nothing of a closed file", () =>
  withFiles(async (files, table) => {
    const [foreign, longer, broken] = ["a", "b", "c"].map((letter) =>
      pathOf("a", AT, `${letter}bcdefghjk23`)
    ) as [
      string,
      string,
      string,
    ];
    const closed = async (path: string, bytes: Uint8Array) => {
      await put(files, path, bytes);
      await Deno.rename(`${files.root}/${path}.part`, `${files.root}/${path}`);
    };
    const text = new TextEncoder().encode("an MP4 of another program, or a disk that gives nonsense");
    const tail = new Uint8Array([...FILE, ...text]);
    await closed(foreign, text);
    await closed(longer, tail);
    // Its beginning is gone, its pictures are there.
    const headless = FILE.slice(topBoxes(FILE).find(({ type }) => type === "moof")!.at);
    await put(files, broken, headless);
    const lines: string[] = [];
    const log = new Logger((line) => lines.push(line), "warn");
    const context = { files, table, log, isActive: () => false };
    await repair(context, new AbortController().signal);
    assertEquals(await Deno.readFile(`${files.root}/${foreign}`), text);
    assertEquals(await Deno.readFile(`${files.root}/${longer}`), tail);
    assertEquals(await Deno.readFile(`${files.root}/${broken}.broken`), headless);
    assertEquals((await table.list({ limit: 9 })).recordings.map(({ path }) => path), [longer]);
    assertEquals(lines.map((line) => /left as it is|ending .broken/.exec(line)?.[0]), [
      "left as it is",
      "ending .broken",
    ]);
  }));
