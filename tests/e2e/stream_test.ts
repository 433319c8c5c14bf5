// Live pictures as viewers get them over HTTP and WebSocket, from the compiled hub and real ffmpeg.
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { HttpClient } from "../tools/http_client.ts";
import { HubProcess, processesWith } from "../tools/hub_process.ts";

const CONFIG = `
streams: {linger_s: 0.5}
cameras:
  - {id: a, type: testpattern, width: 640, height: 360, fps: 15}
  - {id: h, type: testpattern, width: 320, height: 180, fps: 10, codec: h264}
`;

function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes.at(-2) === 0xff && bytes.at(-1) === 0xd9;
}

/** Width of a JPEG, from its frame header. */
function widthOf(bytes: Uint8Array): number {
  for (let at = 2; at < bytes.length;) {
    const marker = bytes[at + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xc2) return ((bytes[at + 7] ?? 0) << 8) | (bytes[at + 8] ?? 0);
    at += 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));
  }
  return 0;
}

async function streamOf(client: HttpClient, id: string) {
  return (await client.json(`/api/cameras/${id}`)).stream;
}

Deno.test("[STREAM-PARTS] parts carry length, time stamp and whole pictures, newest first, and proxies do not buffer", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  await hub.login();
  const head = await hub.client.fetch("/api/cameras/a/stream", { method: "HEAD" });
  assertMatch(head.headers.get("content-type") ?? "", /^multipart\/x-mixed-replace;\s*boundary=/);
  assertEquals(head.headers.get("x-accel-buffering"), "no");
  assertMatch(head.headers.get("cache-control") ?? "", /no-store/);
  const parts = await hub.client.parts("/api/cameras/a/stream", 10);
  let before = 0;
  for (const { headers, bytes } of parts) {
    assertEquals(headers["content-type"], "image/jpeg");
    assertEquals(Number(headers["content-length"]), bytes.length);
    assert(isJpeg(bytes));
    assertEquals(widthOf(bytes), 640);
    const stamp = Number(headers["x-timestamp"]);
    assert(stamp > before && Math.abs(stamp - Date.now() / 1000) < 30);
    before = stamp;
  }
  assert(parts.some((part) => part.bytes.length !== parts[0]?.bytes.length), "the picture moves");
});

Deno.test("[STREAM-SHARED] ten viewers share one process; it starts with the first and stops after the last", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  await hub.login();
  await hub.waitFor(async () => (await hub.client.json("/api/status")).processes.length === 0);
  const watching = Array.from({ length: 10 }, () => hub.client.parts("/api/cameras/a/stream", 20));
  await hub.waitFor(async () => (await streamOf(hub.client, "a")).viewers === 10);
  await hub.waitFor(async () => {
    const { viewers } = await hub.client.json("/api/cameras/a");
    return viewers.length === 10 &&
      viewers.every((each: { frames: number; bytes: number }) => each.frames > 0 && each.bytes > 0);
  }, "each viewer's figures");
  const { processes } = await hub.client.json("/api/status");
  assertEquals(processes.length, 1);
  assert(processes[0].rss_bytes > 1e6 && processes[0].cpu_seconds >= 0);
  for (const parts of await Promise.all(watching)) assertEquals(parts.length, 20);
  await hub.waitFor(async () => (await hub.client.json("/api/status")).processes.length === 0);
  const after = await streamOf(hub.client, "a");
  assertEquals([after.viewers, after.running], [0, false]);
  assert(after.frames_total >= 20 && after.bytes_total > 0);
});

Deno.test("[STREAM-RESCALE] fps, width and quality are what was asked for; equal wishes share one process", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  await hub.login();
  const [slow, small, same] = await Promise.all([
    hub.client.parts("/api/cameras/a/stream?fps=5", 6),
    hub.client.parts("/api/cameras/a/stream?width=160&quality=40", 15),
    hub.client.parts("/api/cameras/a/stream?width=160&quality=40", 15),
  ]);
  const stamps = slow.map((part) => Number(part.headers["x-timestamp"]));
  assert((stamps.at(-1) ?? 0) - (stamps[0] ?? 0) > 0.8, `5 fps: ${stamps}`);
  for (const part of [...small, ...same]) assertEquals(widthOf(part.bytes), 160);
  const wrong = await hub.client.send("GET", "/api/cameras/a/stream?width=-i");
  assertEquals([wrong.status, wrong.body.error_code], [400, "invalid_input"]);
  await hub.waitFor(async () => (await hub.client.json("/api/status")).processes.length === 0);
  const many = [200, 210, 220, 230, 240].map((width) =>
    hub.client.parts(`/api/cameras/a/stream?width=${width}`, 30)
  );
  const outcomes = await Promise.allSettled(many);
  assertEquals(outcomes.filter((each) => each.status === "rejected").length, 1, "the fifth size is refused");
});

Deno.test("[STREAM-H264] a camera that makes H.264 is shown as pictures too", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  await hub.login();
  const parts = await hub.client.parts("/api/cameras/h/stream", 5);
  for (const { bytes } of parts) assert(isJpeg(bytes) && widthOf(bytes) === 320);
  assertEquals((await streamOf(hub.client, "h")).codec, "h264");
});

Deno.test("[SNAPSHOT] a snapshot comes with and without a running stream, at any width, with its age", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  await hub.login();
  for (const [query, width] of [["", 640], ["?width=320", 320], ["?width=2000&quality=high", 640]] as const) {
    const response = await hub.client.fetch(`/api/cameras/a/snapshot${query}`);
    assertEquals(response.headers.get("content-type"), "image/jpeg");
    assert(Number(response.headers.get("x-age-ms")) < 15_000);
    const bytes = new Uint8Array(await response.arrayBuffer());
    assert(isJpeg(bytes));
    assertEquals(widthOf(bytes), width, query);
  }
});

Deno.test("[STREAM-CHROME] Chrome gets the next part's headers at once, WebKit its last picture again", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  await hub.login();
  const read = async (userAgent: string) => {
    const leave = new AbortController();
    const response = await hub.client.fetch("/api/cameras/a/stream", {
      headers: { "user-agent": userAgent },
      signal: leave.signal,
    });
    let text = "";
    const decoder = new TextDecoder("latin1");
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > 60_000) break;
    }
    leave.abort();
    return text;
  };
  const chrome = await read(
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  );
  assertMatch(chrome, /\xff\xd9\r\n--tapocamframe\r\nContent-Type: image\/jpeg\r\n\r\n/);
  const plain = await read("curl/8");
  assertMatch(plain, /\xff\xd9\r\n--tapocamframe\r\nContent-Type: image\/jpeg\r\nContent-Length: \d+\r\n/);
});

Deno.test("[STREAM-CROWD] 200 viewers come and go at random; nothing of them stays", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  await hub.login();
  let seed = 7;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const visit = async () => {
    const leave = new AbortController();
    await new Promise((resolve) => setTimeout(resolve, random() * 3000));
    const response = await hub.client.fetch("/api/cameras/a/stream", { signal: leave.signal });
    const reader = response.body?.getReader();
    const untilMs = Date.now() + random() * 1000;
    while (Date.now() < untilMs) if ((await reader?.read())?.done) break;
    leave.abort();
    return response.status;
  };
  const statuses = await Promise.all(Array.from({ length: 200 }, visit));
  assertEquals(statuses.filter((status) => status !== 200), []);
  await hub.waitFor(async () => (await hub.client.json("/api/status")).processes.length === 0);
  const { streams } = await hub.client.json("/api/status");
  assertEquals([streams.viewers, streams.running], [0, 0]);
});

Deno.test("[STREAM-NEVER-READS] a viewer that never reads holds up nobody, and its skipped frames are counted", async () => {
  // Large frames, so that the kernel's socket buffers are full soon.
  const large = "cameras: [{id: a, type: testpattern, width: 1280, height: 720, fps: 30, quality: 100}]";
  await using hub = await HubProcess.start({ config: `streams: {linger_s: 0.5}\n${large}` });
  await hub.login();
  const port = Number(new URL(hub.client.origin).port);
  const sleeper = await Deno.connect({ port });
  const request =
    `GET /api/cameras/a/stream HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: ${hub.client.cookie}\r\n\r\n`;
  await sleeper.write(new TextEncoder().encode(request));
  const before = (await hub.client.json("/api/status")).hub.rss_bytes;
  for (let round = 0; round < 10; round++) {
    assertEquals((await hub.client.parts("/api/cameras/a/stream", 30)).length, 30);
    if ((await streamOf(hub.client, "a")).dropped_total > 0) break;
  }
  assert((await streamOf(hub.client, "a")).dropped_total > 0);
  const after = (await hub.client.json("/api/status")).hub.rss_bytes;
  assert(after - before < 60e6, `memory grew by ${after - before}`);
  sleeper.close();
  await hub.waitFor(async () => (await streamOf(hub.client, "a")).viewers === 0);
});

Deno.test("[LIVE-CREDIT] one socket carries several cameras, sends only what was acknowledged, and tells of the status", async () => {
  await using hub = await HubProcess.start({ config: CONFIG });
  await hub.login();
  // Deno's own option; the DOM's types, which the islands need, do not know it.
  const options = {
    headers: { cookie: hub.client.cookie, origin: hub.client.origin },
  } as unknown as string[];
  const socket = new WebSocket(hub.client.origin.replace("http", "ws") + "/api/live", options);
  socket.binaryType = "arraybuffer";
  // deno-lint-ignore no-explicit-any -- messages of every shape
  const texts: any[] = [];
  let pictures = 0;
  let acknowledge = true;
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") {
      pictures++;
      assert(isJpeg(new Uint8Array(data)));
      const facts = texts.findLast((each) => each.op === "frame");
      if (acknowledge) socket.send(JSON.stringify({ op: "ack", camera: facts.camera, seq: facts.seq }));
    } else texts.push(JSON.parse(data));
  };
  await new Promise((resolve) => socket.onopen = resolve);
  for (const camera of ["a", "h"]) socket.send(JSON.stringify({ op: "subscribe", camera }));
  await hub.waitFor(() => pictures > 20);
  assertEquals([...new Set(texts.filter((each) => each.op === "frame").map((each) => each.camera))].sort(), [
    "a",
    "h",
  ]);
  acknowledge = false;
  await new Promise((resolve) => setTimeout(resolve, 500));
  const held = pictures;
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert(pictures - held <= 4, `without acknowledgements ${pictures - held} more came`);
  await hub.client.operation("disconnect_camera", { camera_id: "a" });
  await hub.waitFor(() =>
    texts.some((each) => each.op === "status" && each.camera === "a" && each.status === "disabled")
  );
  socket.send("nonsense");
  await hub.waitFor(() => texts.some((each) => each.op === "error" && each.error_code === "invalid_input"));
  const closed = new Promise((resolve) => socket.onclose = resolve);
  socket.close();
  await closed;
  await hub.waitFor(async () =>
    (await processesWith(hub.dataDir)).length >= 1 &&
    (await hub.client.json("/api/status")).streams.viewers === 0
  );
});
