// Recordings of emulated cameras, written by real ffmpeg and judged by ffprobe.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { testPatternDriver } from "../../src/drivers/testpattern/driver.ts";
import { HubError } from "../../src/base/errors.ts";
import type { Hub } from "../../src/operations/hub.ts";
import { OPERATIONS } from "../../src/operations/index.ts";
import { invoke } from "../../src/operations/invoke.ts";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { RtspEmulator, type RtspMount } from "../emulators/rtsp/rtsp_emulator.ts";
import { C210 } from "../emulators/tapo/models/index.ts";
import { unmount } from "./unmount.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf, forever } from "./stage.ts";
import { pause, probe, withStudio } from "./studio.ts";

const SMALL: RtspMount = { path: "/stream1", width: 320, height: 184, fps: 10, gop: 20 };
const near = (actual: number, wanted: number, within: number, what: string) =>
  assert(Math.abs(actual - wanted) <= within, `${what}: ${actual}, wanted ${wanted} ± ${within}`);

Deno.test("[REC-COPY] H.264 and G.711 over RTSP: both tracks, the right length, one session", async () => {
  await using rtsp = await RtspEmulator.start({ mounts: [SMALL] });
  await withStudio(rtspDriver, { stream_url: rtsp.url() }, async ({ recordings, library, files }) => {
    const begun = await recordings.start("cam", { durationMs: 5000, preRollMs: 0 }, forever);
    assert(begun.sizeBytes > 0 && begun.state === "recording", JSON.stringify(begun));
    const ended = await recordings.over("cam", forever);
    assertEquals([ended.because, ended.parts.length, ended.id], ["duration", 1, begun.id]);
    const [part] = ended.parts;
    const found = await probe(`${files.root}/${part!.path}`);
    near(found.duration, 5 + part!.preRollMs / 1000, 0.5, "duration");
    assert(part!.preRollMs < 1000, `${part!.preRollMs}`);
    near(part!.durationMs / 1000, found.duration, 0.11, "listed duration");
    assertEquals(
      { codecs: found.codecs, width: found.width, height: found.height },
      { codecs: ["aac", "h264"], width: 320, height: 184 },
    );
    assertEquals([part!.codec, part!.hasSound, part!.endedBecause], ["h264", true, "duration"]);
    assert(found.longestStep < 0.25, `${found.longestStep}`);
    assertEquals((await library.list({ limit: 10 })).recordings, [part!]);
    const { openedTotal, peak } = await rtsp.sessions();
    assertEquals([openedTotal, peak], [1, 1]);
  });
});

Deno.test("[REC-PREROLL] what was there before it was asked for is in the file", async () => {
  const mount = { ...SMALL, gop: 60, audio: "none" } as const;
  await using rtsp = await RtspEmulator.start({ mounts: [mount] });
  await withStudio(rtspDriver, { stream_url: rtsp.url() }, async ({ recordings, files, media }) => {
    const letGo = media.get("cam").main.packets.acquire();
    const { packets: [key] } = await media.get("cam").main.packets.hub.next(0, forever);
    await until(() => Date.now() - key!.arrivedAtMs > 3000, "three seconds of a group");
    const begun = await recordings.start("cam", { durationMs: 3000, preRollMs: 10_000 }, forever);
    assert(begun.preRollMs >= 3000 && begun.preRollMs < 4500, `${begun.preRollMs}`);
    const { parts: [part] } = await recordings.over("cam", forever);
    const { duration, codecs } = await probe(`${files.root}/${part!.path}`);
    near(duration, 3 + begun.preRollMs / 1000, 0.5, "duration");
    assert(part!.startedAtMs <= key!.arrivedAtMs + 1, "it begins with the key frame");
    assertEquals(codecs, ["h264"]);
    letGo();
  });
});

Deno.test("[REC-ENCODE] a camera that makes JPEGs is encoded once", async () => {
  const options = { width: 320, height: 180, fps: 15 };
  await withStudio(testPatternDriver, options, async ({ recordings, files, launcher, warnings }) => {
    await recordings.start("cam", { durationMs: 60_000 }, forever);
    const names = () => launcher.living.map(({ name }) => name).sort();
    assertEquals(names(), ["camera cam", "record cam"]);
    assertEquals((await failureOf(recordings.start("cam", { durationMs: 1000 }, forever))).kind, "conflict");
    const { elapsedMs } = (await recordings.running("cam"))!;
    await pause(4000 - elapsedMs);
    const begin = performance.now();
    const { parts: [part], because } = await recordings.stop("cam");
    assert(performance.now() - begin < 2000, "it takes long to stop");
    const found = await probe(`${files.root}/${part!.path}`);
    near(found.duration, 4, 0.5, "duration");
    near(found.frames, 60, 8, "frames");
    assertEquals([because, found.codecs, part!.codec], ["stopped", ["h264"], "h264"]);
    assertEquals(warnings.list, []);
    await until(() => names().length === 0, "the end of all processes");
    assertEquals((await failureOf(recordings.stop("cam"))).kind, "conflict");
  });
});

Deno.test("[REC-RECONNECT] a camera that goes and comes back: the same recording goes on in a second file", async () => {
  await using rtsp = await RtspEmulator.start({ mounts: [{ ...SMALL, gop: 10 }] });
  await withStudio(rtspDriver, { stream_url: rtsp.url() }, async ({ recordings, files }) => {
    const { id } = await recordings.start("cam", { durationMs: 60_000 }, forever);
    await pause(2000);
    await rtsp.offline();
    await until(async () => (await recordings.running("cam"))?.state === "waiting", "the loss");
    assert((await recordings.running("cam"))?.error, "a reason is told");
    await rtsp.online();
    await until(async () => (await recordings.running("cam"))?.state === "recording", "the return");
    await pause(1500);
    const { parts, because } = await recordings.stop("cam");
    assertEquals(
      parts.map((each) => [each.id, each.recording, each.part, each.endedBecause]),
      [[id, id, 1, "camera_lost"], [`${id}-2`, id, 2, "stopped"]],
    );
    for (const { path } of parts) {
      const { duration, codecs } = await probe(`${files.root}/${path}`);
      assert(duration > 1, `${duration}`);
      assertEquals(codecs, ["aac", "h264"]);
    }
    assertEquals(because, "stopped");
  });
});

Deno.test("[REC-REFUSE] a camera that gives no picture is not recorded, and says why", async () => {
  await using rtsp = await RtspEmulator.start({ mounts: [SMALL] });
  await rtsp.reject("DESCRIBE", 404);
  await withStudio(rtspDriver, { stream_url: rtsp.url() }, async ({ recordings, files }) => {
    const error = await failureOf(recordings.start("cam", { durationMs: 1000 }, forever));
    assertEquals([error.kind, await recordings.running("cam")], ["not_found", undefined]);
    assertEquals((await Array.fromAsync(files.all())).length, 0);
  });
});

Deno.test("[REC-DISK] a disk that is nearly full ends a recording, and says so; none begins on it", async () => {
  const space = { freeBytes: 100 * 2 ** 30, totalBytes: 200 * 2 ** 30 };
  const options = { width: 320, height: 180, fps: 15 };
  await withStudio(testPatternDriver, options, async ({ recordings, warnings, table }) => {
    await recordings.start("cam", { durationMs: 60_000 }, forever);
    const over = recordings.over("cam", forever);
    space.freeBytes = 9 * 2 ** 30;
    const ended = await over;
    assertEquals([ended.because, ended.error?.kind, ended.parts.length], ["disk_full", "storage_full", 1]);
    assertEquals([ended.parts[0]?.endedBecause, warnings.list[0]?.code], ["disk_full", "recordings"]);
    assertEquals((await table.list({ limit: 1 })).total, 1);
    const error = await failureOf(recordings.start("cam", { durationMs: 1000 }, forever));
    assertEquals(error.kind, "storage_full");
  }, { freeSpace: () => Promise.resolve(space) });
});

Deno.test("[REC-STOP] a camera that is stopped ends its recording", () =>
  withStudio(testPatternDriver, { width: 320, height: 180, codec: "h264" }, async (studio) => {
    const { recordings, manager, table } = studio;
    await recordings.start("cam", { durationMs: 60_000 }, forever);
    const over = recordings.over("cam", forever);
    manager.get("cam").update({ enabled: false });
    assertEquals((await over).because, "camera_stopped");
    const { recordings: [kept] } = await table.list({ limit: 1 });
    assertEquals(kept?.endedBecause, "camera_stopped");
  }));

Deno.test("[REC-STOP] the end of the hub and the end of a camera close the file", async () => {
  const options = { width: 320, height: 180, fps: 15, codec: "h264" };
  await withStudio(testPatternDriver, options, async ({ recordings, library, manager, files }) => {
    await recordings.start("cam", { durationMs: 60_000 }, forever);
    await pause(1500);
    await manager.remove("cam");
    const [removed] = (await library.list({ limit: 1 })).recordings;
    assertEquals(removed?.endedBecause, "camera_removed");
    assert((await probe(`${files.root}/${removed!.path}`)).duration > 1);
  });
  await withStudio(testPatternDriver, options, async ({ recordings, library, stop, files }) => {
    await recordings.start("cam", { durationMs: 60_000 }, forever);
    await pause(1500);
    const begin = performance.now();
    await stop();
    assert(performance.now() - begin < 5000, "it takes long to stop");
    const [stopped] = (await library.list({ limit: 1 })).recordings;
    assertEquals(stopped?.endedBecause, "hub_stopped");
    assert((await probe(`${files.root}/${stopped!.path}`)).duration > 1);
  });
});

Deno.test("[REC-RECONNECT] a camera that gets other options: the same recording goes on in a second file", async () => {
  const options = { width: 320, height: 180, fps: 15, codec: "h264" };
  await withStudio(testPatternDriver, options, async (studio) => {
    const { recordings, manager, files } = studio;
    const { id } = await recordings.start("cam", { durationMs: 60_000 }, forever);
    await pause(1500);
    const hub = studio as unknown as Hub;
    const would = async (name: string, input: object) => {
      const context = {
        hub,
        principal: { user: "ann", role: "admin" as const },
        signal: forever,
        report: () => {},
      };
      return String((await invoke(OPERATIONS.get(name)!, context, { dry_run: true, ...input }))["would"]);
    };
    assertMatch(await would("update_camera", { options: { fps: 10 } }), new RegExp(`${id} is interrupted`));
    assertMatch(await would("update_camera", { enabled: false }), new RegExp(`ends its recording ${id}`));
    assertMatch(await would("disconnect_camera", {}), new RegExp(`ends its recording ${id}`));
    assertMatch(await would("remove_camera", {}), new RegExp(`ends its recording ${id}`));
    assertEquals((await would("connect_camera", {})).includes(id), false);

    const { spec, driver } = manager.get("cam");
    const other = { ...options, width: 640, height: 360, fps: 10 };
    await manager.replace({ ...spec, options: driver.options.parse(other) as Record<string, unknown> });
    await until(async () => {
      const running = await recordings.running("cam");
      return running?.part === 2 && running.sizeBytes > 0 && running.state === "recording";
    }, "the second file");
    await pause(1500);
    const { parts, because } = await recordings.stop("cam");
    assertEquals(
      parts.map((each) => [each.id, each.recording, each.endedBecause, each.width]),
      [[id, id, "camera_lost", 320], [`${id}-2`, id, "stopped", 640]],
    );
    assertEquals(because, "stopped");
    for (const { path } of parts) assert((await probe(`${files.root}/${path}`)).duration > 1);
  });
});

Deno.test("[REC-STOP] a file that could not be listed is told of, and stays", () =>
  withStudio(
    testPatternDriver,
    { width: 320, height: 180, fps: 15 },
    async ({ recordings, table, files }) => {
      const insert = table.insert.bind(table);
      table.insert = () => Promise.reject(new HubError("storage_full", "The disk is full"));
      const { id } = await recordings.start("cam", { durationMs: 60_000 }, forever);
      await pause(1000);
      const error = await failureOf(recordings.stop("cam"));
      assertEquals([error.kind, error.details?.recording_id], ["storage_full", id]);
      assertEquals([recordings.last("cam")?.parts.length, recordings.last("cam")?.error], [0, error]);
      const [left] = await Array.fromAsync(files.all());
      assertEquals([left?.id, left?.isPart], [id, false]);
      table.insert = insert;
    },
  ));

Deno.test("[REC-COPY] H.265 is copied too", async () => {
  await using rtsp = await RtspEmulator.start({ mounts: [{ ...SMALL, codec: "h265" }] });
  await withStudio(rtspDriver, { stream_url: rtsp.url() }, async ({ recordings, files }) => {
    await recordings.start("cam", { durationMs: 3000 }, forever);
    const { parts: [part] } = await recordings.over("cam", forever);
    const found = await probe(`${files.root}/${part!.path}`);
    assertEquals([found.codecs, part!.codec], [["aac", "hevc"], "h265"]);
    near(found.duration, 3 + part!.preRollMs / 1000, 0.5, "duration");
  });
});

Deno.test("[REC-DISK] a disk that is full in the middle: what is written stays playable", async () => {
  const root = await Deno.makeTempDir();
  const mount = async (...args: string[]) =>
    (await new Deno.Command(args[0]!, { args: args.slice(1) }).output()).success;
  assert(await mount("mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", root), "needs the right to mount");
  try {
    const options = { width: 640, height: 360, fps: 15, codec: "h264" };
    await withStudio(testPatternDriver, options, async ({ recordings, files, warnings }) => {
      await recordings.start("cam", { durationMs: 60_000 }, forever);
      const { because, error, parts } = await recordings.over("cam", forever);
      assertEquals([because, error?.kind, parts.length], ["disk_full", "storage_full", 1]);
      assert((await probe(`${files.root}/${parts[0]!.path}`)).duration > 0.5);
      assertEquals([parts[0]?.endedBecause, warnings.list[0]?.code], ["disk_full", "recordings"]);
      // So small a disk is refused before anything is written.
    }, { root, freeSpace: () => Promise.resolve(undefined) });
    await withStudio(testPatternDriver, options, async ({ recordings }) => {
      const error = await failureOf(recordings.start("cam", { durationMs: 1000 }, forever));
      assertEquals(error.kind, "storage_full");
    }, { root });
  } finally {
    await unmount(root);
    await Deno.remove(root);
  }
});

Deno.test("[REC-PRIVACY] a Tapo camera whose lens is covered meanwhile: the recording notes the gap", async () => {
  await using rig = await TapoRig.start({ model: C210 });
  await withStudio(tapoDriver, rig.options, async ({ recordings, manager }) => {
    const lens = await manager.requireSoon("cam", "privacy", forever);
    await recordings.start("cam", { durationMs: 60_000 }, forever);
    await pause(1000);
    await lens.set(true, forever);
    const coveredAtMs = Date.now();
    await pause(6000);
    await lens.set(false, forever);
    const openAtMs = Date.now();
    await pause(6000);
    const { parts } = await recordings.stop("cam");
    const gaps = parts.flatMap((each) => each.gaps);
    assertEquals(gaps.map(({ reason }) => reason), ["privacy"]);
    // It is looked for every five seconds.
    near(gaps[0]!.fromMs, coveredAtMs, 5500, "from");
    near(gaps[0]!.toMs, openAtMs, 5500, "to");
  });
});
