// Tokens and the socket, with the compiled program: made beside a running hub, honoured by role, revoked.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { BINARY, HubProcess } from "../tools/hub_process.ts";

const PATTERN = "cameras: [{id: a, type: testpattern, width: 320, height: 180}]";

async function run(...args: string[]): Promise<{ stdout: string; stderr: string; code: number }> {
  const { stdout, stderr, code } = await new Deno.Command(BINARY, { args }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { stdout: text(stdout), stderr: text(stderr), code };
}

Deno.test("[TOKENS] are made beside a running hub, shown once, honoured by role, listed and revoked", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  const token = (...words: string[]) => run("token", ...words, "--data", hub.dataDir);
  const made = await token("create", "grafana");
  const value = made.stdout.trimEnd();
  assertMatch(value, /^tapocam_[\w-]{43}$/);
  assertMatch(made.stderr, /"grafana" \(viewer\).*shown this once/);
  const operator = (await token("create", "claude", "--role", "operator", "--days", "7")).stdout.trimEnd();
  const again = await token("create", "claude");
  assertEquals([again.code, again.stdout], [1, ""]);

  const ask = async (bearer: string, path: string, init: RequestInit = {}) => {
    const response = await fetch(hub.client.origin + path, {
      ...init,
      headers: { authorization: `Bearer ${bearer}` },
    });
    await response.body?.cancel();
    return response.status;
  };
  const disconnect = ["/api/operations/disconnect_camera", { method: "POST" }] as const;
  assertEquals(await ask(value, "/api/cameras"), 200);
  assertEquals(await ask(value, "/api/cameras/a/snapshot"), 200);
  assertEquals(await ask(value, ...disconnect), 403);
  assertEquals(await ask(operator, ...disconnect), 200);
  assertEquals(await ask(operator, "/api/operations/reload_config", { method: "POST" }), 403);
  assertEquals(await ask(value.slice(0, -1), "/api/cameras"), 401);

  const listed = (await token("list")).stdout;
  assertMatch(
    listed,
    /^claude\toperator\tsince .*\tused .*\tuntil .*\ngrafana\tviewer\tsince .*\tused .*\twithout end\n$/,
  );
  assert(!listed.includes(value) && !hub.text.includes(value), "no token is shown again");
  assertEquals((await token("revoke", "grafana")).code, 0);
  await hub.waitFor(async () => await ask(value, "/api/cameras") === 401);
  assertEquals((await token("revoke", "grafana")).code, 1);
  assertEquals((await token("revoke")).code, 2);
  assertEquals((await token("create", "no spaces")).code, 2);
});

Deno.test("[VIEWER-OPTIONS] a viewer's token is told no option of a camera, by the API, MCP's tool or the page", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  const reads = async (role: string, path: string, init: RequestInit = {}) => {
    const create = ["token", "create", `${role}-${path.length}`, "--role", role, "--data", hub.dataDir];
    const authorization = `Bearer ${(await run(...create)).stdout.trimEnd()}`;
    const response = await fetch(hub.client.origin + path, { ...init, headers: { authorization } });
    const text = await response.text();
    assertEquals(response.status, 200, text);
    return text.replaceAll("&quot;", '"');
  };
  const ways = [
    ["/api/cameras/a", {}],
    ["/cameras/a", {}],
    ["/api/operations/get_camera_info", { method: "POST" }],
  ] as const;
  for (const [path, init] of ways) {
    assertMatch(await reads("operator", path, init), /"options":\{"width":320/);
    const seen = await reads("viewer", path, init);
    assert(seen.includes("testpattern") && !seen.includes('"options"'), `${path}: ${seen}`);
  }
});

Deno.test("[TOKENS] a token that is revoked ends the picture that it has open", async () => {
  await using hub = await HubProcess.start({ config: PATTERN });
  const value = (await run("token", "create", "wall", "--data", hub.dataDir)).stdout.trimEnd();
  const response = await fetch(`${hub.client.origin}/api/cameras/a/stream`, {
    headers: { authorization: `Bearer ${value}` },
  });
  const reading = (async () => {
    for await (const _ of response.body ?? []);
    return "ended";
  })();
  await run("token", "revoke", "wall", "--data", hub.dataDir);
  assertEquals(await reading, "ended");
});

Deno.test("[SOCKET] the hub's socket is private, goes with it, and a stale one is taken over", async () => {
  const runtime = await Deno.makeTempDir();
  const first = await HubProcess.start({ config: PATTERN, env: { RUNTIME_DIRECTORY: runtime } });
  const paths = [`${first.dataDir}/hub.sock`, `${runtime}/hub.sock`];
  const ask = async (path: string) => {
    using client = Deno.createHttpClient({ proxy: { transport: "unix", path } });
    return await (await fetch("http://localhost/api/cameras", { client })).json();
  };
  for (const path of paths) {
    assertEquals(((await Deno.lstat(path)).mode ?? 0) & 0o777, 0o600);
    assertEquals((await ask(path)).total, 1, "nobody logs in here");
  }
  await first.stop("SIGKILL");
  assert(await Deno.lstat(paths[0] ?? ""), "a killed hub leaves it");
  const env = { RUNTIME_DIRECTORY: runtime };
  const second = await HubProcess.start({ config: PATTERN, dataDir: first.dataDir, env });
  for (const path of paths) assertEquals((await ask(path)).total, 1);
  assertEquals(await second.stop(), 0);
  for (const path of paths) assertEquals(await Deno.lstat(path).catch(() => "gone"), "gone");
  await Deno.remove(runtime, { recursive: true });
  await second[Symbol.asyncDispose]();
});

Deno.test("[SOCKET] a path that is too long is told; the hub runs on", async () => {
  const folder = await Deno.makeTempDir();
  const dataDir = `${folder}/${"x".repeat(110)}`;
  await Deno.mkdir(dataDir);
  await using hub = await HubProcess.start({ config: PATTERN, dataDir });
  await hub.login();
  // deno-lint-ignore no-explicit-any -- tests look into answers of every shape
  const warning = (status: any) =>
    status.warnings.find(({ code }: { code: string }) => code === "socket")?.message;
  assertMatch(warning(await hub.client.json("/api/status")) ?? "", /too long for a socket/);
});
