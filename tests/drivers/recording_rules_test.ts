// Cameras that are recorded by their rules, in real time, by real ffmpeg, judged by ffprobe.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { systemClock } from "../../src/base/clock.ts";
import { type CameraRules, recordingRules } from "../../src/config/camera_rules.ts";
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { testPatternDriver } from "../../src/drivers/testpattern/driver.ts";
import { MARK } from "../../src/recordings/folder.ts";
import { TapoRig } from "../emulators/rig/tapo_rig.ts";
import { RtspEmulator } from "../emulators/rtsp/rtsp_emulator.ts";
import { C210 } from "../emulators/tapo/models/index.ts";
import { unmount } from "./unmount.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf, forever } from "./stage.ts";
import { packetTimes, pause, probe, type Studio, withStudio } from "./studio.ts";

const VIDEO = { width: 320, height: 180, fps: 15, codec: "h264" };
const JPEGS = { width: 320, height: 180, fps: 10 };

function rules(recording: Record<string, unknown>): Partial<CameraRules> {
  return { recording: recordingRules.parse(recording) };
}

const listed = async ({ library }: Studio) => (await library.list({ limit: 100 })).recordings.reverse();
const happens = ({ events }: Studio, seq: number, isOver: boolean, kind = "motion") =>
  events.note({ seq, camera: "cam", kind, isOver, beganAgoMs: 0 });

for (const [name, options] of Object.entries({ "H.264": VIDEO, JPEGs: JPEGS })) {
  Deno.test(`[REC-SEGMENTS] ${name}: a continuous recording is cut into files without losing or doubling a picture`, () =>
    withStudio(testPatternDriver, options, async (studio) => {
      const { recordings, ruleRecorder, rules: book, launcher, files } = studio;
      await until(() => recordings.cause("cam") === "continuous", "the recording");
      await until(async () => (await listed(studio)).length >= 3, "three files");
      assertEquals(ruleRecorder.state("cam")?.why, "continuous");
      const writers = launcher.living.filter(({ name }) => name === "record cam").length;
      assert(writers === 1 || writers === 2, `${writers}`);
      await book.change("cam", "recording", { mode: "off" });
      await until(() => recordings.cameras.length === 0, "the end");
      const parts = await listed(studio);
      assertEquals(parts.map(({ part }) => part), parts.map((_, index) => index + 1));
      assertEquals(new Set(parts.map(({ recording }) => recording)).size, 1);
      assertEquals(parts.at(-1)?.endedBecause, "rule_ended");
      const frameMs = 1000 / options.fps;
      for (const [index, part] of parts.entries()) {
        const path = `${files.root}/${part.path}`;
        const found = await probe(path);
        assertEquals(found.codecs, ["h264"]);
        assertEquals([part.cause, part.hasEvent, part.isLocked], ["continuous", false, false]);
        if (index + 1 < parts.length) assertEquals(part.endedBecause, "segment");
        // Each begins where the one before it ends, to less than a picture.
        const next = parts[index + 1];
        if (next) {
          const gapMs = next.startedAtMs - part.endedAtMs;
          assert(Math.abs(gapMs) < frameMs * 1.6, `${gapMs} ms between ${part.id} and ${next.id}`);
        }
        const times = await packetTimes(path);
        const longest = Math.max(...times.slice(1).map((at, of) => at - times[of]!));
        assert(longest < frameMs / 1000 * 3, `${longest} s without a picture`);
      }
    }, { rules: rules({ mode: "continuous" }), segmentMs: 2000 }));
}

Deno.test("[REC-EVENTS] an event is recorded with what was before it, and some time after it", () =>
  withStudio(testPatternDriver, VIDEO, async (studio) => {
    const { recordings, ruleRecorder, media, files } = studio;
    await until(() => (ruleRecorder.state("cam")?.keptMs() ?? 0) >= 3000, "three seconds in memory");
    assertEquals([ruleRecorder.state("cam")?.why, recordings.cause("cam")], ["waiting_for_event", undefined]);
    const beganMs = Date.now();
    happens(studio, 1, false);
    await until(() => recordings.cause("cam") === "event", "the recording");
    await pause(1000);
    happens(studio, 2, false, "person");
    happens(studio, 1, true);
    await pause(1500);
    // It goes on while one of them does, and for two seconds after the last.
    assertEquals([recordings.cause("cam"), ruleRecorder.state("cam")?.why], ["event", "event"]);
    happens(studio, 2, true, "person");
    const endedMs = Date.now();
    await until(() => ruleRecorder.state("cam")?.why === "post_roll", "the time after it");
    await until(async () => (await listed(studio)).length === 1, "the file");
    const [file] = await listed(studio);
    assertEquals([file!.cause, file!.hasEvent, file!.endedBecause, file!.part], [
      "event",
      true,
      "rule_ended",
      1,
    ]);
    assert(file!.startedAtMs <= beganMs - 3000 + 100, `${beganMs - file!.startedAtMs} ms of before`);
    assert(file!.endedAtMs >= endedMs + 1800, `${file!.endedAtMs - endedMs} ms after`);
    assert(file!.endedAtMs <= endedMs + 4000, `${file!.endedAtMs - endedMs} ms after`);
    const found = await probe(`${files.root}/${file!.path}`);
    assert(
      Math.abs(found.duration * 1000 - (file!.endedAtMs - file!.startedAtMs)) < 300,
      `${found.duration}`,
    );
    // Another kind of event is none of the rule's.
    happens(studio, 3, false, "sound");
    await pause(500);
    assertEquals([recordings.cause("cam"), media.get("cam").main.packets.consumers], [undefined, 1]);
  }, { rules: rules({ mode: "events", events: ["motion", "person"], pre_roll_s: 3, post_roll_s: 2 }) }));

Deno.test("[REC-EVENTS] a camera that makes JPEGs: what was before the event is in the file, kept as JPEG where that is wished", () =>
  withStudio(testPatternDriver, JPEGS, async (studio) => {
    const { recordings, ruleRecorder, files, rules: book } = studio;
    await until(() => (ruleRecorder.state("cam")?.keptMs() ?? 0) >= 2000, "two seconds in memory");
    const beganMs = Date.now();
    happens(studio, 1, false);
    await until(() => recordings.cause("cam") === "event", "the recording");
    await pause(1000);
    happens(studio, 1, true);
    await until(async () => (await listed(studio)).length === 1, "the file");
    const [file] = await listed(studio);
    const path = `${files.root}/${file!.path}`;
    assertEquals([file!.codec, (await probe(path)).codecs], ["mjpeg", ["mjpeg"]]);
    assert(file!.startedAtMs <= beganMs - 1900, `${beganMs - file!.startedAtMs} ms of before`);
    const times = await packetTimes(path);
    assert(times.length > 30 && times.at(-1)! > 3.5, `${times.length} pictures, ${times.at(-1)} s`);
    await book.change("cam", "recording", { mode: "off" });
    await until(() => ruleRecorder.state("cam")?.keptMs() === undefined, "nothing to be kept");
  }, { rules: rules({ mode: "events", mjpeg: "keep", pre_roll_s: 2, post_roll_s: 1 }) }));

Deno.test("[REC-BOTH] what somebody asks for and what a rule wants: neither ends the other, and nothing between is lost", () =>
  withStudio(testPatternDriver, VIDEO, async (studio) => {
    const { recordings, files } = studio;
    await until(async () => (await recordings.running("cam"))?.state === "recording", "the rule's recording");
    assertEquals((await failureOf(recordings.stop("cam"))).kind, "conflict");
    await pause(1500);
    const { id } = await recordings.start("cam", { durationMs: 60_000 }, forever);
    assertEquals(recordings.cause("cam"), "manual");
    await pause(1500);
    const { parts: [asked] } = await recordings.stop("cam");
    await until(() => recordings.cause("cam") === "continuous", "the rule to go on");
    await pause(2500);
    await studio.rules.change("cam", "recording", { mode: "off" });
    await until(() => recordings.cameras.length === 0, "the end");
    const all = await listed(studio);
    assertEquals(all.map(({ cause, endedBecause }) => [cause, endedBecause]), [
      ["continuous", "replaced"],
      ["manual", "stopped"],
      ["continuous", "rule_ended"],
    ]);
    assertEquals([all[1]?.id, asked?.id], [id, id]);
    // Each begins no later than the one before it ends.
    for (const [index, { startedAtMs }] of all.slice(1).entries()) {
      assert(
        startedAtMs <= all[index]!.endedAtMs + 100,
        `${startedAtMs - all[index]!.endedAtMs} ms are missing`,
      );
    }
    for (const { path } of all) assert((await probe(`${files.root}/${path}`)).duration > 1);
  }, { rules: rules({ mode: "continuous" }) }));

Deno.test("[REC-CODEC] a camera that sends another codec in the middle of a recording: it goes on in another file", async () => {
  const mount = { path: "/stream1", width: 320, height: 184, fps: 10, gop: 10, audio: "none" } as const;
  await using rtsp = await RtspEmulator.start({ mounts: [{ ...mount, codec: "h264" }] });
  await withStudio(rtspDriver, { stream_url: rtsp.url() }, async (studio) => {
    const { recordings, files } = studio;
    await until(async () => (await recordings.running("cam"))?.state === "recording", "the recording");
    await pause(2000);
    await rtsp.change("/stream1", { ...mount, codec: "h265", width: 640, height: 360 });
    await rtsp.drop();
    await until(async () => (await recordings.running("cam"))?.part === 2, "the second file");
    await until(
      async () => (await recordings.running("cam"))?.state === "recording",
      "the second file's picture",
    );
    await pause(2000);
    await studio.rules.change("cam", "recording", { mode: "off" });
    await until(() => recordings.cameras.length === 0, "the end");
    const parts = await listed(studio);
    assertEquals(parts.map(({ part, codec, width }) => [part, codec, width]), [
      [1, "h264", 320],
      [2, "h265", 640],
    ]);
    for (const { path } of parts) assert((await probe(`${files.root}/${path}`)).duration > 1);
  }, { rules: rules({ mode: "continuous" }) });
});

Deno.test("[REC-DISK] a disk that fills up ends what a rule records, and says so; it goes on when there is room", async () => {
  const space = { freeBytes: 100 * 2 ** 30, totalBytes: 200 * 2 ** 30 };
  await withStudio(testPatternDriver, VIDEO, async (studio) => {
    const { recordings, ruleRecorder, warnings, retention } = studio;
    await until(async () => (await recordings.running("cam"))?.state === "recording", "the recording");
    await pause(1500);
    assertEquals(await retention.makeRoom(), 0);
    space.freeBytes = 9.9 * 2 ** 30;
    await until(() => recordings.last("cam")?.because === "disk_full", "the end");
    await until(() => ruleRecorder.state("cam")?.error?.kind === "storage_full", "the reason");
    assertMatch(warnings.list[0]?.message ?? "", /GiB of the disk are free/);
    const [file] = await listed(studio);
    assertEquals([file?.endedBecause, file?.cause], ["disk_full", "continuous"]);
    // Just enough to begin is not enough to go on: it would stop with the next file.
    space.freeBytes = 10.2 * 2 ** 30;
    assertEquals(
      (await failureOf(recordings.start("cam", { durationMs: 1000 }, forever))).kind,
      "storage_full",
    );
    // Room is made of what rules recorded.
    assertEquals([await retention.makeRoom(), (await listed(studio)).length], [1, 0]);
    space.freeBytes = 50 * 2 ** 30;
    await until(async () => (await recordings.running("cam"))?.state === "recording", "recording to go on");
    assertEquals(warnings.list, []);
  }, { rules: rules({ mode: "continuous" }), freeSpace: () => Promise.resolve(space) });
});

Deno.test("[REC-FOLDER] the disk of the recordings is unplugged and comes back: nothing is written below it, and recording goes on", async () => {
  const root = await Deno.makeTempDir();
  const mount = async (...args: string[]) => {
    const { success, stderr } = await new Deno.Command(args[0]!, { args: args.slice(1) }).output();
    assert(success, new TextDecoder().decode(stderr));
  };
  const disk = await Deno.makeTempDir();
  await mount("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk);
  await mount("mount", "--bind", disk, root);
  try {
    await withStudio(testPatternDriver, VIDEO, async (studio) => {
      const { recordings, ruleRecorder, warnings, library } = studio;
      await until(async () => (await recordings.running("cam"))?.state === "recording", "the recording");
      await pause(1500);
      await mount("umount", "-l", root);
      await until(() => recordings.last("cam")?.because === "folder_missing", "the loss");
      await until(() => ruleRecorder.state("cam")?.error?.kind === "unavailable", "the reason");
      assertMatch(warnings.list[0]?.message ?? "", /not there, or its disk is not mounted/);
      assertEquals(
        (await failureOf(recordings.start("cam", { durationMs: 1000 }, forever))).kind,
        "unavailable",
      );
      await pause(2500);
      assertEquals(
        (await Array.fromAsync(Deno.readDir(root))).length,
        0,
        "something lies in the mount point",
      );
      const before = await listed(studio);
      for (const each of before) assertEquals(await library.isThere(each), false);
      await mount("mount", "--bind", disk, root);
      await until(async () => (await recordings.running("cam"))?.state === "recording", "recording to go on");
      assertEquals(warnings.list, []);
      await studio.rules.change("cam", "recording", { mode: "off" });
      await until(() => recordings.cameras.length === 0, "the end");
      await recordings.repair(forever);
      const all = await listed(studio);
      assert(all.length >= 2, `${all.length}`);
      for (const each of all) assert((await probe(`${root}/${each.path}`)).duration > 0);
      assertEquals((await Array.fromAsync(studio.files.all())).filter(({ isPart }) => isPart), []);
      assert((await Deno.readTextFile(`${root}/${MARK}`)).length > 5);
    }, { root, rules: rules({ mode: "continuous" }), freeSpace: () => Promise.resolve(undefined) });
  } finally {
    await unmount(root);
    await unmount(disk);
    await Deno.remove(root);
    await Deno.remove(disk);
  }
});

Deno.test("[REC-PRIVACY] a covered lens ends what a rule records; it goes on when the lens is open", async () => {
  await using rig = await TapoRig.start({ model: C210 });
  await withStudio(tapoDriver, rig.options, async (studio) => {
    const { recordings, manager, ruleRecorder } = studio;
    const lens = await manager.requireSoon("cam", "privacy", forever);
    await until(async () => (await recordings.running("cam"))?.state === "recording", "the recording");
    await lens.set(true, forever);
    await until(() => recordings.last("cam")?.because === "privacy", "the end");
    assertEquals([ruleRecorder.state("cam")?.why, recordings.cause("cam")], ["privacy", undefined]);
    await lens.set(false, forever);
    await until(
      async () => (await recordings.running("cam"))?.state === "recording",
      "the recording to go on",
    );
  }, { rules: rules({ mode: "continuous" }) });
});

Deno.test("[REC-CLOCK] a wall clock that jumps an hour ahead, and back: each file has one time and its true length", async () => {
  const clock = new JumpingClock();
  for (const options of [VIDEO, JPEGS]) {
    await withStudio(testPatternDriver, options, async (studio) => {
      const { recordings, files, rules: book } = studio;
      await book.change("cam", "recording", { mode: "continuous" });
      for (const [part, jumpMs] of [[1, 3_600_000], [2, -3_600_000], [3, 0]] as const) {
        await until(async () => {
          const running = await recordings.running("cam");
          return running?.part === part && running.state === "recording";
        }, `file ${part}`);
        await pause(2000);
        clock.aheadMs += jumpMs;
      }
      await book.change("cam", "recording", { mode: "off" });
      await until(() => recordings.cameras.length === 0, "the end");
      const parts = await studio.table.parts((await listed(studio))[0]!.recording);
      assertEquals(parts.map(({ part }) => part), [1, 2, 3]);
      const hour = ({ startedAtMs }: { startedAtMs: number }) =>
        Math.round((startedAtMs - parts[0]!.startedAtMs) / 3_600_000);
      assertEquals(parts.map(hour), [0, 1, 0]);
      for (const { path, durationMs, startedAtMs, endedAtMs } of parts) {
        assertEquals(endedAtMs - startedAtMs, durationMs);
        assert(durationMs > 1000 && durationMs < 12_000, `${durationMs}`);
        const { duration } = await probe(`${files.root}/${path}`);
        assert(Math.abs(duration * 1000 - durationMs) < 200, `${duration} s, listed ${durationMs} ms`);
      }
    }, { clock });
  }
});

/** The real time, on a wall clock that somebody sets. */
class JumpingClock {
  aheadMs = 0;

  now(): number {
    return Date.now() + this.aheadMs;
  }

  monotonic(): number {
    return performance.now();
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(durationMs, signal);
  }
}
