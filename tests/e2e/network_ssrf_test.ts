// The address of a camera must not turn the hub into a way to what listens on the hub itself, or near it.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { RtspEmulator } from "../emulators/rtsp/rtsp_emulator.ts";
import { awaitStatus, ownHost, row, snapshot, startHub } from "./network_bench.ts";

/** Counts who comes; answers nothing, or one text to each. */
class Trap implements AsyncDisposable {
  readonly #listener: Deno.TcpListener;
  readonly #ended: Promise<void>;
  readonly #answer: string;
  visits = 0;

  constructor(hostname: string, answer = "") {
    this.#listener = Deno.listen({ hostname, port: 0 });
    this.#answer = answer;
    this.#ended = this.#run();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#ended;
  }

  async #run(): Promise<void> {
    for await (const connection of this.#listener) {
      this.visits++;
      await this.#serve(connection);
    }
  }

  async #serve(connection: Deno.TcpConn): Promise<void> {
    using open = connection;
    if (this.#answer === "") return;
    try {
      await open.read(new Uint8Array(4096));
      await open.write(new TextEncoder().encode(this.#answer));
    } catch (error) {
      if (!(error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe)) {
        throw error;
      }
    }
  }
}

/** Those of this machine beside the loopback ones; there may be none. */
function ownAddresses(): string[] {
  return Deno.networkInterfaces().filter(({ address, family }) =>
    family === "IPv4" && !address.startsWith("127.")
  )
    .map(({ address }) => address);
}

Deno.test("[SSRF] cameras on the hub itself, link-local, or named so are refused, and nothing is sent there", async () => {
  await using four = new Trap("127.0.0.1");
  await using six = new Trap("::1");
  await using hub = await startHub([], { allow: [] });
  const url = (host: string, port = four.port, scheme = "rtsp") => ({
    type: "rtsp",
    stream_url: `${scheme}://${host}:${port}/stream1`,
  });
  const at = (type: string, host: string, port = four.port) => ({
    type,
    host,
    username: "viewer",
    password: "secret",
    ...(type === "tapo" ? { cloud_password: "secret" } : {}),
    options: type === "tapo" ? { port, rtsp_port: port, onvif_port: port } : { port },
  });
  const cameras = [
    url("127.0.0.1"),
    url("127.0.0.1", four.port, "http"),
    url("127.1.2.3"),
    url("[::1]", six.port),
    url("[::ffff:127.0.0.1]"),
    url("0.0.0.0"),
    url("localhost"),
    ...ownAddresses().map((address) => url(address)),
    url("user:secret@localhost"),
    url("169.254.169.254", 80, "http"),
    url("[fe80::1]"),
    at("onvif", "127.0.0.1"),
    at("onvif", "localhost"),
    at("onvif", "::1", six.port),
    at("onvif", "169.254.169.254", 80),
    at("tapo", "127.0.0.1"),
    at("tapo", "localhost"),
    at("tapo", "::1", six.port),
    at("tapo", "169.254.169.254", 443),
  ];
  for (const camera of cameras) {
    const { status, body } = await hub.client.send("POST", "/api/cameras", camera);
    const what = `${JSON.stringify(camera)}: ${JSON.stringify(body)}`;
    assert(status >= 400, what);
    assertMatch(body.message, /The hub does not connect to .*: it is /);
    assertMatch(body.recovery_options.join(), /add \S+ to network\.allow/);
  }
  assertEquals((await hub.client.json("/api/cameras")).total, 0);
  await hub.client.send("POST", "/api/cameras", { id: "forced", ...url("localhost"), force: true });
  await hub.client.send("POST", "/api/cameras", { id: "tapo", ...at("tapo", "127.0.0.1"), force: true });
  for (const id of ["forced", "tapo"]) {
    assertMatch((await awaitStatus(hub, id, "offline")).reason, /does not connect to/);
    assertEquals((await row(hub, id)).next_try_at, undefined, "no use in trying again");
    assertEquals((await hub.client.send("GET", `/api/cameras/${id}/snapshot`)).status, 503);
  }
  await hub.client.operation("discover_devices");
  assertEquals([four.visits, six.visits], [0, 0]);
});

Deno.test("[SSRF] what network.allow names can be added; neither playlist nor redirect there can send the hub on to what it does not name", async () => {
  const host = ownHost(21);
  await using trap = new Trap("127.0.0.1");
  await using camera = await RtspEmulator.start({ host });
  const elsewhere = `http://127.0.0.1:${trap.port}/`;
  await using moved = new Trap(host, `HTTP/1.1 302 Found\r\nLocation: ${elsewhere}\r\n\r\n`);
  const list = `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${elsewhere}a.ts\n#EXT-X-ENDLIST\n`;
  await using playlist = new Trap(
    host,
    `HTTP/1.1 200 OK\r\nContent-Type: application/vnd.apple.mpegurl\r\nContent-Length: ${list.length}\r\n\r\n${list}`,
  );
  await using hub = await startHub([], { allow: [host] });
  const add = (stream_url: string) => hub.client.send("POST", "/api/cameras", { type: "rtsp", stream_url });
  assertMatch((await add(`rtsp://127.0.0.1:${trap.port}/stream1`)).body.message, /does not connect to/);
  const added = await hub.client.send("POST", "/api/cameras", {
    id: "ok",
    type: "rtsp",
    stream_url: camera.url("/stream1"),
    options: { sub_stream_url: `rtsp://127.0.0.1:${trap.port}/stream2` },
  });
  assertEquals(added.status, 201, JSON.stringify(added.body));
  assert((await snapshot(hub, "ok")).length > 1000);
  const small = await hub.client.send("GET", "/api/cameras/ok/stream?width=320");
  assertEquals(small.body.error_code, "forbidden", "the smaller stream is held to the same rule");
  for (const [name, to] of [["a playlist", playlist], ["a redirect", moved]] as const) {
    const sent = await add(`http://${host}:${to.port}/video.m3u8`);
    assert(sent.status >= 400, JSON.stringify(sent.body));
    assert(to.visits > 0, "the camera was asked");
    assertEquals(trap.visits, 0, `sent on by ${name}`);
  }
});
