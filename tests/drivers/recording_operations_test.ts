// The four operations of media, asked as assistants ask them, against cameras that ffmpeg draws.
import { Buffer } from "node:buffer";
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Role } from "../../src/auth/roles.ts";
import { systemClock } from "../../src/base/clock.ts";
import { Logger } from "../../src/base/log.ts";
import { isAbort } from "../../src/base/errors.ts";
import { testPatternDriver } from "../../src/drivers/testpattern/driver.ts";
import type { Hub } from "../../src/operations/hub.ts";
import { OPERATIONS } from "../../src/operations/index.ts";
import { invoke } from "../../src/operations/invoke.ts";
import type { Progress } from "../../src/operations/operation.ts";
import { SnapshotFiles } from "../../src/recordings/snapshot_files.ts";
import { readJpegHeader } from "../../src/protocols/mpjpeg/jpeg.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf } from "./stage.ts";
import { pause, probe, type Studio, withStudio } from "./studio.ts";

/** Asks a hub that has only what these operations need. */
function asking(studio: Studio, snapshots = "/nowhere") {
  const hub = {
    ...studio,
    clock: systemClock,
    snapshots: new SnapshotFiles(snapshots, {
      freeSpace: () => Promise.resolve(undefined),
      log: new Logger(() => {}, "error"),
    }),
    audit: () => {},
  } as unknown as Hub;
  return (
    name: string,
    input: object = {},
    { signal = new AbortController().signal, report = (_: Progress) => {}, role = "operator" as Role } = {},
    // deno-lint-ignore no-explicit-any -- tests look into answers of every shape
  ): Promise<any> =>
    invoke(OPERATIONS.get(name)!, { hub, principal: { user: role, role }, signal, report }, input);
}

const SMALL = { width: 320, height: 180, fps: 15 };

Deno.test("[REC-OPERATIONS] start, status, stop: what is told is what is on the disk", () =>
  withStudio(testPatternDriver, SMALL, async (studio) => {
    const ask = asking(studio);
    assertMatch(
      (await ask("start_recording", { duration_s: 60, dry_run: true })).would,
      /Record camera "cam" for 60 s/,
    );
    assertEquals((await ask("get_recording_status")).total, 0);
    const begun = await ask("start_recording", { duration_s: 60 });
    assertEquals([begun.camera_id, begun.state, begun.verified, begun.size_bytes > 0], [
      "cam",
      "recording",
      "readback",
      true,
    ]);
    assertEquals((await failureOf(ask("start_recording"))).kind, "conflict");
    await pause(1200);
    const { cameras: [status] } = await ask("get_recording_status", { camera_id: "cam" });
    assertEquals([status.recording, status.recording_id, status.state], [
      true,
      begun.recording_id,
      "recording",
    ]);
    assert(status.size_bytes >= begun.size_bytes && status.elapsed_s > 1, JSON.stringify(status));
    const ended = await ask("stop_recording");
    const [view] = ended.recordings;
    assertEquals([ended.ended_because, view.id, view.camera_id], ["stopped", begun.recording_id, "cam"]);
    const { recordings } = await ask("list_recordings", {}, { role: "viewer" });
    assertEquals(recordings, [view]);
    const { cameras: [idle] } = await ask("get_recording_status", { camera_id: "cam" });
    assertEquals([idle.recording, idle.state, idle.last.ended_because], [false, "idle", "stopped"]);
    assertEquals((await failureOf(ask("stop_recording"))).kind, "conflict");
    assertEquals((await failureOf(ask("start_recording", {}, { role: "viewer" }))).kind, "forbidden");
    const { path } = await studio.recordings.get(view.id);
    assert(Math.abs((await probe(`${studio.files.root}/${path}`)).duration - view.duration_s) < 0.1);
  }));

Deno.test("[REC-WAIT] wait tells how far it is, once a second; who goes away ends the recording", () =>
  withStudio(testPatternDriver, SMALL, async (studio) => {
    const ask = asking(studio);
    const told: Progress[] = [];
    const done = await ask("start_recording", { duration_s: 4, wait: true }, {
      report: (each) => told.push(each),
    });
    assertEquals([done.state, done.ended_because, done.recordings.length], ["over", "duration", 1]);
    assert(Math.abs(done.recordings[0].duration_s - 4) < 0.5, `${done.recordings[0].duration_s}`);
    assert(told.length >= 3 && told.length <= 6, `${told.length} reports`);
    const steps = told.map(({ progress }) => progress);
    assertEquals([steps, told[0]?.total], [[...new Set(steps)].sort((a, b) => a - b), 4]);

    const leave = new AbortController();
    const left = ask("start_recording", { duration_s: 60, wait: true }, { signal: leave.signal }).catch((e) =>
      e
    );
    await until(async () => (await studio.recordings.running("cam"))?.state === "recording", "the beginning");
    leave.abort();
    assert(isAbort(await left));
    assertEquals(studio.recordings.cameras, []);
    assertEquals((await ask("list_recordings")).recordings[0].ended_because, "stopped");
  }));

Deno.test("[CAPTURE] capture_image: the picture fits, tells its size and age, and is kept where that is wanted", async () => {
  const folder = await Deno.makeTempDir();
  const options = { width: 2560, height: 1440, fps: 5, quality: 100 };
  await withStudio(testPatternDriver, options, async (studio) => {
    const ask = asking(studio, folder);
    const widths: number[] = [];
    for (const quality of ["low", "medium", "high"]) {
      const { image_base64, ...told } = await ask("capture_image", { quality });
      const bytes = new Uint8Array(Buffer.from(image_base64, "base64"));
      const header = readJpegHeader(bytes);
      assertEquals([told.width, told.height, told.size_bytes], [header?.width, header?.height, bytes.length]);
      assert(image_base64.length < 900_000, `${quality}: ${image_base64.length}`);
      assert(told.age_ms < 5000 && told.mime_type === "image/jpeg");
      assertEquals([told.uri, told.url, told.saved], [
        "camera://cam/snapshot",
        "/api/cameras/cam/snapshot",
        undefined,
      ]);
      widths.push(told.width);
    }
    assertEquals(widths.slice(0, 2), [640, 1280]);
    assert(widths[2]! > 1280, `${widths[2]}`);
    assertEquals((await ask("capture_image", { width: 200 })).width, 200);

    const kept = await ask("capture_image", { save: true, return_image: false });
    assertEquals(kept.image_base64, undefined);
    const file = await Deno.readFile(`${folder}/${kept.saved.path}`);
    assertEquals([file.length, readJpegHeader(file)?.width], [kept.saved.size_bytes, 2560]);
    const names = await Array.fromAsync(Deno.readDir(`${folder}/snapshots/cam`), ({ name }) => name);
    assertEquals(names.length, 1);
    assertMatch(names[0] ?? "", /^\d{8}T\d{6}-[a-z0-9]{12}\.jpg$/);
    const refused = await failureOf(ask("capture_image", { save: true }, { role: "viewer" }));
    assertEquals(refused.kind, "forbidden");
    assertEquals((await ask("capture_image", {}, { role: "viewer" })).success, true);
  });
  await Deno.remove(folder, { recursive: true });
});
