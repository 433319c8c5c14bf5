// Web Push against a push service of the tests, which opens every message with the browser's own keys.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { buildWebPush } from "../../../src/alerts/channels/web_push.ts";
import { PushDevices } from "../../../src/alerts/push_devices.ts";
import { Logger } from "../../../src/base/log.ts";
import { NetworkGuard } from "../../../src/base/network.ts";
import {
  exchangeHttp,
  type ExchangeSettings,
  type HttpRequest,
  type HttpResponse,
} from "../../../src/protocols/http/exchange.ts";
import { Database } from "../../../src/store/database.ts";
import { PushTable } from "../../../src/store/push_table.ts";
import { failureOf } from "../../drivers/stage.ts";
import { PushBrowser, PushService } from "../../emulators/push/push_service.ts";
import { CertificateAuthority } from "../../tools/certificate_authority.ts";
import { FakeClock } from "../../tools/fake_clock.ts";
import { someAlert } from "./messages.ts";

const forever = new AbortController().signal;

interface Stage {
  service: PushService;
  devices: PushDevices;
  table: PushTable;
  database: Database;
  lines: string[];
  /** A browser of a user, known to the hub. */
  join(user: string, path: string): Promise<PushBrowser>;
}

async function withStage(work: (stage: Stage) => Promise<void>, allow = ["127.0.0.0/8"]): Promise<void> {
  await using authority = await CertificateAuthority.make();
  await using service = PushService.start(await authority.issue("IP:127.0.0.1"));
  using client = Deno.createHttpClient({ caCerts: [authority.ca] });
  const database = await Database.open(":memory:");
  const lines: string[] = [];
  const table = new PushTable(database);
  const devices = new PushDevices({
    table,
    clock: new FakeClock(),
    log: new Logger((line) => lines.push(line), "debug"),
    transport: {
      network: new NetworkGuard(allow),
      // The service's certificate is trusted by this test alone.
      exchange: (request, settings) =>
        new URL(request.url).origin === service.origin
          ? exchangeBy(client, request, settings)
          : exchangeHttp(request, settings),
    },
  });
  const join = async (user: string, path: string) => {
    const browser = await service.subscribe(path);
    await devices.add(user, given(browser, `Browser ${path}`), forever);
    return browser;
  };
  try {
    await work({ service, devices, table, database, lines, join });
  } finally {
    await database.close();
  }
}

async function exchangeBy(
  client: Deno.HttpClient,
  { url, method, headers, body }: HttpRequest,
  { signal, address }: ExchangeSettings,
): Promise<HttpResponse> {
  assertEquals(address, "127.0.0.1", "connected to as it was judged");
  const init = { method, headers, body: body as BodyInit, redirect: "manual" as const, signal, client };
  const response = await fetch(url, init);
  return {
    status: response.status,
    headers: [...response.headers],
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}

function given(browser: PushBrowser, device: string) {
  const { endpoint, keys } = browser.toJSON();
  return { endpoint, ...keys, device };
}

Deno.test("an alert reaches every device, encrypted for it and signed by the hub [PUSH-CRYPTO]", async () => {
  await withStage(async ({ service, devices, join }) => {
    await join("anna", "/one");
    await join("ben", "/two");
    const contact = "mailto:admin@example.org";
    const channel = buildWebPush({ id: "push", type: "web_push", contact }, { devices });
    await channel.send(someAlert({ severity: "critical" }), forever);
    assertEquals(service.notes.map(({ path }) => path).sort(), ["/one", "/two"]);
    const publicKey = await devices.publicKey();
    for (const { text, ttl, urgency, topic, claims, senderKey } of service.notes) {
      assertEquals([ttl, urgency, claims.sub, senderKey], [86_400, "high", contact, publicKey]);
      assertMatch(topic ?? "", /^[\w-]{32}$/);
      const { title, body, tag, path, state } = JSON.parse(text);
      assertEquals([title, tag, state], ["Person at the front door", "alert-41", "firing"]);
      assertEquals(path, "/events?camera=front-door");
      assertMatch(body, /Front <door>/);
    }
    assert((await devices.list()).every(({ usedAtMs }) => usedAtMs !== undefined));
  });
});

Deno.test("the longest alert fits into a message", async () => {
  await withStage(async ({ service, devices, join }) => {
    await join("anna", "/one");
    const channel = buildWebPush({ id: "push", type: "web_push" }, { devices });
    const long = "雪".repeat(5000);
    await channel.send(someAlert({ title: long, text: long }), forever);
    assertEquals(service.notes.length, 1);
  });
});

for (const status of [404, 410]) {
  Deno.test(`a browser that has unsubscribed (${status}) is forgotten, and is no failure [PUSH-DEVICES]`, async () => {
    await withStage(async ({ service, devices, join }) => {
      await join("anna", "/gone");
      await join("anna", "/here");
      service.answers.set("/gone", { status });
      await buildWebPush({ id: "push", type: "web_push" }, { devices }).send(someAlert(), forever);
      assertEquals((await devices.list()).map(({ device }) => device), ["Browser /here"]);
      assertEquals(service.notes.length, 1);
    });
  });
}

Deno.test("what is put off is tried again, without telling a device twice; what is refused is not [PUSH-DEVICES]", async () => {
  await withStage(async ({ service, devices, join }) => {
    for (const path of ["/a", "/b", "/c"]) await join("anna", path);
    service.answers.set("/b", { status: 503 });
    service.answers.set("/c", { status: 400, body: "Bad token" });
    const channel = buildWebPush({ id: "push", type: "web_push" }, { devices });
    const first = await failureOf(channel.send(someAlert(), forever));
    assertEquals(first.retryable, true);
    assertMatch(first.message, /^Browser \/b of anna: .*puts it off: 503/);
    service.answers.delete("/b");
    const second = await failureOf(channel.send(someAlert(), forever));
    assertEquals(second.retryable, false);
    assertMatch(second.message, /^Browser \/c of anna: .*refuses the message: 400: Bad token/);
    assertEquals(service.notes.map(({ path }) => path), ["/a", "/b"]);
    for (const status of [429, 500]) {
      service.answers.set("/c", { status });
      assertEquals((await failureOf(channel.send(someAlert(), forever))).retryable, true);
    }
  });
});

Deno.test("what a push service says names no endpoint [PUSH-DEVICES]", async () => {
  await withStage(async ({ service, devices, join }) => {
    await join("anna", "/endpoint-of-anna");
    const channel = buildWebPush({ id: "push", type: "web_push" }, { devices });
    service.answers.set("/endpoint-of-anna", { status: 400, body: "Cannot POST /endpoint-of-anna" });
    const { message } = await failureOf(channel.send(someAlert(), forever));
    assertMatch(message, /refuses the message: 400: Cannot POST \[secret\]$/);
  });
});

Deno.test("no device at all is a dead letter that says where to enable one", async () => {
  await withStage(async ({ devices }) => {
    const error = await failureOf(
      buildWebPush({ id: "p", type: "web_push" }, { devices }).send(someAlert(), forever),
    );
    assertEquals(error.retryable, false);
    assertMatch(error.hint ?? "", /Settings/);
  });
});

Deno.test("a push service is in the internet and speaks HTTPS; redirects are not followed [PUSH-SSRF]", async () => {
  await withStage(async ({ devices, table, service }) => {
    const inside = [
      "127.0.0.1",
      "10.0.0.5",
      "192.168.1.1",
      "172.16.3.4",
      "169.254.169.254",
      "[::1]",
      "[fd12::1]",
    ];
    for (const host of inside) {
      const browser = await PushBrowser.make(`https://${host}/x`);
      assertEquals(
        (await failureOf(devices.add("eve", given(browser, "x"), forever))).kind,
        "forbidden",
        host,
      );
    }
    for (
      const endpoint of ["http://push.example.org/x", "https://a:b@push.example.org/x", "file:///etc/passwd"]
    ) {
      const browser = await PushBrowser.make(endpoint);
      assertEquals((await failureOf(devices.add("eve", given(browser, "x"), forever))).kind, "invalid_input");
    }
    // One that stands in the database all the same is not asked either.
    const stored = given(await service.subscribe("/x"), "x");
    const device = { ...stored, id: "x", user: "eve", createdAtMs: 0, usedAtMs: undefined };
    await table.put(device);
    assertEquals((await failureOf(devices.test("eve", "x", forever))).kind, "forbidden");
    assertEquals(service.requests, 0);
  }, []);
  await withStage(async ({ devices, service, join }) => {
    await join("anna", "/one");
    service.answers.set("/one", { status: 307, headers: { location: `${service.origin}/inner` } });
    const [device] = await devices.list();
    const error = await failureOf(devices.test("anna", device?.id ?? "", forever));
    assertMatch(error.message, /refuses the message: 307/);
    assertEquals(service.requests, 1);
  });
});

Deno.test("keys stay; a browser that subscribes again takes its own place; a user's end takes the devices along [PUSH-DEVICES]", async () => {
  await withStage(async ({ devices, table, database, join, service }) => {
    const key = await devices.publicKey();
    const other = new PushDevices({
      table,
      clock: new FakeClock(),
      log: new Logger(() => {}, "error"),
      transport: { network: new NetworkGuard([]) },
    });
    assertEquals(await other.publicKey(), key, "after a restart");
    const browser = await join("anna", "/one");
    await devices.add("ben", given(browser, "Ben's now"), forever);
    assertEquals((await devices.list()).map(({ user }) => user), ["ben"]);
    const [{ id } = { id: "" }] = await devices.list("ben");
    assertEquals((await failureOf(devices.remove("anna", id))).kind, "not_found");
    await devices.test("ben", id, forever);
    assertMatch(service.notes[0]?.text ?? "", /Notifications work/);
    await database.all("INSERT INTO users (name, password_hash, created_at) VALUES ('ben', 'x', 0)");
    await database.all("DELETE FROM users WHERE name = 'ben'");
    assertEquals(await devices.list(), []);
  });
});

Deno.test("neither the hub's private key nor a browser's address stands in an error or a log line [CHANNEL-SECRETS]", async () => {
  await withStage(async ({ service, devices, table, lines }) => {
    const browser = await service.subscribe("/secret-path-of-anna");
    await devices.add("anna", given(browser, "A browser"), forever);
    const channel = buildWebPush({ id: "push", type: "web_push" }, { devices });
    const errors = [];
    for (const status of [400, 403, 500]) {
      service.answers.set("/secret-path-of-anna", { status });
      errors.push(await failureOf(channel.send(someAlert(), forever)));
    }
    const away = await PushBrowser.make("https://127.0.0.1:1/secret-path-of-anna");
    const { id } = await devices.add("ben", given(away, "Another"), forever);
    const unreachable = await failureOf(devices.test("ben", id, forever));
    assertMatch(unreachable.message, /127\.0\.0\.1:1 refused the connection/);
    assertEquals(unreachable.retryable, true);
    errors.push(unreachable);
    await devices.remove("ben", id);
    service.answers.set("/secret-path-of-anna", { status: 410 });
    await channel.send(someAlert(), forever);
    const shown = Deno.inspect([errors, lines], { depth: 20, strAbbreviateSize: 1e6 });
    const { privateKey = "?" } = await table.knownKeys() ?? {};
    for (const secret of [privateKey, "secret-path-of-anna", browser.toJSON().keys.auth]) {
      assert(!shown.includes(secret), shown);
    }
  });
});
