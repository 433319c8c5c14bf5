// Exports over HTTP: real files put together, and what ffprobe says of them.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { probe } from "../../drivers/studio.ts";
import { exportName, readExportFile } from "../../../src/recordings/export.ts";
import { type Site, withSite } from "../tools/app.ts";
import { mp4File } from "../tools/mp4_files.ts";
import { until } from "../tools/processes.ts";
import { putRecording } from "../tools/put_recording.ts";

const SIX = await mp4File(6, { sound: true });
const OTHER = await mp4File(6);
const BEGIN = Date.UTC(2026, 4, 1, 8);
const ids = ["abcdefghjk22", "abcdefghjk23", "abcdefghjk24"] as const;
const iso = (ms: number) => new Date(ms).toISOString();

const put = (site: Site, id: string, fromMs: number, bytes = SIX, change: object = {}) =>
  putRecording({
    site,
    bytes,
    recording: { id, camera: "door", startedAtMs: fromMs, endedAtMs: fromMs + 6000, ...change },
  });

/** Asks as the dashboard does. */
async function ask(site: Site, fromMs: number, toMs: number, more: object = {}) {
  const input = { camera_id: "door", from: iso(fromMs), to: iso(toMs), ...more };
  const response = await site.send("POST", "/api/operations/export_recording", input);
  return { status: response.status, body: await response.json() };
}

const list = async (site: Site) => (await (await site.as("/api/exports")).json()).exports;
const left = (site: Site) => {
  try {
    return [...Deno.readDirSync(`${site.dataDir}/exports`)].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
};

Deno.test("[EXPORT] a stretch over three files with a gap becomes one MP4 that plays, with its sound", () =>
  withSite([], async (site) => {
    await put(site, ids[0], BEGIN);
    await put(site, ids[1], BEGIN + 6000);
    await put(site, ids[2], BEGIN + 60_000);
    const { status, body } = await ask(site, BEGIN + 3000, BEGIN + 63_000, { wait: true });
    assertEquals([status, body.state, body.progress, body.verified], [200, "done", 1, "readback"]);
    assertEquals([body.covered_s, body.gaps], [12, [{ from: iso(BEGIN + 12_000), to: iso(BEGIN + 60_000) }]]);
    assertMatch(body.file_name, /^door_2026-05-01_\d\d-00-03_to_\d\d-01-03\.mp4$/);
    const response = await site.as(body.links.download);
    assertEquals(
      response.headers.get("content-disposition"),
      `attachment; filename="${body.file_name}"`,
    );
    const path = await Deno.makeTempFile({ suffix: ".mp4" });
    await Deno.writeFile(path, new Uint8Array(await response.arrayBuffer()));
    const { duration, codecs, longestStep } = await probe(path);
    // It begins with the key frame before: a key frame every two seconds.
    assert(duration >= 12 && duration <= 14.2, `${duration} s`);
    assert(longestStep < 0.3, `${longestStep} s between two pictures`);
    assertEquals(codecs, ["aac", "h264"]);
    // The index stands in front, so that a player needs no more than the beginning.
    const head = new TextDecoder("latin1").decode((await Deno.readFile(path)).subarray(0, 4096));
    assert(head.includes("moov"), "no index in front");
    await Deno.remove(path);
    const ranged = await site.as(body.links.video, { headers: { range: "bytes=0-9" } });
    assertEquals([ranged.status, (await ranged.arrayBuffer()).byteLength], [206, 10]);
    assertEquals((await site.ask(body.links.video)).status, 401);
    assertEquals(left(site).length, 1);
  }));

Deno.test("[EXPORT-REFUSE] nothing there, too long, another picture in between: with the reason", () =>
  withSite([], async (site) => {
    await put(site, ids[0], BEGIN);
    await put(site, ids[1], BEGIN + 6000, OTHER);
    const refused = async (fromMs: number, toMs: number) => {
      const { status, body } = await ask(site, fromMs, toMs);
      return `${status} ${body.message} ${body.recovery_options.join(" ")}`;
    };
    assertMatch(await refused(BEGIN - 5000, BEGIN - 1000), /404 Nothing was recorded from .*get_timeline/);
    assertMatch(await refused(BEGIN, BEGIN), /400 The time ends before it begins/);
    assertMatch(await refused(BEGIN, BEGIN + 25 * 3_600_000), /400 The time is longer than 24 hours/);
    assertMatch(
      await refused(BEGIN, BEGIN + 9000),
      /409 Picture or sound of "door" changes at 2026-05-01T08:00:06.000Z.*up to 2026-05-01T08:00:06.000Z/,
    );
    const preview = await ask(site, BEGIN, BEGIN + 6000, { dry_run: true });
    assertMatch(preview.body.would, /Export 6 s of camera "door", about 0\.\d MB/);
    assertEquals(left(site), []);
    // A path that is no recording's never reaches ffmpeg, and ids are looked up, not opened.
    for (const bad of ["..%2f..%2fhub", "%2e%2e", "constructor", "zzzzzzzzzzzz"]) {
      const response = await site.as(`/api/exports/${bad}/video`);
      assert([400, 404].includes(response.status), `${bad}: ${response.status}`);
      await response.body?.cancel();
    }
  }));

Deno.test("[EXPORT-REFUSE] one that fails while it is made says why, and leaves nothing", () =>
  withSite([], async (site) => {
    await put(site, ids[0], BEGIN);
    const { launcher } = site;
    const { spawn } = launcher;
    launcher.spawn = (spec) => {
      const args = spec.args.map((each) => each.startsWith("file:") ? "file:/nowhere/at/all.mp4" : each);
      return spawn.call(launcher, { ...spec, args });
    };
    const { status, body } = await ask(site, BEGIN, BEGIN + 6000, { wait: true });
    assertEquals([status, body.error_code], [500, "internal"]);
    const [made] = await list(site);
    assertEquals([made.state, made.reason], ["failed", "The recordings could not be put together"]);
    assertEquals(left(site), []);
    launcher.spawn = spawn;
    await put(site, ids[1], BEGIN + 6000, SIX, { sizeBytes: 1e12 });
    const full = await ask(site, BEGIN, BEGIN + 12_000);
    assertEquals([full.status, full.body.error_code], [507, "storage_full"]);
    assertMatch(
      full.body.message,
      /needs 931.3 GiB; 931.3 GiB of the disk are free, of which 93.1 GiB must stay free/,
    );
  }));

Deno.test("[EXPORT-KEEP] one that is being made is ended; what was made outlives a restart, but not a day", () =>
  withSite([], async (site) => {
    await put(site, ids[0], BEGIN);
    const { launcher, hub } = site;
    const { spawn } = launcher;
    // As with a disk that is slow: ffmpeg does not come to an end.
    const slow = ["-loglevel", "error", "-re", "-f", "lavfi", "-i", "anullsrc", "-f", "null", "-"];
    launcher.spawn = (spec) => spawn.call(launcher, { ...spec, args: slow });
    const first = (await ask(site, BEGIN, BEGIN + 6000)).body;
    const second = (await ask(site, BEGIN, BEGIN + 6000)).body;
    await until(async () => (await hub.exports.get(first.export_id)).state === "running");
    assertEquals((await hub.exports.get(second.export_id)).state, "waiting");
    const early = await site.as(`/api/exports/${first.export_id}/video`);
    assertEquals([early.status, (await early.json()).error_code], [409, "conflict"]);
    for (const { export_id } of [second, first]) {
      const done = await site.as(`/api/exports/${export_id}`, { method: "DELETE" });
      assertEquals([done.status, (await done.json()).success], [200, true]);
    }
    assertEquals([await list(site), left(site), launcher.living.length], [[], [], 0]);

    launcher.spawn = spawn;
    const made = (await ask(site, BEGIN, BEGIN + 6000, { wait: true })).body;
    await Deno.writeFile(
      `${site.dataDir}/exports/door.1700000000000-1700000001000.aaaaaaaaaaaa.mp4.part`,
      SIX,
    );
    await Deno.writeTextFile(`${site.dataDir}/exports/notes.txt`, "not the hub's");
    const [name = ""] = left(site).filter((each) => each.includes(made.export_id));
    assertEquals(readExportFile(name)?.id, made.export_id);
    await hub.exports.sweep();
    assertEquals(left(site).sort(), [name, "notes.txt"].sort());
    const old = site.clock.now() / 1000 - 86_401;
    await Deno.utime(`${site.dataDir}/exports/${name}`, old, old);
    await hub.exports.sweep();
    assertEquals(left(site), ["notes.txt"]);
  }));

Deno.test("[EXPORT] the name tells camera and time by the clock here", () => {
  const at = new Date(2026, 9, 25, 23, 59, 58).getTime();
  const made = { camera: "front-door", fromMs: at, toMs: at + 61_000 };
  assertEquals(exportName(made), "front-door_2026-10-25_23-59-58_to_2026-10-26_00-00-59.mp4");
  assertEquals(exportName({ ...made, toMs: at + 1000 }), "front-door_2026-10-25_23-59-58_to_23-59-59.mp4");
  for (
    const no of ["a.mp4", "../a.1-2.aaaaaaaaaaaa.mp4", "door.1700000000000-1700000000001.AAAAAAAAAAAA.mp4"]
  ) {
    assertEquals(readExportFile(no), undefined);
  }
});
