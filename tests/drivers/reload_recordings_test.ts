// What a changed configuration does to recordings: told before, and nothing ended that need not be.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { CameraEntry } from "../../src/config/schema.ts";
import { systemClock } from "../../src/base/clock.ts";
import { CameraCatalog } from "../../src/devices/catalog.ts";
import { testPatternDriver } from "../../src/drivers/testpattern/driver.ts";
import { CamerasTable } from "../../src/store/cameras_table.ts";
import { Database } from "../../src/store/database.ts";
import { until } from "../unit/tools/processes.ts";
import { asking } from "./asking.ts";
import { forever, stage } from "./stage.ts";
import { pause, probe, type Studio, withStudio } from "./studio.ts";

const PATTERN = { width: 320, height: 180, fps: 15, codec: "h264", quality: 80 };

interface Reloading {
  studio: Studio;
  catalog: CameraCatalog;
  table: CamerasTable;
  /** The file has these cameras now; what a preview says of taking it over. */
  preview(entries: CameraEntry[]): Promise<string>;
}

const entry = (change: object = {}): CameraEntry => ({
  id: "cam",
  name: "Cam",
  type: "testpattern",
  enabled: true,
  ...PATTERN,
  ...change,
});

/** A camera `cam` of the database, and a catalogue that can reload. */
async function withReload(work: (reloading: Reloading) => Promise<void>): Promise<void> {
  const database = await Database.open(":memory:");
  try {
    await withStudio(testPatternDriver, PATTERN, async (studio) => {
      const table = new CamerasTable(database, systemClock);
      await table.put({
        id: "cam",
        name: "Cam",
        type: "testpattern",
        enabled: true,
        hidden: false,
        options: PATTERN,
      });
      const catalog = new CameraCatalog({ manager: studio.manager, table, context: stage() });
      const preview = async (entries: CameraEntry[]) => {
        const ask = asking(studio, "/nowhere", { planReload: () => catalog.plan(entries) });
        return String((await ask("reload_config", { dry_run: true }, { role: "admin" })).would);
      };
      await work({ studio, catalog, table, preview });
    });
  } finally {
    await database.close();
  }
}

Deno.test("[REC-RELOAD] a camera of the database that the file lets go of is recorded on, in the same file", () =>
  withReload(async ({ studio: { recordings, files }, catalog, preview }) => {
    assertEquals((await catalog.reload([entry()])).unchanged, ["cam"]);
    const { id } = await recordings.start("cam", { durationMs: 60_000 }, forever);
    assertMatch(await preview([]), /no camera comes, changes or goes$/);
    assertEquals((await catalog.reload([])).unchanged, ["cam"]);
    await pause(1200);
    assertEquals([(await recordings.running("cam"))?.id, recordings.last("cam")], [id, undefined]);
    const { because, parts } = await recordings.stop("cam");
    assertEquals([because, parts.length], ["stopped", 1]);
    assert((await probe(`${files.root}/${parts[0]!.path}`)).duration > 1);
  }));

Deno.test("[REC-RELOAD] a camera that comes back from the database with other options is recorded on in another file", () =>
  withReload(async ({ studio: { recordings }, catalog, preview }) => {
    assertEquals((await catalog.reload([entry({ fps: 10 })])).changed, ["cam"]);
    const { id } = await recordings.start("cam", { durationMs: 60_000 }, forever);
    const would = await preview([]);
    assertMatch(would, new RegExp(`change cam; interrupted, .* recording ${id} of camera "cam"$`));
    assertEquals((await catalog.reload([])).changed, ["cam"]);
    await until(async () => {
      const running = await recordings.running("cam");
      return running?.part === 2 && running.sizeBytes > 0 && running.state === "recording";
    }, "the second file");
    await pause(1200);
    assertEquals((await recordings.stop("cam")).parts.map((part) => part.endedBecause), [
      "camera_lost",
      "stopped",
    ]);
  }));

Deno.test("[REC-RELOAD] the preview of a reload names the recordings that it would end, and does not end them", () =>
  withReload(async ({ studio: { recordings }, catalog, table, preview }) => {
    await catalog.reload([entry()]);
    await table.remove("cam");
    const { id } = await recordings.start("cam", { durationMs: 60_000 }, forever);
    const ends = new RegExp(`; this ends the recording ${id} of camera "cam"$`);
    assertMatch(await preview([]), new RegExp(`: remove cam${ends.source}`));
    assertMatch(await preview([entry({ enabled: false })]), ends);
    assertMatch(await preview([entry({ enabled: false, fps: 5 })]), ends);
    assertEquals((await preview([entry({ name: "Other" })])).includes(id), false);
    assertEquals((await recordings.running("cam"))?.id, id);
    await catalog.reload([]);
    assertEquals(recordings.last("cam")?.because, "camera_removed");
  }));
