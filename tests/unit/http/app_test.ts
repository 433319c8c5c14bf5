// The HTTP application without a network: the gate, the JSON API, problems in words, and pictures.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Hono } from "hono";
import { triedUser } from "../../../src/http/tried_user.ts";
import { Secret } from "../../../src/base/secret.ts";
import { testPatternDriver } from "../../../src/drivers/testpattern/driver.ts";
import { readJpegHeader } from "../../../src/protocols/mpjpeg/jpeg.ts";
import { settle } from "../../tools/fake_clock.ts";
import { withSite } from "../tools/app.ts";
import { foundToy, toyDriver } from "../tools/devices.ts";
import { until } from "../tools/processes.ts";

Deno.test("httpApp: a stranger sees health and the way to the login, and nothing else", async () => {
  await withSite([toyDriver().driver], async ({ ask }) => {
    const health = await ask("/healthz");
    assertEquals([health.status, await health.text()], [200, "ok"]);
    for (const path of ["/api/status", "/api/cameras", "/api/nothing", "/api/cameras/a/snapshot"]) {
      const refused = await ask(path);
      const { error_code, recovery_options } = await refused.json();
      assertEquals([refused.status, error_code], [401, "unauthenticated"]);
      assertStringIncludes(recovery_options[0], "Log in at /login");
      assertEquals(refused.headers.get("www-authenticate"), 'Bearer realm="tapo-camera-mcp"');
    }
    assertEquals((await ask("/api/operations/list_cameras", { method: "POST" })).status, 401);
    const page = await ask("/cameras/a");
    assertEquals([page.status, page.headers.get("location")], [303, "/login?next=%2Fcameras%2Fa"]);
  });
});

Deno.test("httpApp: a login link works once; its cookie is kept from scripts and other sites", async () => {
  await withSite([toyDriver().driver], async ({ ask, access }) => {
    const link = `/?token=${await access.createLink()}`;
    const first = await ask(link);
    assertEquals([first.status, first.headers.get("location")], [303, "/"]);
    const cookie = first.headers.get("set-cookie") ?? "";
    for (const part of ["tapocam_session_7777=", "HttpOnly", "SameSite=Strict", "Path=/"]) {
      assertStringIncludes(cookie, part);
    }
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    assertEquals((await ask("/api/cameras", { headers })).status, 200);
    const second = await ask(link);
    assertEquals([second.headers.get("location"), second.headers.get("set-cookie")], [
      "/login?error=link",
      null,
    ]);
  });
});

const FOREIGN: [string, Record<string, string>, number][] = [
  ["no origin", {}, 200],
  ["the hub's own page", { origin: "http://pi.local:7777", "sec-fetch-site": "same-origin" }, 200],
  ["another site", { origin: "http://evil.example", "sec-fetch-site": "cross-site" }, 403],
  ["another port of this host", { origin: "http://pi.local:8080", "sec-fetch-site": "same-site" }, 403],
  ["a sandboxed page", { origin: "null" }, 403],
  ["another site that hides its origin", { "sec-fetch-site": "cross-site" }, 403],
];
for (const [name, headers, status] of FOREIGN) {
  Deno.test(`gate: a request that acts, from ${name}, is ${status}`, async () => {
    await withSite([toyDriver().driver], async ({ as }) => {
      const response = await as("/api/operations/list_cameras", { method: "POST", headers });
      await response.body?.cancel();
      assertEquals(response.status, status);
    });
  });
}

Deno.test("httpApp: logs in by password, brakes guessing, follows only paths of its own, and logs out", async () => {
  await withSite([toyDriver().driver], async ({ ask, access }) => {
    await access.setPassword("ann", new Secret("correct horse"));
    const login = (password: string, next = "/cameras/a") =>
      ask("/login", { method: "POST", body: new URLSearchParams({ username: "ann", password, next }) });
    const right = await login("correct horse");
    assertEquals([right.status, right.headers.get("location")], [303, "/cameras/a"]);
    for (const next of ["//evil.example", "/\\evil.example", "http://evil.example", ""]) {
      assertEquals((await login("correct horse", next)).headers.get("location"), "/", next);
    }
    const cookie = (right.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    for (let i = 0; i < 5; i++) {
      assertEquals((await login("wrong")).headers.get("location"), "/login?error=wrong&next=%2Fcameras%2Fa");
    }
    assertStringIncludes((await login("correct horse")).headers.get("location") ?? "", "error=throttled");
    assertEquals((await ask("/api/cameras", { headers: { cookie } })).status, 200);
    assertEquals((await ask("/logout", { method: "POST", headers: { cookie } })).status, 303);
    assertEquals((await ask("/api/cameras", { headers: { cookie } })).status, 401);
  });
});

Deno.test("httpApp: the name of a failed login is kept for the login page, a minute, and out of the address", async () => {
  await withSite([toyDriver().driver], async ({ ask, access }) => {
    await access.setPassword("ann & co", new Secret("correct horse"));
    const login = async (username: string, password: string, headers: HeadersInit = {}) => {
      const body = new URLSearchParams({ username, password });
      const answer = await ask("/login", { method: "POST", body, headers });
      return [answer.headers.get("location"), answer.headers.getSetCookie()] as const;
    };
    const [address, [cookie = "", ...more]] = await login("ann & co", "wrong");
    assertEquals([address, more], ["/login?error=wrong", []]);
    assertEquals(
      cookie,
      "tapocam_user_7777=ann%20%26%20co; Max-Age=60; Path=/login; HttpOnly; SameSite=Strict",
    );
    const headers = { cookie: cookie.split(";")[0] ?? "" };
    const [, [session, gone]] = await login("ann & co", "correct horse", headers);
    assertStringIncludes(session ?? "", "tapocam_session_7777=");
    assertStringIncludes(gone ?? "", "tapocam_user_7777=; Max-Age=0; Path=/login");
    for (const name of ["", "x".repeat(65)]) assertEquals((await login(name, "wrong"))[1], []);
    const page = new Hono();
    page.get("/login", (c) => c.text(triedUser(c) ?? "nobody"));
    for (const [given, expected] of [[headers, "ann & co"], [{}, "nobody"]] as const) {
      const shown = await page.request("http://pi.local:7777/login", { headers: given });
      assertEquals(await shown.text(), expected);
    }
  });
});

Deno.test("httpApp: cameras are added, read, changed, stopped and removed over the API", async () => {
  await withSite([toyDriver({ plugAndPlay: false }).driver], async ({ as, send }) => {
    const added = await send("POST", "/api/cameras", {
      type: "toy",
      name: "Front door",
      options: { fps: 5 },
    });
    assertEquals([added.status, (await added.json()).camera.id], [201, "front-door"]);
    await settle();
    const list = await (await as("/api/cameras")).json();
    assertEquals([list.success, list.total, list.cameras[0].status, list.cameras[0].origin], [
      true,
      1,
      "online",
      "store",
    ]);
    assertEquals((await (await as("/api/cameras?status=offline")).json()).total, 0);
    const one = await (await as("/api/cameras/front-door")).json();
    assertEquals([one.name, one.options, one.links.stream], [
      "Front door",
      { fps: 5, format: "auto" },
      "/api/cameras/front-door/stream",
    ]);
    const patched = await (await send("PATCH", "/api/cameras/front-door", { name: "Porch" })).json();
    assertEquals([patched.camera.name, patched.verified], ["Porch", "acknowledged"]);
    await (await send("POST", "/api/operations/disconnect_camera", { camera_id: "front-door" })).body
      ?.cancel();
    await settle();
    const status = await (await as("/api/status")).json();
    assertEquals([status.version, status.cameras], ["1.2.3", { total: 1, disabled: 1 }]);
    const unsure = await as("/api/cameras/front-door", { method: "DELETE" });
    assertEquals([unsure.status, (await unsure.json()).details], [409, {
      needs: "confirm",
      would: 'Remove camera "front-door" (Porch) from the hub, with its options and passwords',
      camera_id: "front-door",
    }]);
    assertEquals((await as("/api/cameras/front-door?confirm=true", { method: "DELETE" })).status, 200);
    assertEquals((await as("/api/cameras/front-door")).status, 404);
  });
});

Deno.test("httpApp: found devices are told with what to give to add them", async () => {
  const toys = toyDriver();
  toys.found = [foundToy("usb1")];
  await withSite([toys.driver], async ({ send }) => {
    const { devices } = await (await send("POST", "/api/operations/discover_devices", {})).json();
    assertEquals(devices, [{
      type: "toy",
      title: "Toy usb1",
      options: { device: "usb1" },
      details: { bus: "1" },
    }]);
  });
});

const JSON_TYPE = { "content-type": "application/json" };
const BAD: [string, string, RequestInit, number, string][] = [
  ["nothing there", "/api/nothing", {}, 404, "not_found"],
  ["an unknown camera", "/api/cameras/x", {}, 404, "not_found"],
  ["an unknown operation", "/api/operations/fly", { method: "POST" }, 404, "not_found"],
  ["an id that cannot be", "/api/cameras/No!", {}, 400, "invalid_input"],
  ["an unknown query", "/api/cameras?colour=red", {}, 400, "invalid_input"],
  ["broken JSON", "/api/cameras", { method: "POST", headers: JSON_TYPE, body: "{" }, 400, "invalid_input"],
  ["a list", "/api/cameras", { method: "POST", headers: JSON_TYPE, body: "[]" }, 400, "invalid_input"],
  [
    "a form",
    "/api/cameras",
    { method: "POST", body: new URLSearchParams({ type: "toy" }) },
    400,
    "invalid_input",
  ],
  [
    "a body that is too large",
    "/api/cameras",
    { method: "POST", headers: JSON_TYPE, body: "x".repeat(1_100_000) },
    400,
    "invalid_input",
  ],
  ["no WebSocket", "/api/live", {}, 400, "invalid_input"],
  ["a picture of a camera without video", "/api/cameras/a/snapshot", {}, 422, "unsupported"],
  ["a picture of an unknown camera", "/api/cameras/x/stream", {}, 404, "not_found"],
  ["a picture too small", "/api/cameras/a/snapshot?width=1", {}, 400, "invalid_input"],
  ["a rate that is none", "/api/cameras/a/stream?fps=fast", {}, 400, "invalid_input"],
];
Deno.test("httpApp: what goes wrong is told as a problem, in words and with a code", async () => {
  await withSite([toyDriver().driver], async ({ as, catalog }) => {
    await catalog.add({ type: "toy", id: "a", options: {} });
    await settle();
    for (const [name, path, init, status, code] of BAD) {
      const response = await as(path, init);
      const body = await response.json();
      assertEquals([response.status, body.error_code, body.status], [status, code, status], name);
      assertEquals(response.headers.get("content-type"), "application/problem+json", name);
      assert(body.message.length > 5 && body.recovery_options.length === 1, name);
    }
  });
});

Deno.test("httpApp: a fault inside is logged, and told without its text", async () => {
  const toys = toyDriver({ discover: () => Promise.reject(new TypeError("secret detail")) });
  await withSite([toys.driver], async ({ send, lines }) => {
    const response = await send("POST", "/api/operations/discover_devices", {});
    assertEquals(response.status, 500);
    assertEquals((await response.text()).includes("secret detail"), false);
    assert(lines.some((line) => line.includes("secret detail") && line.includes('"level":"error"')));
  });
});

Deno.test("httpApp: every answer forbids framing, sniffing and foreign scripts", async () => {
  await withSite([toyDriver().driver], async ({ ask }) => {
    const { headers } = await ask("/healthz");
    assertEquals([headers.get("x-frame-options"), headers.get("x-content-type-options")], [
      "DENY",
      "nosniff",
    ]);
    assertStringIncludes(headers.get("content-security-policy") ?? "", "script-src 'self'");
    assertEquals(headers.get("strict-transport-security"), null);
  });
});

Deno.test("streamRoutes: a snapshot and a live stream of a real test pattern; a crowd is refused", async () => {
  const small = { width: 160, height: 120, fps: 10 };
  await withSite([testPatternDriver], async ({ as, catalog, media, launcher, clock }) => {
    await catalog.add({ type: "testpattern", id: "test", options: small });
    await settle();
    const snapshot = await as("/api/cameras/test/snapshot?download=1");
    const bytes = new Uint8Array(await snapshot.arrayBuffer());
    assertEquals([snapshot.headers.get("content-type"), readJpegHeader(bytes)?.width], ["image/jpeg", 160]);
    assertStringIncludes(
      snapshot.headers.get("content-disposition") ?? "",
      'attachment; filename="test_2026-',
    );
    const head = await as("/api/cameras/test/stream", { method: "HEAD" });
    assertEquals([head.status, head.body, media.viewers], [200, null, 0]);
    const live = await as("/api/cameras/test/stream");
    assertStringIncludes(live.headers.get("content-type") ?? "", "multipart/x-mixed-replace");
    assertStringIncludes(live.headers.get("cache-control") ?? "", "no-store");
    const reader = live.body!.getReader();
    const { value } = await reader.read();
    assertStringIncludes(new TextDecoder("latin1").decode(value), "Content-Type: image/jpeg");
    assertEquals(media.viewers, 1);
    const crowded = await as("/api/cameras/test/stream");
    assertEquals([crowded.status, (await crowded.json()).error_code], [503, "unavailable"]);
    await reader.cancel();
    assertEquals(media.viewers, 0);
    await settle();
    await clock.advance(5000);
    await until(() => launcher.living.length === 0, "the test pattern to stop");
  }, 1);
});
