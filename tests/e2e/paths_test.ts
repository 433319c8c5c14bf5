// No address leads to a file that is not meant: every route that hands out files, asked in every way of writing a path, over
// a bare connection, as no client would tidy it up.
import { assert, assertEquals } from "@std/assert";
import { writeNumberedMp4 } from "../tools/numbered_video.ts";
import { HubProcess } from "../tools/hub_process.ts";

const ID = "abcdefghjk23";
/** Stands in files beside those that are handed out, and in none of them. */
const SECRET = "a-line-that-nobody-may-read";
const CONFIG = `cameras: [{id: door, type: testpattern, width: 320, height: 180, codec: h264}]
webcams: {auto: false}`;

/** Every route that answers with a file, with `*` where the path goes that is tried. */
const ROUTES = [
  "/api/recordings/*",
  "/api/recordings/*/video",
  "/api/recordings/*/video?download",
  "/api/recordings/*/thumbnail",
  `/api/recordings/${ID}/*`,
  "/api/recordings/at?camera=*&t=2026-05-01T08:00:01Z",
  "/api/recordings/at?camera=door&t=*",
  "/api/recordings/locate?camera=*&t=2026-05-01T08:00:01Z",
  "/api/exports/*/video",
  "/api/events/*/snapshot",
  "/api/cameras/*/snapshot",
  "/api/cameras/*/stream",
  "/static/*",
  "/static/build/*",
  "/static/push_worker.js/*",
  "/push_worker.js/*",
  "/api/docs/*",
  "/docs/*",
  "/snapshots/*",
  "/event_snapshots/*",
  "/recordings/*",
  "/cameras/*",
  "/*",
] as const;

/** How the way upwards is written; `<` is a step up, `/` a separator. */
const UPWARDS: Record<string, (path: string) => string> = {
  plain: (path) => path.replaceAll("<", ".."),
  "percent, dots": (path) => path.replaceAll("<", "%2e%2e"),
  "percent, slashes": (path) => path.replaceAll("<", "..").replaceAll("/", "%2f"),
  "percent, both": (path) => path.replaceAll("<", "%2E%2E").replaceAll("/", "%2F"),
  "percent twice": (path) => path.replaceAll("<", "%252e%252e").replaceAll("/", "%252f"),
  backslash: (path) => path.replaceAll("<", "..").replaceAll("/", "\\"),
  "percent, backslash": (path) => path.replaceAll("<", "..").replaceAll("/", "%5c"),
  "four dots": (path) => path.replaceAll("<", "....").replaceAll("/", "//"),
  "dots with a parameter": (path) => path.replaceAll("<", "..;"),
  "overlong UTF-8": (path) => path.replaceAll("<", "%c0%ae%c0%ae").replaceAll("/", "%c0%af"),
  "full-width": (path) => path.replaceAll("<", "%ef%bc%8e%ef%bc%8e").replaceAll("/", "%ef%bc%8f"),
  "raw bytes": (path) => path.replaceAll("<", "\xc0\xae\xc0\xae"),
  "NUL in front": (path) => `%00${path.replaceAll("<", "..")}`,
  "NUL behind": (path) => `${path.replaceAll("<", "..")}%00.jpg`,
  "an id in front": (path) => `${ID}%2f${path.replaceAll("<", "..").replaceAll("/", "%2f")}`,
};

/** Where files lie that are not meant: from within the data folder, from `static`, from anywhere. */
function targets(dataDir: string): string[] {
  return [
    "</secret.txt",
    "</</secret.txt",
    "</</</</</</</</etc/passwd",
    "</hub.sqlite",
    `</</</</</</</<${dataDir}/secret.txt`,
    `${dataDir}/secret.txt`,
    "/etc/passwd",
    `file://${dataDir}/secret.txt`,
    `//localhost${dataDir}/secret.txt`,
    "C:/secret.txt",
  ];
}

/** What stands in what must not be handed out. */
const FORBIDDEN = [SECRET, "root:x:0:0", "SQLite format 3"];

/** Sends a request as it is written and reads the whole answer, byte by byte as Latin-1. */
async function ask(port: number, target: string, cookie: string): Promise<{ status: number; text: string }> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const head =
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${cookie}\r\nConnection: close\r\n\r\n`;
  const writer = connection.writable.getWriter();
  await writer.write(Uint8Array.from(head, (letter) => letter.charCodeAt(0)));
  writer.releaseLock();
  let text = "";
  const decoder = new TextDecoder("latin1");
  for await (const chunk of connection.readable.values({ preventCancel: true })) {
    text += decoder.decode(chunk);
  }
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? 0), text };
}

Deno.test("[PATHS] every route that hands out files, in every way of writing a path: nothing else is had, a clean 4xx", async () => {
  const dataDir = await Deno.makeTempDir({ prefix: "hub-data-" });
  const folder = `${dataDir}/recordings/door/2026-05-01`;
  await Deno.mkdir(folder, { recursive: true });
  await writeNumberedMp4(`${folder}/080000-${ID}.mp4`, { seconds: 4 });
  for (const place of [dataDir, `${dataDir}/recordings`, `${dataDir}/recordings/door`, folder]) {
    await Deno.writeTextFile(`${place}/secret.txt`, SECRET);
  }
  await using hub = await HubProcess.start({ config: CONFIG, dataDir });
  await hub.login();
  await hub.waitFor(async () => (await hub.client.json("/api/recordings")).total === 1, "the recording");
  const { port } = new URL(hub.client.origin);
  const { cookie } = hub.client;
  // What is meant is had this way: else nothing would be shown by the rest.
  for (const route of [`/api/recordings/${ID}/video`, `/api/recordings/${ID}/thumbnail`, "/static/app.css"]) {
    assertEquals([route, (await ask(Number(port), route, cookie)).status], [route, 200]);
  }
  const wrong: string[] = [];
  let asked = 0;
  for (const route of ROUTES) {
    for (const target of targets(dataDir)) {
      for (const [way, write] of Object.entries(UPWARDS)) {
        const path = route.replace("*", () => write(target));
        const { status, text } = await ask(Number(port), path, cookie);
        asked++;
        const found = FORBIDDEN.filter((each) => text.includes(each));
        if (found.length > 0) wrong.push(`${way}: ${path} shows ${found}`);
        if (status < 400 || status > 499) wrong.push(`${way}: ${path} answers ${status}`);
      }
    }
  }
  assertEquals(wrong, []);
  assert(
    asked === ROUTES.length * targets("").length * Object.keys(UPWARDS).length && asked > 3000,
    `${asked}`,
  );
  assertEquals(await Deno.readTextFile(`${folder}/secret.txt`), SECRET);
  assertEquals(await (await hub.client.fetch("/healthz")).text(), "ok");
});
