// Setting privacy zones: by whom, what is kept, what comes back, and what holds for what was recorded before.
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { testPatternDriver } from "../../../src/drivers/testpattern/driver.ts";
import { coveringOf } from "../../../src/operations/footage_covering.ts";
import { settle } from "../../tools/fake_clock.ts";
import { eventPicture } from "../../../src/operations/events.ts";
import { EventPictureFiles } from "../../../src/recordings/event_picture_files.ts";
import { EventsTable } from "../../../src/store/events_table.ts";
import type { Site } from "../tools/app.ts";
import { withSite } from "../tools/app.ts";
import { drawPictures, ffmpeg } from "../tools/jpegs.ts";

const LEFT = {
  name: "Left",
  points: [[0, 0], [0.5, 0], [0.5, 1], [0, 1]].map(([x = 0, y = 0]) => ({ x, y })),
};
const WHOLE = { points: [[0, 0], [1, 0], [1, 1], [0, 1]].map(([x = 0, y = 0]) => ({ x, y })) };
const PATH = "/api/operations/set_privacy_zones";

async function withCamera(work: (site: Site) => Promise<void>): Promise<void> {
  await withSite([testPatternDriver], async (site) => {
    site.manager.add({
      id: "a",
      name: "A",
      type: "testpattern",
      enabled: true,
      origin: "store",
      options: { width: 96, height: 64 },
    });
    await settle();
    await work(site);
  });
}

async function tokenOf({ access }: Site, role: "viewer" | "operator" | "admin") {
  const token = await access.tokens.create(role, { role });
  return { authorization: `Bearer ${token}`, "content-type": "application/json" };
}

Deno.test("[PRIVACY-SET] zones need an administrator and a confirmation; then they are in force, kept and taken down", async () => {
  await withCamera(async (site) => {
    const { ask, send, hub } = site;
    const input = { camera_id: "a", zones: [LEFT], style: "blur" };
    const refused = await ask(PATH, {
      method: "POST",
      headers: await tokenOf(site, "operator"),
      body: JSON.stringify({ ...input, confirm: true }),
    });
    assertEquals([refused.status, (await refused.json()).details.needs_role], [403, "admin"]);
    const asked = await send("POST", PATH, input);
    assertEquals([asked.status, (await asked.json()).details.would], [
      409,
      'Cover 1 zone of camera "a" (blur); now nothing is covered',
    ]);
    assertEquals(hub.media.get("a").maskFor("masked"), undefined);
    const done = await (await send("POST", PATH, { ...input, confirm: true })).json();
    assertEquals(done, { success: true, camera_id: "a", zones: [LEFT], style: "blur", verified: "readback" });
    assertEquals(hub.media.get("a").maskFor("masked"), { zones: [LEFT], style: "blur" });
    assertEquals(hub.media.get("a").maskFor("open"), undefined);
    const restyled = await (await send("POST", PATH, { camera_id: "a", zones: [LEFT, WHOLE], confirm: true }))
      .json();
    assertEquals([restyled.style, restyled.zones.length], ["blur", 2]);
    const dry = await (await send("POST", PATH, { camera_id: "a", zones: [], dry_run: true })).json();
    assertEquals(dry.would, 'Uncover the whole picture of camera "a" for everybody; now 2 zones covered');
    const camera = await (await site.as("/api/cameras/a")).json();
    assertEquals([camera.privacy_zones, camera.privacy.zones.length, camera.privacy.covered_for_you], [
      true,
      2,
      false,
    ]);
    const { entries } = await (await send("POST", "/api/operations/list_audit", {})).json();
    assert(entries.some(({ operation }: { operation: string }) => operation === "set_privacy_zones"));
  });
});

Deno.test("[PRIVACY-SET] wrong zones are refused with their place, and nothing changes", async () => {
  await withCamera(async ({ send, hub }) => {
    await send("POST", PATH, { camera_id: "a", zones: [LEFT], confirm: true });
    const wrong: [unknown, string][] = [
      [[{ points: LEFT.points.slice(0, 2) }], "zones[0].points"],
      [[{ points: [...LEFT.points, { x: 1.2, y: 0 }] }], "zones[0].points[4].x"],
      [Array.from({ length: 17 }, () => LEFT), "zones"],
      [undefined, "zones"],
    ];
    for (const [zones, path] of wrong) {
      const response = await send("POST", PATH, { camera_id: "a", zones, confirm: true });
      const { details } = await response.json();
      assertEquals([response.status, details.problems[0].path], [400, path]);
    }
    assertEquals(hub.rules.of("a").privacy.zones, [LEFT]);
    assertEquals((await send("POST", PATH, { camera_id: "gone", zones: [], confirm: true })).status, 404);
  });
});

Deno.test("[PRIVACY-RECORDINGS] who may see a recording: zones of now, and admins alone once the camera is gone", async () => {
  await withCamera(async ({ hub, manager }) => {
    const [viewer, admin] = [{ user: "v", role: "viewer" }, { user: "a", role: "admin" }] as const;
    const before = coveringOf(viewer, "a", hub);
    let ended: HubError | undefined;
    const leave = before.onChange((why) => ended = why);
    assertEquals(before.rules, undefined);
    await hub.rules.change("a", "motion", { sensitivity: 3 });
    assertEquals(ended, undefined);
    await hub.rules.change("a", "privacy", { zones: [LEFT] });
    assertEquals([ended?.kind, coveringOf(viewer, "a", hub).rules?.zones], ["conflict", [LEFT]]);
    leave();
    assertEquals(coveringOf(admin, "a", hub).rules, undefined);
    await manager.remove("a");
    assertEquals(assertThrows(() => coveringOf(viewer, "a", hub), HubError).kind, "forbidden");
    assertEquals(coveringOf(admin, "a", hub).rules, undefined);
  });
});

const blackShare = async (jpeg: Uint8Array): Promise<number> => {
  const grey = await ffmpeg(
    ["-f", "mjpeg", "-i", "pipe:0", "-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"],
    jpeg,
  );
  return grey.filter((value) => value < 24).length / grey.length;
};

Deno.test("[PRIVACY-ZONES] a picture that was kept before is covered with the zones of now, also of a camera that is gone", async () => {
  await withCamera(async ({ hub, manager }) => {
    const [picture] = await drawPictures(1);
    const { signal } = new AbortController();
    assert(await hub.media.masked("a", picture!, signal) === picture, "without zones it stays as it is");
    await hub.rules.change("a", "privacy", { zones: [LEFT], style: "black" });
    const half = await blackShare(await hub.media.masked("a", picture!, signal));
    assert(half > 0.5 && half < 0.75, `${half}`);
    await hub.rules.change("a", "privacy", { zones: [WHOLE] });
    await manager.remove("a");
    await hub.rules.forgetRemoved("a");
    assertEquals(await blackShare(await hub.media.masked("a", picture!, signal)), 1);
  });
});

Deno.test("[PRIVACY-ZONES] the picture of an event is covered with the zones of now, below admin and over MCP", async () => {
  await withCamera(async (site) => {
    const [picture] = await drawPictures(1);
    const { hub, ask, as, database, clock, dataDir } = site;
    const id = await new EventPictureFiles(dataDir).save(picture!, clock.now(), 1e9);
    const row = { source: "hub", startedAtMs: 1, lastAtMs: 1, endedAtMs: 1, count: 1 };
    const event = { ...row, kind: "motion" as const, camera: "a", details: { snapshot: id } };
    await new EventsTable(database).write([{ row: event }], 1);
    const headers = await tokenOf(site, "viewer");
    const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
    const shown = async () => await bytesOf(await ask("/api/events/1/snapshot", { headers }));
    assertEquals(await shown(), picture);
    await hub.rules.change("a", "privacy", { zones: [WHOLE] });
    const covered = await ask("/api/events/1/snapshot", { headers });
    assertEquals(covered.headers.get("cache-control"), "private, no-store");
    assertEquals(await blackShare(await bytesOf(covered)), 1);
    assertEquals(await bytesOf(await as("/api/events/1/snapshot")), picture, "an administrator");
    const { signal } = new AbortController();
    assertEquals(await blackShare(await eventPicture(hub, 1, { sight: "masked", signal })), 1);
  });
});

Deno.test("[PRIVACY-CLOSED] what is no picture is not let through as one", async () => {
  await withCamera(async ({ hub }) => {
    await hub.rules.change("a", "privacy", { zones: [LEFT] });
    const { signal } = new AbortController();
    for (const bytes of [new Uint8Array(), new Uint8Array(500), (await drawPictures(1))[0]!.slice(0, 60)]) {
      const error = await assertRejects(() => hub.media.masked("a", bytes, signal), HubError);
      assertEquals([error.kind, error.retryable], ["unavailable", true]);
    }
  });
});
