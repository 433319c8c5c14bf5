// Programs at the gate: tokens, their roles, and what only a browser may do.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Role } from "../../../src/auth/roles.ts";
import { settle } from "../../tools/fake_clock.ts";
import { type Site, withSite } from "../tools/app.ts";
import { toyDriver } from "../tools/devices.ts";

const JSON_TYPE = { "content-type": "application/json" };

async function withProgram(
  role: Role,
  work: (ask: Site["ask"], site: Site & { value: string }) => Promise<void>,
): Promise<void> {
  await withSite([toyDriver().driver], async (site) => {
    const value = await site.access.tokens.create("robot", { role });
    const ask: Site["ask"] = (path, init = {}) =>
      site.ask(path, {
        ...init,
        headers: { authorization: `Bearer ${value}`, ...init.headers as Record<string, string> },
      });
    await work(ask, { ...site, value });
  });
}

Deno.test("gate: a token lets a program read, whatever the case of the scheme; other schemes are no token", async () => {
  await withProgram("viewer", async (ask, { value }) => {
    assertEquals((await ask("/api/cameras")).status, 200);
    for (const authorization of [`bearer ${value}`, `BEARER  ${value} `]) {
      assertEquals((await ask("/api/status", { headers: { authorization } })).status, 200, authorization);
    }
    for (const authorization of [`Basic ${value}`, value, `Bearer`]) {
      assertEquals((await ask("/api/status", { headers: { authorization } })).status, 401, authorization);
    }
  });
});

Deno.test("gate: a wrong token is told as such, also where a page would be, and the sixth in a minute waits", async () => {
  await withProgram("admin", async (ask) => {
    const headers = { authorization: "Bearer wrong" };
    for (const path of ["/api/cameras", "/", "/mcp", "/cameras/a", "/api/live"]) {
      const response = await ask(path, { headers });
      const body = await response.json();
      assertEquals([response.status, body.error_code], [401, "unauthenticated"], path);
      assertEquals(
        response.headers.get("www-authenticate"),
        'Bearer realm="tapo-camera-mcp", error="invalid_token"',
      );
      assertStringIncludes(body.recovery_options[0], "token create");
    }
    const braked = await ask("/api/cameras", { headers });
    assertEquals([braked.status, braked.headers.get("retry-after")], [429, "60"]);
    assertEquals((await ask("/api/cameras")).status, 200, "the right token goes on");
  });
});

Deno.test("gate: what asks for MCP without a login is refused, not led to the login page", async () => {
  await withProgram("viewer", async (_, { ask }) => {
    for (const method of ["GET", "POST", "DELETE"]) assertEquals((await ask("/mcp", { method })).status, 401);
  });
});

const DONE: [Role, string, number][] = [
  ["viewer", "list_cameras", 200],
  ["viewer", "disconnect_camera", 403],
  ["operator", "disconnect_camera", 200],
  ["operator", "remove_camera", 403],
  ["admin", "remove_camera", 200],
];
for (const [role, name, status] of DONE) {
  Deno.test(`gate: a token of the role ${role} gets ${status} for ${name}`, async () => {
    await withProgram(role, async (ask, { catalog }) => {
      await catalog.add({ type: "toy", id: "a", options: {} });
      await settle();
      const body = name === "list_cameras"
        ? {}
        : { camera_id: "a", ...name === "remove_camera" ? { confirm: true } : {} };
      const response = await ask(`/api/operations/${name}`, {
        method: "POST",
        headers: JSON_TYPE,
        body: JSON.stringify(body),
      });
      const answer = await response.json();
      assertEquals(response.status, status, JSON.stringify(answer));
      if (status === 403) assertStringIncludes(answer.message, "token:robot");
    });
  });
}

Deno.test("gate: the origin rule is for cookies; a token alone may come from anywhere, with a cookie it may not", async () => {
  await withProgram("admin", async (ask, { access }) => {
    const post = (headers: Record<string, string>) =>
      ask("/api/operations/list_cameras", {
        method: "POST",
        headers: { origin: "http://evil.example", ...headers },
      });
    assertEquals((await post({})).status, 200);
    const { token } = (await access.redeemLink(await access.createLink(), "192.168.1.5"))!;
    assertEquals((await post({ cookie: `tapocam_session_7777=${token}` })).status, 403);
  });
});

Deno.test("authRoutes: a token changes no password", async () => {
  await withProgram("admin", async (ask, { access }) => {
    const response = await ask("/api/account/password", {
      method: "POST",
      headers: JSON_TYPE,
      body: JSON.stringify({ new_password: "correct horse" }),
    });
    assertEquals([response.status, (await response.json()).error_code], [403, "forbidden"]);
    assertEquals(await access.hasPassword(), false);
  });
});

Deno.test("gate: what came through the hub's own socket is the local admin, and changes no password", async () => {
  await withProgram("viewer", async (_, { app }) => {
    const remoteAddr = { transport: "unix", path: "" };
    const ask = (path: string, init: RequestInit = {}) =>
      app.request(`http://localhost${path}`, init, { remoteAddr });
    assertEquals((await ask("/api/cameras")).status, 200);
    const reloaded = await ask("/api/operations/reload_config", { method: "POST" });
    assertEquals(reloaded.status, 200, await reloaded.text());
    const change = { method: "POST", headers: JSON_TYPE, body: '{"new_password":"correct horse"}' };
    assertEquals((await ask("/api/account/password", change)).status, 403);
    const forged = { headers: { host: "localhost", "x-forwarded-for": "unix" } };
    const stranger = await app.request("http://localhost/api/cameras", forged, {
      remoteAddr: { transport: "tcp", hostname: "127.0.0.1", port: 1 },
    });
    assert(stranger.status === 401);
  });
});
