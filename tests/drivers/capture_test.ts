// Pictures in the sizes of real cameras: what travels in a message, and what is had whole.
import { Buffer } from "node:buffer";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Client, InMemoryTransport } from "@modelcontextprotocol/client";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { Logger } from "../../src/base/log.ts";
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { McpChanges } from "../../src/mcp/changes.ts";
import { mcpFactory } from "../../src/mcp/server.ts";
import { fittingSnapshot } from "../../src/mcp/snapshot.ts";
import type { Hub } from "../../src/operations/hub.ts";
import { OPERATIONS } from "../../src/operations/index.ts";
import { readJpegHeader } from "../../src/protocols/mpjpeg/jpeg.ts";
import { HttpMjpegCamera } from "../emulators/http_mjpeg/camera.ts";
import { LAYOUT } from "../unit/tools/app.ts";
import { asking, hubOf } from "./asking.ts";
import { failureOf } from "./stage.ts";
import { type Studio, withStudio } from "./studio.ts";

/** Pictures of 2560×1440, each of more than a megabyte. */
const LARGE = ["-vf", "scale=2560:1440,noise=alls=40:allf=t", "-q:v", "2"];
/** Pictures of 1920×1080 as large as those of most cameras. */
const USUAL = ["-vf", "scale=1920:1080,noise=alls=16:allf=t", "-q:v", "4"];
/** Clients refuse a message beyond this. */
const MESSAGE_LIMIT = 1_000_000;

Deno.test("[CAPTURE] capture_image: the picture fits, tells its size and age, and is kept where that is wanted", () =>
  withCamera(LARGE, async ({ studio, camera, folder }) => {
    const ask = asking(studio, folder);
    const widths: number[] = [];
    for (const quality of ["low", "medium", "high"]) {
      const { image_base64, ...told } = await ask("capture_image", { quality });
      const bytes = new Uint8Array(Buffer.from(image_base64, "base64"));
      const header = readJpegHeader(bytes);
      assertEquals([told.width, told.height, told.size_bytes], [header?.width, header?.height, bytes.length]);
      assert(image_base64.length < 900_000, `${quality}: ${image_base64.length}`);
      assert(told.age_ms < 5000 && told.mime_type === "image/jpeg");
      assertMatch(told.uri, /^camera:\/\/cam\/pictures\/[0-9a-f-]{13}$/);
      assertEquals([told.url, told.saved], ["http://pi.local:7777/api/cameras/cam/snapshot", undefined]);
      assertEquals([told.full.width, told.full.height], [2560, 1440]);
      widths.push(told.width);
    }
    assertEquals(widths.slice(0, 2), [640, 1280]);
    assert(widths[2]! > 640 && widths[2]! < 2560, `high is made smaller here too: ${widths[2]}`);
    assertEquals((await ask("capture_image", { width: 200 })).width, 200);

    const kept = await ask("capture_image", { save: true, return_image: false });
    assertEquals(kept.image_base64, undefined);
    const file = await Deno.readFile(`${folder}/${kept.saved.path}`);
    assertEquals([file.length, camera.sent(file)], [kept.saved.size_bytes, true]);
    const names = await Array.fromAsync(Deno.readDir(`${folder}/snapshots/cam`), ({ name }) => name);
    assertEquals(names.length, 1);
    assertMatch(names[0] ?? "", /^\d{8}T\d{6}-[a-z0-9]{12}\.jpg$/);
    const refused = await failureOf(ask("capture_image", { save: true }, { role: "viewer" }));
    assertEquals(refused.kind, "forbidden");
    assertEquals((await ask("capture_image", {}, { role: "viewer" })).success, true);
  }));

Deno.test("[CAPTURE] the link of a picture leads to that very picture in full, whatever its size", () =>
  withCamera(LARGE, ({ studio, camera, folder }) =>
    withClient(hubOf(studio, folder), async (client) => {
      for (const quality of ["low", "high"]) {
        const call = { name: "capture_image", arguments: { quality, save: true } };
        const result = await client.callTool(call);
        assert(JSON.stringify(result).length < MESSAGE_LIMIT, `${JSON.stringify(result).length}`);
        const { content, structuredContent } = result as unknown as Answer;
        assertEquals(content.map(({ type }) => type), ["text", "image", "resource_link"]);
        const { uri, size } = content[2]!;
        const full = await read(client, uri!);
        assertEquals([readJpegHeader(full)?.width, full.length], [2560, size]);
        assert(full.length > MESSAGE_LIMIT && camera.sent(full), `${full.length}`);
        const file = await Deno.readFile(`${folder}/${structuredContent.saved.path}`);
        assert(Buffer.from(full).equals(file), "the picture that was kept, and no newer one");
      }
      const quiet = await client.callTool({ name: "capture_image", arguments: { return_image: false } });
      assertEquals((quiet as unknown as Answer).content.map(({ type }) => type), ["text", "resource_link"]);
      const now = await read(client, "camera://cam/snapshot");
      assert(now.toBase64().length < 900_000 && readJpegHeader(now)!.width < 2560, `${now.length}`);
    })));

Deno.test("[CAPTURE] camera://{id}/snapshot is the picture as the camera gives it, where that fits", () =>
  withCamera(USUAL, ({ studio, camera }) =>
    withClient(hubOf(studio), async (client) => {
      const now = await read(client, "camera://cam/snapshot");
      assert(now.length > 200_000 && camera.sent(now), `${now.length}`);
    })));

interface Shown {
  studio: Studio;
  camera: HttpMjpegCamera;
  /** For what is kept. */
  folder: string;
}

async function withCamera(drawing: string[], work: (shown: Shown) => Promise<void>): Promise<void> {
  await using camera = await HttpMjpegCamera.start({ drawing });
  const folder = await Deno.makeTempDir();
  try {
    await withStudio(
      rtspDriver,
      { stream_url: camera.url() },
      (studio) => work({ studio, camera, folder }),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

interface Answer {
  content: { type: string; uri?: string; size?: number }[];
  structuredContent: { saved: { path: string } };
}

async function read(client: Client, uri: string): Promise<Uint8Array> {
  const [found] = (await client.readResource({ uri })).contents;
  assertEquals([found?.uri, found?.mimeType], [uri, "image/jpeg"]);
  return Uint8Array.fromBase64((found as { blob: string }).blob);
}

/** An operator's client of a hub, without a network between them. */
async function withClient(hub: Hub, work: (client: Client) => Promise<void>): Promise<void> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const changes = new McpChanges(() => {});
  const factory = mcpFactory({
    hub,
    operations: OPERATIONS,
    changes,
    log: new Logger(() => {}, "error"),
    layout: LAYOUT,
    snapshot: fittingSnapshot({ hub, launcher: hub.launcher }),
    local: { user: "operator", role: "operator" },
  });
  const handle = serveStdio(factory, { transport: far });
  const client = new Client({ name: "test", version: "1" });
  await client.connect(near);
  try {
    await work(client);
  } finally {
    await client.close();
    await handle.close();
    changes.close();
  }
}
