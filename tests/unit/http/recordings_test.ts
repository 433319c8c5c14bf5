// Recordings over HTTP: ids in, bytes out.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import type { Role } from "../../../src/auth/roles.ts";
import { HubError } from "../../../src/base/errors.ts";
import { OPERATIONS } from "../../../src/operations/index.ts";
import { invoke } from "../../../src/operations/invoke.ts";
import { openApi } from "../../../src/http/openapi.ts";
import { plainMp4 } from "../../../src/protocols/fmp4/plain_head.ts";
import { OpenStreams } from "../../../src/http/open_streams.ts";
import { recordingRoutes } from "../../../src/http/recordings.ts";
import type { StoredRecording } from "../../../src/store/recordings_table.ts";
import { type Site, withSite } from "../tools/app.ts";
import { putRecording } from "../tools/put_recording.ts";
import { mp4File } from "../tools/mp4_files.ts";

const FILE = await mp4File(3);
const ID = "abcdefghjk23";
const BEGIN = Date.UTC(2026, 4, 1, 8);

/** Three seconds of the door. */
const put = (site: Site, id: string, change: Partial<StoredRecording> = {}) =>
  putRecording({
    site,
    bytes: FILE,
    recording: { id, camera: "door", startedAtMs: BEGIN, endedAtMs: BEGIN + 3000, preRollMs: 500, ...change },
  });

/** What a player is given of it. */
const PLAYED = await playedFile(FILE);

async function playedFile(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const made = await plainMp4((at, length) => Promise.resolve(bytes.slice(at, at + length)), bytes.length);
  assert(made);
  return new Uint8Array(await new Blob([made.head, bytes.subarray(made.first, made.end)]).arrayBuffer());
}

const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());
const video = `/api/recordings/${ID}/video`;

Deno.test("[REC-RANGE] a recording is played by ranges, byte for byte", () =>
  withSite([], async (site) => {
    await put(site, ID);
    const size = PLAYED.length;
    const whole = await site.as(video);
    assertEquals([whole.status, whole.headers.get("content-type"), whole.headers.get("accept-ranges")], [
      200,
      "video/mp4",
      "bytes",
    ]);
    assertEquals(await bytesOf(whole), PLAYED);
    const etag = whole.headers.get("etag") ?? "";
    assertMatch(etag, /^"[^"]+"$/);

    const parts: [range: string, first: number, last: number][] = [
      ["bytes=0-0", 0, 0],
      ["bytes=100-1099", 100, 1099],
      ["bytes=1000-", 1000, size - 1],
      ["bytes=-77", size - 77, size - 1],
      ["bytes=5-99999999", 5, size - 1],
      ...Array.from({ length: 40 }, (_, at): [string, number, number] => {
        // Over the place where the file follows what the hub has made.
        const [first, last] = [at * 97, at * 97 + 400];
        return [`bytes=${first}-${last}`, first, last];
      }),
    ];
    for (const [range, first, last] of parts) {
      const response = await site.as(video, { headers: { range } });
      assertEquals([
        response.status,
        response.headers.get("content-range"),
        response.headers.get("content-length"),
      ], [
        206,
        `bytes ${first}-${last}/${size}`,
        String(last - first + 1),
      ]);
      assertEquals(await bytesOf(response), PLAYED.slice(first, last + 1));
    }
    const outside = await site.as(video, { headers: { range: `bytes=${size}-` } });
    assertEquals([outside.status, outside.headers.get("content-range")], [416, `bytes */${size}`]);
    assertEquals((await outside.json()).error_code, "invalid_input");

    for (
      const [headers, status] of [
        [{ "if-none-match": etag }, 304],
        [{ "if-none-match": `"other", ${etag}` }, 304],
        [{ range: "bytes=0-9", "if-range": etag }, 206],
        [{ range: "bytes=0-9", "if-range": '"other"' }, 200],
        [{ range: "bytes=0-1,5-6" }, 200],
      ] as const
    ) {
      const response = await site.as(video, { headers });
      assertEquals([JSON.stringify(headers), response.status], [JSON.stringify(headers), status]);
      await response.body?.cancel();
    }
    const head = await site.as(video, { method: "HEAD" });
    assertEquals([head.status, head.headers.get("content-length"), (await bytesOf(head)).length], [
      200,
      `${size}`,
      0,
    ]);
    // Who downloads it gets the file as it lies on the disk.
    const download = await site.as(`${video}?download`);
    assertEquals([download.headers.get("content-disposition"), download.headers.get("content-length")], [
      'attachment; filename="door_2026-05-01T08-00-00.mp4"',
      `${FILE.length}`,
    ]);
    assert(download.headers.get("etag") !== etag);
    assertEquals(await bytesOf(download), FILE);
    // Who leaves in the middle leaves no open file behind: the sanitizers look.
    const left = (await site.as(video)).body!.getReader();
    await left.read();
    await left.cancel();
  }));

Deno.test("[REC-OPENAPI] each route of recordings is described, and answers as it is described", () =>
  withSite([], async (site) => {
    await put(site, ID);
    // deno-lint-ignore no-explicit-any -- the document has every shape
    const document = openApi(OPERATIONS.values(), "1") as any;
    const { routes } = recordingRoutes({ hub: site.hub, openStreams: new OpenStreams() });
    const described = (path: string) => {
      const id = path.startsWith("/api/exports") ? "{export_id}" : "{recording_id}";
      return document.paths[path.replace(":id", id)].get;
    };
    assertEquals(routes.map(({ path }) => described(path).operationId), [
      "get_recording_picture",
      "get_recording",
      "get_recording_video",
      "get_recording_thumbnail",
      "get_export_video",
    ]);
    assertEquals(Object.keys(document.paths["/api/recordings/{recording_id}"]).sort(), ["delete", "get"]);
    const { properties, required } = document.components.schemas.Recording;
    const shown = Object.keys(await (await site.as(`/api/recordings/${ID}`)).json());
    assertEquals([
      shown.filter((key) => !properties[key]),
      required.filter((key: string) => !shown.includes(key)),
    ], [
      [],
      [],
    ]);
    const whole = await site.as(video);
    await whole.body?.cancel();
    const { responses } = described("/api/recordings/:id/video");
    const etag = whole.headers.get("etag") ?? "";
    const ways = [{}, { range: "bytes=0-9" }, { "if-none-match": etag }, {
      range: `bytes=${PLAYED.length}-`,
    }];
    for (const [at, status] of [200, 206, 304, 416].entries()) {
      const response = await site.as(video, { headers: ways[at] as Record<string, string> });
      await response.body?.cancel();
      assertEquals(response.status, status);
      const { content, headers = {} } = responses[status];
      if (content) assertEquals(Object.keys(content), [response.headers.get("content-type")]);
      for (const name of Object.keys(headers)) assert(response.headers.has(name), `${status}: ${name}`);
    }
    const none = await site.as("/api/recordings/zzzzzzzzzzzz/video");
    await none.body?.cancel();
    assert(none.status === 404 && responses[404]);
  }));

Deno.test("[REC-PATHS] nothing that is asked for reaches the file system: only ids of the list do", () =>
  withSite([], async (site) => {
    const { path } = await put(site, ID);
    await Deno.writeTextFile(`${site.dataDir}/secret.mp4`, "secret");
    const asked = [
      "..%2f..%2fsecret",
      "..%2f..%2fsecret.mp4",
      "%2e%2e%2fsecret.mp4",
      encodeURIComponent(path),
      encodeURIComponent(`../recordings/${path}`),
      encodeURIComponent("/etc/passwd"),
      `${ID}%00`,
      `${ID}%2f..`,
      `${ID}'%20OR%201=1--`,
      "%",
      "x".repeat(5000),
      "constructor",
    ];
    for (const id of asked) {
      for (const [method, suffix] of [["GET", ""], ["GET", "/video"], ["DELETE", "?confirm=true"]] as const) {
        const response = await site.as(`/api/recordings/${id}${suffix}`, { method });
        const text = await response.text();
        assert([400, 404].includes(response.status), `${method} ${id}${suffix}: ${response.status}`);
        assert(!text.includes("secret\n") && !text.includes("root:"), text);
      }
    }
    // Somebody who could write to the database could not read other files either.
    await site.recordingsTable.insert({
      ...await site.library.get(ID),
      id: "zbcdefghjk23",
      path: "../secret.mp4",
    });
    const response = await site.as("/api/recordings/zbcdefghjk23/video");
    assertEquals(response.status, 500);
    assert(!(await response.text()).includes("secret"));
    assertEquals(await Deno.readTextFile(`${site.dataDir}/secret.mp4`), "secret");
    assertEquals((await site.ask(video)).status, 401);
  }));

Deno.test("[REC-LIST] recordings are listed newest first, in pages, by camera and time", () =>
  withSite([], async (site) => {
    for (let hour = 0; hour < 5; hour++) {
      const at = BEGIN + hour * 3_600_000;
      const camera = hour % 2 ? "yard" : "door";
      await put(site, `abcdefghjk2${hour}`, { camera, startedAtMs: at, endedAtMs: at + 3000 });
    }
    const list = async (query: string) => {
      const { recordings, total, more } = await (await site.as(`/api/recordings?${query}`)).json();
      const hours = recordings.map(({ id }: { id: string }) => id.slice(-1)).join("");
      return `${hours} of ${total}${more ? " +" : ""}`;
    };
    assertEquals(await list(""), "43210 of 5");
    assertEquals(await list("limit=2"), "43 of 5 +");
    assertEquals(await list("limit=2&before=abcdefghjk23"), "21 of 5 +");
    assertEquals(await list("limit=2&before=abcdefghjk21"), "0 of 5");
    assertEquals(await list("limit=2&before=abcdefghjk20"), " of 5");
    const unknown = await site.as("/api/recordings?before=zzzzzzzzzzzz");
    assertEquals([unknown.status, (await unknown.json()).error_code], [404, "not_found"]);
    assertEquals(await list("camera=yard"), "31 of 2");
    assertEquals(await list("from=2026-05-01T10:00:00Z&to=2026-05-01T12:00:00Z"), "32 of 2");
    assertEquals(await list("from=2026-05-01T09:00:01Z&limit=500"), "4321 of 4");
    const view = await (await site.as("/api/recordings/abcdefghjk20")).json();
    assertEquals([view.started_at, view.duration_s, view.pre_roll_s, view.links.video], [
      "2026-05-01T08:00:00.000Z",
      3,
      0.5,
      "/api/recordings/abcdefghjk20/video",
    ]);
  }));

Deno.test("[REC-DELETE] deleting needs confirm and the role admin; then file and row are gone", () =>
  withSite([], async (site) => {
    const { path } = await put(site, ID);
    const full = `${site.dataDir}/recordings/${path}`;
    const asked = await site.as(`/api/recordings/${ID}`, { method: "DELETE" });
    assertEquals(asked.status, 409);
    assertMatch((await asked.json()).message, /Delete recording .*cannot be brought back/);
    const as = (role: Role, input: object) => {
      const signal = new AbortController().signal;
      const principal = { user: role, role };
      return invoke(OPERATIONS.get("delete_recording")!, {
        hub: site.hub,
        principal,
        signal,
        report: () => {},
      }, input)
        .catch((error) => error);
    };
    for (const role of ["viewer", "operator"] as const) {
      const error = await as(role, { recording_id: ID, confirm: true });
      assert(error instanceof HubError && error.kind === "forbidden");
    }
    assertEquals((await Deno.stat(full)).size, FILE.length);
    const done = await as("admin", { recording_id: ID, confirm: true });
    assertEquals(done, {
      success: true,
      recording_id: ID,
      camera_id: "door",
      freed_bytes: FILE.length,
      verified: "readback",
    });
    assertEquals(await Deno.stat(full).catch((error) => error.name), "NotFound");
    assertEquals((await site.as(video)).status, 404);
    assertEquals((await as("admin", { recording_id: ID, confirm: true })).kind, "not_found");
    // A file that somebody took away by hand can still be taken off the list.
    await put(site, ID);
    await Deno.remove(full);
    assertEquals((await site.as(video)).status, 404);
    assertEquals((await as("admin", { recording_id: ID, confirm: true })).success, true);
  }));

Deno.test("[REC-DELETE] what is still there afterwards is not told as deleted", () =>
  withSite([], async (site) => {
    const { path } = await put(site, ID);
    // What stands there cannot be removed.
    await Deno.remove(`${site.dataDir}/recordings/${path}`);
    await Deno.mkdir(`${site.dataDir}/recordings/${path}/in-the-way`, { recursive: true });
    const response = await site.as(`/api/recordings/${ID}?confirm=true`, { method: "DELETE" });
    assertEquals(response.status, 500);
    await response.body?.cancel();
  }));

Deno.test("[AUTH-CLOSED] a recording that is being read ends with the login", () =>
  withSite([], async (site) => {
    const { path } = await put(site, ID);
    await Deno.writeFile(`${site.dataDir}/recordings/${path}`, new Uint8Array(1 << 20), { append: true });
    const reader = (await site.as(`${video}?download`)).body!.getReader();
    assertEquals((await reader.read()).value?.length, 256 * 1024);
    const { status } = await site.as("/logout", { method: "POST" });
    assertEquals(status < 400, true);
    assertEquals((await assertRejects(() => reader.read(), HubError)).message, "The login has ended");
    assertEquals((await site.as(video)).status, 401);
  }));

Deno.test("a file of which nothing can be told is closed again: stat and seek", () =>
  withSite([], async (site) => {
    await put(site, ID);
    const fail = () => Promise.reject(new Error("The disk is gone"));
    for (const method of ["stat", "seek"] as const) {
      const right = Deno.FsFile.prototype[method];
      Deno.FsFile.prototype[method] = fail;
      try {
        // The sanitizers look for open files.
        const response = await site.as(video);
        await response.arrayBuffer().catch(() => {});
      } finally {
        Object.assign(Deno.FsFile.prototype, { [method]: right });
      }
    }
  }));
