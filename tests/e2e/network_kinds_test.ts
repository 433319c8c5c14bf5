// Streams of every kind that an address can name, through the compiled program.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { HttpMjpegCamera } from "../emulators/http_mjpeg/camera.ts";
import { RtmpCamera } from "../emulators/rtmp/camera.ts";
import { RtspEmulator } from "../emulators/rtsp/rtsp_emulator.ts";
import { makeCertificate } from "../emulators/tapo/certificate.ts";
import { awaitStatus, MOUNTS, processNames, snapshot, startHub } from "./network_bench.ts";

const users = { viewer: "secret" };
const ACCOUNT = { type: "rtsp", username: "viewer", password: "secret" };

Deno.test("[STREAM-KINDS] one hub shows MJPEG over HTTP and HTTPS, RTMP, RTP over UDP, and rtsps", async () => {
  const tls = await makeCertificate("127.0.0.1", "ec");
  await using http = await HttpMjpegCamera.start({ login: { method: "digest", users } });
  await using https = await HttpMjpegCamera.start({ login: { method: "basic", users }, tls });
  await using rtmp = RtmpCamera.start();
  await using udp = await RtspEmulator.start({ users, mounts: MOUNTS, transports: ["udp"] });
  await using rtsps = await RtspEmulator.start({ users, mounts: MOUNTS, tls });
  await using hub = await startHub([
    { id: "http", ...ACCOUNT, stream_url: http.url() },
    { id: "https", ...ACCOUNT, stream_url: https.url() },
    { id: "rtmp", type: "rtsp", stream_url: rtmp.url() },
    { id: "udp", ...ACCOUNT, stream_url: udp.url(), transport: "udp" },
    { id: "rtsps", ...ACCOUNT, stream_url: rtsps.url() },
  ]);
  for (const id of ["http", "https", "rtmp", "udp", "rtsps"]) {
    await awaitStatus(hub, id, "online");
    const picture = await snapshot(hub, id);
    assertEquals([id, picture[0], picture[1]], [id, 0xff, 0xd8]);
    if (id.startsWith("http")) assert((id === "http" ? http : https).sent(picture));
  }
  await hub.waitFor(async () => (await processNames(hub)).length === 0, "the cameras to be left alone");
  assertEquals([http.counts.open, http.counts.refused, https.counts.open], [0, 0, 0]);
});

Deno.test("[HTTP-NO-STREAM] the address of a single picture fails when it is tried, and is unsupported where it is configured", async () => {
  await using camera = await HttpMjpegCamera.start();
  const stream_url = camera.url("/picture.jpg");
  await using hub = await startHub([{ id: "still", type: "rtsp", stream_url }]);
  await awaitStatus(hub, "still", "online");
  const { status, body } = await hub.client.send("GET", "/api/cameras/still/snapshot");
  assert(status >= 400 && body.title !== "", `${status}`);
  await awaitStatus(hub, "still", "unsupported");
  const { checks } = await hub.client.operation("check_camera", { type: "rtsp", stream_url });
  assertEquals(checks[0].state, "failed");
  assertMatch(checks[0].message, /no stream of JPEGs/);
});
