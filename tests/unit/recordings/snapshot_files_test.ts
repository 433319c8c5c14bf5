// Pictures that are kept: so many, for so long, and a full disk says where they are.
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { type PictureFile, tooMuch } from "../../../src/recordings/picture_pruning.ts";
import { SnapshotFiles } from "../../../src/recordings/snapshot_files.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { until } from "../tools/processes.ts";

const NOW = Date.UTC(2026, 4, 31, 8);
const DAY_MS = 86_400_000;
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);

async function withFolder(
  work: (parts: {
    snapshots: SnapshotFiles;
    clock: FakeClock;
    folder: string;
    lines: string[];
    space: Space;
  }) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const lines: string[] = [];
  const space: Space = { freeBytes: 1e12, totalBytes: 2e12 };
  const log = new Logger((line) => lines.push(line), "info");
  const clock = new FakeClock(NOW);
  const snapshots = new SnapshotFiles(root, { clock, freeSpace: () => Promise.resolve(space), log });
  try {
    await work({ snapshots, clock, folder: `${root}/snapshots`, lines, space });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

interface Space {
  freeBytes: number;
  totalBytes: number;
}

const namesIn = async (folder: string) =>
  (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();

Deno.test("SnapshotFiles: what is older than 30 days goes, also half-written; what is foreign stays", () =>
  withFolder(async ({ snapshots, folder, lines }) => {
    for (const days of [40, 31, 29]) await snapshots.save("door", JPEG, NOW - days * DAY_MS);
    assertEquals((await namesIn(`${folder}/door`)).length, 3);
    await Deno.writeTextFile(`${folder}/door/notes.jpg`, "mine");
    await Deno.writeTextFile(`${folder}/door/20260101T000000-abcdefghjk23.jpg.part`, "");
    await snapshots.save("yard", JPEG, NOW);
    const { path } = await snapshots.save("door", JPEG, NOW);
    const left = await namesIn(`${folder}/door`);
    assertEquals([left.length, left[0]?.slice(0, 8), left.at(-1)], [3, "20260502", "notes.jpg"]);
    assertStringIncludes(path, left[1]!);
    const told = JSON.parse(lines.at(-1)!);
    assertEquals([lines.length, told.cameras, told.count], [1, ["door"], 3]);
  }));

Deno.test("SnapshotFiles: 500 of a camera stay, the oldest go first; the newest stays although the clock is wrong", () =>
  withFolder(async ({ snapshots, folder }) => {
    await Deno.mkdir(`${folder}/door`, { recursive: true });
    for (let n = 0; n < 502; n++) {
      const time = new Date(NOW - n * 1000).toISOString().replace(/[-:]|\.\d+Z$/g, "");
      await Deno.writeFile(`${folder}/door/${time}-abcdefghjk23.jpg`, JPEG);
    }
    const oldest = (await namesIn(`${folder}/door`)).slice(0, 3);
    await snapshots.save("door", JPEG, NOW + 1000);
    const left = await namesIn(`${folder}/door`);
    assertEquals([left.length, left.some((name) => oldest.includes(name))], [500, false]);
    const { path } = await snapshots.save("door", JPEG, 0);
    assertEquals((await Deno.stat(`${folder}/../${path}`)).size, JPEG.length);
  }));

Deno.test("SnapshotFiles: a full disk is told with the folder of the pictures", () =>
  withFolder(async ({ snapshots, folder, space }) => {
    space.freeBytes = 0;
    const error = await assertRejects(() => snapshots.save("door", JPEG, NOW), HubError);
    assertEquals(error.kind, "storage_full");
    assertStringIncludes(error.hint ?? "", folder);
  }));

Deno.test("[PICTURES-PRUNED] SnapshotFiles: old pictures go at the start and every six hours, of cameras that keep none too", () =>
  withFolder(async ({ snapshots, clock, folder }) => {
    for (const [camera, days] of [["gone", 31], ["door", 31], ["door", 29.9]] as const) {
      await snapshots.save(camera, JPEG, NOW - days * DAY_MS);
    }
    const count = async (camera: string) => (await namesIn(`${folder}/${camera}`)).length;
    assertEquals([await count("gone"), await count("door")], [1, 2]);
    const stop = new AbortController();
    const running = snapshots.run(stop.signal);
    await until(() => clock.sleeping === 1, "the first look");
    assertEquals([await count("gone"), await count("door")], [0, 1]);
    await clock.advance(6 * 3_600_000);
    await until(async () => await count("door") === 0, "the second look");
    await until(() => clock.sleeping === 1, "its end");
    stop.abort();
    await running;
  }));

Deno.test("[PICTURES-PRUNED] SnapshotFiles: a hub that has kept no picture yet has nothing to remove, and says nothing", () =>
  withFolder(async ({ snapshots, clock, lines }) => {
    const stop = new AbortController();
    const running = snapshots.run(stop.signal);
    await until(() => clock.sleeping === 1, "the first look");
    stop.abort();
    await running;
    assertEquals(lines, []);
  }));

Deno.test("[PICTURES-PRUNED] tooMuch: by age, by number for each camera, by bytes of all, the oldest first", () => {
  const picture = (camera: string, hours: number, sizeBytes = 1): PictureFile => ({
    path: `${camera}/${hours}`,
    camera,
    takenAtMs: NOW - hours * 3_600_000,
    sizeBytes,
  });
  const limits = { perCamera: 2, ageMs: DAY_MS, bytes: 100 };
  const cases: [PictureFile[], gone: string[]][] = [
    [[], []],
    [[picture("a", 24), picture("a", 25), picture("b", 1)], ["a/25"]],
    [[picture("a", 3), picture("a", 1), picture("a", 2), picture("b", 4)], ["a/3"]],
    [[picture("a", 3, 60), picture("b", 1, 60), picture("c", 4, 40)], ["a/3", "c/4"]],
    [[picture("a", 1, 101)], ["a/1"]],
    [[picture("a", -1000)], []],
  ];
  for (const [pictures, gone] of cases) {
    assertEquals(tooMuch(pictures, NOW, limits).map(({ path }) => path), gone);
  }
});
