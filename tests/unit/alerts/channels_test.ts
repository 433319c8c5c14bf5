// What leaves the hub for webhooks, ntfy and Telegram, as their receivers get it, and what their answers mean.
import { partsWith } from "./channel_parts.ts";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import type { AlertMessage } from "../../../src/alerts/channel.ts";
import { buildChannel } from "../../../src/alerts/channels/index.ts";
import { retryAfter, webSender } from "../../../src/protocols/http/web_request.ts";
import { HubError } from "../../../src/base/errors.ts";
import { NetworkGuard } from "../../../src/base/network.ts";
import { alertChannel } from "../../../src/config/alert_channels.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { NtfyServer } from "../../emulators/ntfy/server.ts";
import { TelegramBotApi } from "../../emulators/telegram/bot_api.ts";

const JPEG = new Uint8Array([0xff, 0xd8, 1, 2, 3, 0xff, 0xd9]);
const never = new AbortController().signal;
const AT = Date.UTC(2026, 4, 6, 10);

const MESSAGE: AlertMessage = {
  id: "8b9f4a1e-0000-4000-8000-000000000001",
  alert: 12,
  rule: "people",
  severity: "critical",
  state: "firing",
  title: "Person at Haustür",
  text: "Person at Haustür. Zone: Weg",
  kind: "person",
  camera: { id: "door", name: "Haustür" },
  startedAtMs: AT,
  dueAtMs: AT,
  count: 2,
  url: "http://pi.local:7777/alerts#alert-12",
};
const WITH_PICTURE: AlertMessage = { ...MESSAGE, snapshot: () => Promise.resolve(JPEG) };

/** A channel that may reach this machine. */
function channel(config: Record<string, unknown>, allow = ["127.0.0.1"]) {
  const network = new NetworkGuard(allow, { option: "alerts.allow" });
  const web = webSender({ network, clock: new FakeClock(AT) });
  return buildChannel(alertChannel.parse({ id: "x", ...config }), partsWith(web));
}

/** A web server whose answer the test gives. */
function webServer(answer: (request: Request, body: string) => Response) {
  const got: { headers: Headers; body: string; path: string }[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const body = await request.text();
    const { pathname, search } = new URL(request.url);
    got.push({ headers: request.headers, body, path: pathname + search });
    return answer(request, body);
  });
  const { port } = server.addr as Deno.NetAddr;
  return { got, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}

const failing = (sending: Promise<void>) => assertRejects(() => sending, HubError);

Deno.test("[ALERT-WEBHOOK] webhook: JSON with everything, signed, with the message's id as idempotency key", async () => {
  await using server = webServer(() => new Response(null, { status: 204 }));
  const config = {
    type: "webhook",
    url: `${server.url}/hook?token=abc`,
    secret: "s3cret",
    headers: { "X-Own": "ö–1", Authorization: "Bearer mine" },
  };
  await channel(config).send(WITH_PICTURE, never);
  const [{ headers, body, path } = assertNothing()] = server.got;
  assertEquals(path, "/hook?token=abc");
  assertEquals(JSON.parse(body), {
    id: MESSAGE.id,
    alert_id: 12,
    rule: "people",
    severity: "critical",
    state: "firing",
    title: "Person at Haustür",
    text: "Person at Haustür. Zone: Weg",
    kind: "person",
    camera_id: "door",
    camera_name: "Haustür",
    started_at: "2026-05-06T10:00:00.000Z",
    count: 2,
    url: "http://pi.local:7777/alerts#alert-12",
    snapshot_base64: Buffer.from(JPEG).toString("base64"),
  });
  const signature = createHmac("sha256", "s3cret").update(body).digest("hex");
  assertEquals([
    headers.get("idempotency-key"),
    headers.get("x-tapocam-signature"),
    headers.get("content-type"),
    headers.get("authorization"),
  ], [MESSAGE.id, `sha256=${signature}`, "application/json", "Bearer mine"]);

  await channel({ type: "webhook", url: `${server.url}/`, snapshot: false }).send(WITH_PICTURE, never);
  const second = server.got[1];
  assertEquals([JSON.parse(second!.body).snapshot_base64, second!.headers.get("x-tapocam-signature")], [
    undefined,
    null,
  ]);
});

function assertNothing(): never {
  throw new Error("Nothing came");
}

Deno.test("webhook: what an answer means: taken, later and when, or never", async () => {
  const cases: [
    status: number,
    headers: Record<string, string>,
    kind: string | undefined,
    isRetryable: boolean,
    afterS?: number,
  ][] = [
    [200, {}, undefined, false],
    [202, {}, undefined, false],
    [301, { location: "http://127.0.0.1:1/" }, "device_rejected", false],
    [307, { location: "http://127.0.0.1:1/" }, "device_rejected", false],
    [400, {}, "device_rejected", false],
    [401, {}, "device_rejected", false],
    [404, {}, "device_rejected", false],
    [408, {}, "unavailable", true],
    [429, { "retry-after": "120" }, "unavailable", true, 120],
    [500, {}, "unavailable", true],
    [503, { "retry-after": "Wed, 06 May 2026 10:05:00 GMT" }, "unavailable", true, 300],
  ];
  for (const [status, headers, kind, isRetryable, afterS] of cases) {
    await using server = webServer(() => new Response(status === 204 ? null : "said", { status, headers }));
    const sending = channel({ type: "webhook", url: server.url }).send(MESSAGE, never);
    if (kind === undefined) {
      await sending;
      continue;
    }
    const error = await failing(sending);
    const expectedMs = afterS === undefined ? undefined : AT + afterS * 1000;
    assertEquals(
      [error.kind, error.retryable, error.retryAtMs],
      [kind, isRetryable, expectedMs],
      String(status),
    );
    assertStringIncludes(error.message, String(status));
    assertEquals(server.got.length, 1, "no redirect is followed");
  }
});

Deno.test("[ALERT-WEBHOOK] webhook: a server that repeats what it was asked for gives no secret of the address away", async () => {
  const asked = "/hooks/T0123/k3y%20of-mine?token=abc123def&v=1";
  for (
    const said of [
      "<pre>Cannot POST /hooks/T0123/k3y%20of-mine?token=abc123def&amp;v=1</pre>",
      "no route for /hooks/T0123/k3y%20of-mine",
      "unknown key 'k3y of-mine'",
      "abc123def is no token",
    ]
  ) {
    await using server = webServer(() => new Response(said, { status: 404 }));
    const url = new URL(asked, server.url).href;
    const error = await failing(channel({ type: "webhook", url }).send(MESSAGE, never));
    assertStringIncludes(error.message, "[secret]");
    for (const secret of ["k3y", "of-mine", "abc123def"]) {
      assert(!error.message.includes(secret), error.message);
    }
  }
});

Deno.test("retryAfter: seconds, dates, nonsense; never in the past, never for ever", () => {
  const cases: [string | undefined, number | undefined][] = [
    [undefined, undefined],
    ["", undefined],
    ["soon", undefined],
    ["0", 0],
    [" 7 ", 7],
    ["Wed, 06 May 2026 10:00:09 GMT", 9],
    ["Wed, 06 May 2020 10:00:09 GMT", 0],
    ["999999999", 21_600],
    ["9".repeat(20), 21_600],
  ];
  for (const [text, seconds] of cases) {
    assertEquals(retryAfter(text, AT), seconds === undefined ? undefined : AT + seconds * 1000, text);
  }
});

Deno.test("webhook: without a server, and with one that hangs up, it is worth another try", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}/`;
  const hanging = (async () => (await listener.accept()).close())();
  const hungUp = await failing(channel({ type: "webhook", url }).send(MESSAGE, never));
  await hanging;
  listener.close();
  const gone = await failing(channel({ type: "webhook", url }).send(MESSAGE, never));
  assertEquals([hungUp.kind, hungUp.retryable, gone.kind, gone.retryable], [
    "unavailable",
    true,
    "unavailable",
    true,
  ]);
  assertMatch(gone.message, /^The webhook "x" refused the connection/);
});

Deno.test("[ALERT-SSRF] webhook: this machine, metadata services and names that lead there are refused; alerts.allow allows", async () => {
  await using server = webServer(() => new Response("ok"));
  const { port } = new URL(server.url);
  const refused = [
    `http://127.0.0.1:${port}/`,
    `http://localhost:${port}/`,
    `http://0.0.0.0:${port}/`,
    `http://2130706433:${port}/`,
    `http://[::ffff:127.0.0.1]:${port}/`,
    `http://[::1]:${port}/`,
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/",
  ];
  for (const url of refused) {
    const error = await failing(channel({ type: "webhook", url }, []).send(MESSAGE, never));
    assertEquals([error.kind, error.retryable], ["forbidden", false], url);
    assertStringIncludes(error.hint ?? "", "alerts.allow");
  }
  assertEquals(server.got, []);
  await channel({ type: "webhook", url: `http://127.0.0.1:${port}/` }, ["127.0.0.1"]).send(MESSAGE, never);
  assertEquals(server.got.length, 1);
});

Deno.test("[ALERT-SSRF] webhook: a name is looked up once, and that address is connected to", async () => {
  await using server = webServer(() => new Response("ok"));
  const answers = ["127.0.0.1", "127.0.0.9"];
  const asked: string[] = [];
  const lookup = (name: string) => {
    asked.push(name);
    return Promise.resolve(answers[asked.length - 1] ?? "127.0.0.9");
  };
  // Only the first answer is allowed: with a second look-up it would not arrive.
  const network = new NetworkGuard(["127.0.0.1"], { lookup });
  const web = webSender({ network, clock: new FakeClock() });
  const url = `http://hook.test:${new URL(server.url).port}/in`;
  await buildChannel(alertChannel.parse({ id: "x", type: "webhook", url }), partsWith(web)).send(
    MESSAGE,
    never,
  );
  assertEquals(asked, ["hook.test"]);
  assertMatch(server.got[0]?.headers.get("host") ?? "", /^hook\.test:/);
});

Deno.test("[ALERT-NTFY] ntfy: title, priority, tags, link and picture arrive; the token opens the topic", async () => {
  await using server = new NtfyServer({ house: "tk_right" });
  const config = { type: "ntfy", server: server.url, topic: "house", token: "tk_right" };
  await channel(config).send(WITH_PICTURE, never);
  await channel({ ...config, snapshot: false }).send(WITH_PICTURE, never);
  await channel(config).send({ ...MESSAGE, state: "resolved", title: "Over", text: "two\nlines" }, never);
  const [first, second, third] = server.messages;
  assertEquals([first?.title, first?.message, first?.priority, first?.tags, first?.click], [
    "Person at Haustür",
    "Person at Haustür. Zone: Weg",
    5,
    ["rotating_light", "person"],
    MESSAGE.url,
  ]);
  assertEquals([first?.attachment?.name, first?.attachment?.bytes], ["snapshot.jpg", JPEG]);
  assertEquals(first?.headers["x-idempotency-key"], MESSAGE.id);
  assertEquals([second?.message, second?.attachment], [MESSAGE.text, undefined]);
  assertEquals([third?.title, third?.message, third?.priority, third?.tags?.[0]], [
    "Over",
    "two\nlines",
    3,
    "white_check_mark",
  ]);

  const error = await failing(channel({ ...config, token: "tk_wrong" }).send(MESSAGE, never));
  assertEquals([error.kind, error.retryable], ["device_rejected", false]);
  assert(!JSON.stringify([error.message, error.hint]).includes("tk_wrong"));
  server.fault = { status: 429, headers: { "retry-after": "60" } };
  assertEquals((await failing(channel(config).send(MESSAGE, never))).retryAtMs, AT + 60_000);
});

Deno.test("[ALERT-TELEGRAM] telegram: text, or a photo with it; 429 says when; the token is in no error", async () => {
  const token = "123456:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
  await using api = new TelegramBotApi(token);
  const config = { type: "telegram", server: api.url, token, chat_id: -100123 };
  await channel(config).send(WITH_PICTURE, never);
  await channel({ ...config, snapshot: false }).send({ ...WITH_PICTURE, state: "resolved" }, never);
  const text = `${MESSAGE.title}\n${MESSAGE.text}\n${MESSAGE.url}`;
  const [first, second] = api.messages;
  assertEquals(
    [first?.chat_id, first?.text, first?.isQuiet, first?.photo?.type, first?.photo?.bytes],
    ["-100123", text, false, "image/jpeg", JPEG],
  );
  assertEquals([second?.text, second?.isQuiet, second?.photo], [text, true, undefined]);

  api.retryAfter = 35;
  assertEquals((await failing(channel(config).send(MESSAGE, never))).retryAtMs, AT + 35_000);
  const wrong = token.replace("AAH", "BBB");
  const errors = [
    await failing(channel({ ...config, token: wrong }).send(MESSAGE, never)),
    await failing(channel({ ...config, token: wrong, server: "http://127.0.0.1:1" }).send(MESSAGE, never)),
    await failing(channel({ ...config, token: wrong }, []).send(MESSAGE, never)),
  ];
  for (const { message, hint, details, stack } of errors) {
    assert(!JSON.stringify([message, hint, details, stack]).includes(wrong), message);
  }
  assertEquals(errors.map(({ kind }) => kind), ["device_rejected", "unavailable", "forbidden"]);
});

Deno.test("channels: a send that is aborted is an abort", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const stop = new AbortController();
  const accepting = listener.accept();
  const sending = channel({ type: "webhook", url: `http://127.0.0.1:${listener.addr.port}/` }).send(
    MESSAGE,
    stop.signal,
  );
  const aborting = assertRejects(() => sending, DOMException);
  const connection = await accepting;
  stop.abort();
  assertEquals((await aborting).name, "AbortError");
  connection.close();
  listener.close();
});
