// Pictures that are kept: so many, for so long, and a full disk says where they are.
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Logger } from "../../../src/base/log.ts";
import { SnapshotFiles } from "../../../src/recordings/snapshot_files.ts";

const NOW = Date.UTC(2026, 4, 31, 8);
const DAY_MS = 86_400_000;
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xd9]);

async function withFolder(
  work: (parts: { snapshots: SnapshotFiles; folder: string; lines: string[]; space: Space }) => Promise<void>,
): Promise<void> {
  const root = await Deno.makeTempDir();
  const lines: string[] = [];
  const space: Space = { freeBytes: 1e12, totalBytes: 2e12 };
  const log = new Logger((line) => lines.push(line), "info");
  const snapshots = new SnapshotFiles(root, { freeSpace: () => Promise.resolve(space), log });
  try {
    await work({ snapshots, folder: `${root}/snapshots`, lines, space });
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
    assertEquals([lines.length, told.camera, told.count], [1, "door", 3]);
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
