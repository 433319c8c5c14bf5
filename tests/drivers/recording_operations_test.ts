// The operations of recording, asked as assistants ask them, against cameras that ffmpeg draws.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { isAbort } from "../../src/base/errors.ts";
import { testPatternDriver } from "../../src/drivers/testpattern/driver.ts";
import type { Progress } from "../../src/operations/operation.ts";
import { until } from "../unit/tools/processes.ts";
import { asking } from "./asking.ts";
import { failureOf } from "./stage.ts";
import { pause, probe, withStudio } from "./studio.ts";

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
    const { path } = await studio.library.get(view.id);
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
