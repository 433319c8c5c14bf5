// Nobody gets in without a login, and a login works as the README says.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { HttpClient } from "../tools/http_client.ts";
import { BINARY, HubProcess } from "../tools/hub_process.ts";

const PATTERN = "cameras: [{id: a, type: testpattern, width: 320, height: 180}]";

Deno.test("[AUTH-CLOSED] every route but /healthz and the login page asks for a login", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  const stranger = new HttpClient(hub.client.origin);
  assertEquals(await (await stranger.fetch("/healthz")).text(), "ok");
  assertMatch(await (await stranger.fetch("/login")).text(), /<form/);
  const machine = [
    "/api/status",
    "/api/cameras",
    "/api/cameras/a",
    "/api/cameras/a/stream",
    "/api/cameras/a/snapshot",
    "/api/cameras/none",
    "/api/live",
    "/api/nothing",
    "/mcp",
    "/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-authorization-server",
  ];
  for (const path of machine) {
    const response = await stranger.fetch(path);
    assertEquals(response.status, 401, path);
    assertEquals(response.headers.get("content-type"), "application/problem+json");
    const body = await response.json();
    assertEquals(body.error_code, "unauthenticated");
    assert(body.message && body.recovery_options.length > 0);
  }
  for (const path of ["/", "/cameras/a", "/settings", "/static/build/boot.js", "/nothing"]) {
    const response = await stranger.fetch(path);
    await response.body?.cancel();
    assertEquals(response.status, 303, path);
    assertMatch(response.headers.get("location") ?? "", /^\/login/);
  }
  for (
    const [method, path] of [["POST", "/api/cameras"], ["DELETE", "/api/cameras/a"], [
      "PATCH",
      "/api/cameras/a",
    ], [
      "POST",
      "/api/operations/list_cameras",
    ], ["POST", "/api/account/password"]]
  ) {
    assertEquals((await stranger.send(method ?? "", path ?? "", {})).status, 401, `${method} ${path}`);
  }
});

Deno.test("[AUTH-LINK] the printed link logs in once, sets a strict cookie, and does not work twice", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  const path = hub.link.slice(hub.client.origin.length);
  const head = await fetch(hub.link, { method: "HEAD", redirect: "manual" });
  assertEquals(head.status, 401, "looking at the link does not use it up");
  const response = await hub.client.fetch(path);
  await response.body?.cancel();
  assertEquals(response.status, 303);
  assertMatch(response.headers.get("set-cookie") ?? "", /HttpOnly/);
  assertMatch(response.headers.get("set-cookie") ?? "", /SameSite=Strict/);
  assertEquals((await hub.client.json("/api/cameras")).total, 1);
  const second = await new HttpClient(hub.client.origin).fetch(path);
  await second.body?.cancel();
  assertEquals(second.headers.get("location"), "/login?error=link");
  assertEquals(second.headers.get("set-cookie"), null);
});

Deno.test("[AUTH-PASSWORD] a password set on the settings page logs in; wrong ones are slowed down; logout ends it", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  await hub.login();
  const short = await hub.client.send("POST", "/api/account/password", { new_password: "short" });
  assertEquals([short.status, short.body.error_code], [400, "invalid_input"]);
  const set = await hub.client.send("POST", "/api/account/password", { new_password: "correct horse" });
  assertEquals([set.status, set.body.user], [200, "admin"]);
  const other = new HttpClient(hub.client.origin);
  const login = async (password: string) => {
    const body = new URLSearchParams({ username: "admin", password, next: "//evil.example/" });
    const response = await other.fetch("/login", { method: "POST", body });
    await response.body?.cancel();
    return response.headers.get("location");
  };
  assertEquals(await login("correct horse"), "/", "and a foreign address is not followed");
  assertEquals((await other.json("/api/cameras")).total, 1);
  await (await other.fetch("/logout", { method: "POST" })).body?.cancel();
  other.cookie = other.cookie || "x=y";
  assertEquals((await other.json("/api/cameras")).error_code, "unauthenticated");
  for (let time = 0; time < 5; time++) assertMatch(await login("wrong") ?? "", /error=wrong/);
  assertMatch(await login("correct horse") ?? "", /error=throttled/);
  assert(!hub.text.includes("correct horse"), "no password stands in the log");
});

Deno.test("[AUTH-LINK] a link is used up and taken out of the address where somebody is logged in already, too", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  await hub.login();
  const run = await new Deno.Command(BINARY, { args: ["user", "link", "--data", hub.dataDir] }).output();
  const path = /\/\?token=\S+/.exec(new TextDecoder().decode(run.stdout))?.[0] ?? "";
  const again = await hub.client.fetch(path);
  await again.body?.cancel();
  assertEquals([again.status, again.headers.get("location")], [303, "/"]);
  const other = await new HttpClient(hub.client.origin).fetch(path);
  await other.body?.cancel();
  assertEquals(other.headers.get("location"), "/login?error=link");
});

Deno.test("[AUTH-PASSWORD] signing out ends the pictures that this login has open", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  await hub.login();
  const response = await hub.client.fetch("/api/cameras/a/stream");
  const reading = (async () => {
    for await (const _ of response.body ?? []);
    return "ended";
  })();
  await hub.waitFor(async () => (await hub.client.json("/api/cameras/a")).stream.viewers === 1);
  await (await hub.client.fetch("/logout", { method: "POST" })).body?.cancel();
  assertEquals(await reading, "ended");
});

Deno.test("[AUTH-CLOSED] a stranger may send little, and many idle connections do not end the hub", async () => {
  await using hub = await HubProcess.start({ config: PATTERN, prefix: ["prlimit", "--nofile=120:120"] });
  const answer = await new HttpClient(hub.client.origin).announce("/login", 20_000);
  assertMatch(answer, /^HTTP\/1\.1 400 [\s\S]*invalid_input/);
  const { hostname, port } = new URL(hub.client.origin);
  const idle: Deno.Conn[] = [];
  for (let time = 0; time < 150; time++) {
    const connection = await Deno.connect({ hostname, port: Number(port) }).catch(() => undefined);
    if (connection) idle.push(connection);
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  for (const connection of idle) connection.close();
  await hub.waitFor(async () =>
    await fetch(`${hub.client.origin}/healthz`).then((answer) => answer.text(), () => "") === "ok"
  );
});

Deno.test("[AUTH-CSRF] pages of other sites, also on another port of this host, can change nothing", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  await hub.login();
  for (
    const headers of [{ origin: "http://evil.example" }, { origin: "http://127.0.0.1:1" }, {
      "sec-fetch-site": "same-site",
    }]
  ) {
    const response = await hub.client.fetch("/api/operations/disconnect_camera", {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: '{"camera_id":"a"}',
    });
    assertEquals([response.status, (await response.json()).error_code], [403, "forbidden"]);
  }
  const own = await hub.client.fetch("/api/operations/disconnect_camera", {
    method: "POST",
    headers: { origin: hub.client.origin, "content-type": "application/json" },
    body: '{"camera_id":"a"}',
  });
  assertEquals((await own.json()).camera.status, "disabled");
});

Deno.test("[AUTH-RESTART] a session outlives a restart of the hub", async () => {
  const first = await HubProcess.start({ config: PATTERN, args: [] });
  await first.login();
  const { cookie } = first.client;
  const { port } = new URL(first.client.origin);
  assertEquals(await first.stop(), 0);
  await using second = await HubProcess.start({
    config: PATTERN,
    dataDir: first.dataDir,
    args: ["--port", port],
  });
  second.client.cookie = cookie;
  assertEquals((await second.client.json("/api/cameras")).total, 1);
});

Deno.test("[API-PROBLEM] bad input is answered with what was wrong, what was expected and what was meant", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  await hub.login();
  const misspelt = await hub.client.send("POST", "/api/cameras", {
    type: "testpattern",
    options: { widht: 3 },
  });
  assertEquals(misspelt.status, 400);
  assertEquals(misspelt.body.details.problems[0].suggestion, "width");
  const unknown = await hub.client.send("GET", "/api/cameras/b");
  assertEquals([unknown.status, unknown.body.error_code], [404, "not_found"]);
  assertMatch(unknown.body.recovery_options[0], /\ba\b/);
  const text = await hub.client.fetch("/api/cameras", { method: "POST", body: "hello" });
  assertEquals([text.status, (await text.json()).error_code], [400, "invalid_input"]);
  const ptz = await hub.client.operation("move_ptz", { camera_id: "a", pan: 0.1 });
  assertEquals(ptz.error_code, "unsupported");
  const large = await hub.client.announce("/api/cameras", 2_000_000);
  assertMatch(large, /^HTTP\/1\.1 400 [\s\S]*connection: close[\s\S]*invalid_input/);
});
