// Events and their pictures by role, and pictures that no path of a request can turn into another file.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { EventsTable } from "../../../src/store/events_table.ts";
import { EventPictureFiles } from "../../../src/recordings/event_picture_files.ts";
import { type Site, withSite } from "../tools/app.ts";

const JPEG = new Uint8Array([0xff, 0xd8, 1, 2, 3, 0xff, 0xd9]);

/** A journal with a motion that has a picture, one whose picture is gone, a login and a change of settings. */
async function withEvents(work: (site: Site) => Promise<void>): Promise<void> {
  await withSite([], async (site) => {
    const id = await new EventPictureFiles(site.dataDir).save(JPEG, site.clock.now(), 1e9);
    const row = { source: "hub", startedAtMs: 1, lastAtMs: 1, endedAtMs: 1, count: 1 };
    await new EventsTable(site.database).write([
      { row: { ...row, kind: "motion", camera: "door", details: { snapshot: id, score: 0.8 } } },
      {
        row: {
          ...row,
          kind: "motion",
          camera: "door",
          details: { snapshot: "20250101T000000-abcdefghjkmn" },
        },
      },
      { row: { ...row, kind: "login", details: { user: "ann", address: "192.168.1.5" } } },
      { row: { ...row, kind: "config_change", details: { what: "camera added", user: "ann" } } },
      { row: { ...row, kind: "motion", camera: "door", details: { snapshot: "../hub" } } },
    ], 1);
    await work(site);
  });
}

Deno.test("[EVENTS-PICTURES] eventRoutes: a viewer gets the picture of an event; nobody without a login does", async () => {
  await withEvents(async ({ access, ask }) => {
    const value = await access.tokens.create("robot", { role: "viewer" });
    const as = (path: string) => ask(path, { headers: { authorization: `Bearer ${value}` } });
    const { events } = await (await as("/api/events")).json();
    const shown = events.find(({ seq }: { seq: number }) => seq === 1);
    assertEquals([shown.snapshot, shown.details.score], ["/api/events/1/snapshot", 0.8]);
    const picture = await as(shown.snapshot);
    assertEquals([picture.status, picture.headers.get("content-type")], [200, "image/jpeg"]);
    assertStringIncludes(picture.headers.get("cache-control") ?? "", "private");
    assertEquals(new Uint8Array(await picture.arrayBuffer()), JPEG);
    assertEquals((await ask("/api/events/1/snapshot")).status, 401);
    const gone = await as("/api/events/2/snapshot");
    assertEquals(gone.status, 404);
    assertStringIncludes((await gone.json()).message, "no longer kept");
    assertEquals(
      [(await as("/api/events/5/snapshot")).status, (await as("/api/events/77/snapshot")).status],
      [
        404,
        404,
      ],
    );
  });
});

Deno.test("[EVENTS-PICTURES] eventRoutes: a path in place of a number is refused", async () => {
  await withEvents(async ({ as }) => {
    for (const seq of ["..%2f..%2fhub.sqlite", "..", "%2e%2e", "1%00", "-1", "1e3", "0x1", "1/..%2f", " 1"]) {
      const answer = await as(`/api/events/${seq}/snapshot`);
      await answer.body?.cancel();
      assertEquals([400, 404].includes(answer.status), true, `${seq}: ${answer.status}`);
      assertEquals(answer.headers.get("content-type")?.startsWith("application/problem+json"), true, seq);
    }
  });
});

Deno.test("[EVENTS-KINDS] list_events: who logged in and who changed what is for administrators", async () => {
  await withEvents(async ({ access, ask, as }) => {
    const kinds = async (answer: Response) =>
      (await answer.json()).events.map(({ kind }: { kind: string }) => kind);
    assertEquals(await kinds(await as("/api/events")), [
      "motion",
      "config_change",
      "login",
      "motion",
      "motion",
    ]);
    for (const role of ["viewer", "operator"] as const) {
      const value = await access.tokens.create(role, { role });
      const headers = { authorization: `Bearer ${value}` };
      assertEquals(await kinds(await ask("/api/events", { headers })), ["motion", "motion", "motion"]);
      assertEquals(await kinds(await ask("/api/events?after=2", { headers })), ["motion"]);
      const refused = await ask("/api/events?kind=login", { headers });
      assertEquals([refused.status, (await refused.json()).error_code], [403, "forbidden"]);
      const socket = await ask("/api/events/live?kind=config_change", {
        headers: { ...headers, upgrade: "websocket", connection: "upgrade" },
      });
      assertEquals(socket.status, 403);
    }
  });
});
