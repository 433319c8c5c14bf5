// The protocol of the emulated cameras: logins, lockout, sessions, faults, coming and going.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { TapoEmulator, type TapoOptions } from "./emulator.ts";
import type { JsonObject } from "./json.ts";
import { C100_OLD, C210, C220 } from "./models/index.ts";
import { hashedPassword, RawConnection, RawV3 } from "./raw_client.ts";

const CLOUD = "cloud word";
const ACCOUNT = { username: "viewer", password: "view word" };
const GET_LED: [string, JsonObject] = ["getLedStatus", { led: { name: ["config"] } }];
const MD5_OF_CLOUD = "65F9E413E50754DC7CF13D17229CAD4B";

function start(options: Partial<TapoOptions> = {}): Promise<TapoEmulator> {
  return TapoEmulator.start({ model: C210, cloudPassword: CLOUD, cameraAccount: ACCOUNT, ...options });
}

function connect({ host, port }: TapoEmulator): Promise<RawConnection> {
  return RawConnection.open(host, port);
}

async function logIn(connection: RawConnection, password = CLOUD, username = "admin"): Promise<RawV3> {
  return await new RawV3(connection, await hashedPassword(password), username).login();
}

Deno.test("a V3 login gives a session whose requests are numbered, tagged and encrypted", async () => {
  await using camera = await start();
  using connection = await connect(camera);
  const session = await logIn(connection);
  assertEquals(session.userGroup, "root");
  assertEquals(await session.call(...GET_LED), { led: { config: { enabled: "on" } } });
  assertEquals(await session.call("setLedStatus", { led: { config: { enabled: "off" } } }), {});
  assertEquals(await session.call(...GET_LED), { led: { config: { enabled: "off" } } });
  const paddedTwice = `${JSON.stringify({ method: "get", cet: { name: ["vhttpd"] } })}\x03\x03\x03`;
  const { body, headers } = await session.wrap(paddedTwice);
  connection.send(session.path, body, headers);
  assertEquals((await session.open((await connection.receive())!))["error_code"], 0);
  assertEquals(camera.loginAttempts, { posts: 2, digests: 1, wrong: 0 });
  assertEquals(camera.received.count("setLedStatus"), 1);
  assertEquals(camera.log.at(-1)?.decryptedBody, { method: "get", cet: { name: ["vhttpd"] } });
  assertEquals(connection.fingerprint, camera.fingerprint);
});

Deno.test("a camera with the MD5 form confirms and logs in with it", async () => {
  await using camera = await start({ passwordForm: "md5" });
  using connection = await connect(camera);
  const session = await new RawV3(connection, MD5_OF_CLOUD).login();
  assertEquals(await session.call(...GET_LED), { led: { config: { enabled: "on" } } });
});

Deno.test("the first step of V3 tells a client about a wrong password without counting it", async () => {
  await using camera = await start();
  using connection = await connect(camera);
  await assertRejects(() => logIn(connection, "guess"), Error);
  assertEquals(camera.loginAttempts, { posts: 1, digests: 0, wrong: 0 });
  assertEquals(camera.lockout.attempts, 0);
});

Deno.test("wrong digests lock everybody out for half an hour, in both shapes", async () => {
  let nowMs = Date.UTC(2026, 4, 1);
  await using camera = await start({ lockAfter: 2, now: () => nowMs });
  using connection = await connect(camera);
  const thief = new RawV3(connection, await hashedPassword("guess"));
  const nonceOf = (answer: JsonObject) =>
    (answer as { result: { data: { nonce: string } } }).result.data.nonce;
  const refused = await thief.sendDigest(nonceOf(await thief.askNonce()));
  assertEquals(refused["error_code"], -40413);
  const locked = await thief.sendDigest(nonceOf(await thief.askNonce()));
  assertEquals(locked, { error_code: -40401, data: { code: -40404, sec_left: 1800 } });
  nowMs += 600_000;
  camera.lockout.shape = "result";
  const owner = new RawV3(connection, await hashedPassword(CLOUD));
  const data = { code: -40404, time: 2, max_time: 2, sec_left: 1200 };
  assertEquals(await owner.askNonce(), { error_code: -40401, result: { data } });
  assertEquals(camera.requestsWhileLocked, 1);
  nowMs += 1_200_000;
  await owner.login();
  assertEquals(camera.lockout.attempts, 0);
  assertEquals(camera.loginAttempts.wrong, 2);
});

Deno.test("the camera account logs in to V3, but controls nothing", async () => {
  await using camera = await start();
  using connection = await connect(camera);
  const session = await logIn(connection, ACCOUNT.password, ACCOUNT.username);
  assert(session.userGroup !== "root");
  const { body } = await session.send({ method: "multipleRequest", params: { requests: [] } });
  assertEquals(body, { error_code: -40209 });
  const stranger = new RawV3(connection, "", "somebody");
  assertEquals(await stranger.askNonce(), { error_code: -40401, result: { data: { code: -40411 } } });
});

Deno.test("a V2 login takes the MD5 of either account's password and plain requests", async () => {
  await using camera = await start({ model: C100_OLD, login: "v2" });
  using connection = await connect(camera);
  const login = (password: string) =>
    connection.post("/", { method: "login", params: { hashed: true, username: "admin", password } });
  const wrong = JSON.parse((await login("00")).text);
  assertEquals([wrong.error_code, wrong.result.data.time], [-40401, 4]);
  const { result } = JSON.parse((await login(MD5_OF_CLOUD)).text);
  const request = {
    method: "multipleRequest",
    params: { requests: [{ method: "getNonsense", params: {} }] },
  };
  const answer = await connection.post(`/stok=${result.stok}/ds`, request);
  const responses = [{ method: "getNonsense", result: {}, error_code: -40105 }];
  assertEquals(JSON.parse(answer.text), { result: { responses }, error_code: 0 });
  assertEquals(camera.loginAttempts, { posts: 2, digests: 2, wrong: 1 });
});

Deno.test("a TPAP camera refuses the V3 login and says what it wants", async () => {
  await using camera = await start({ login: "tpap" });
  using connection = await connect(camera);
  assertEquals(await new RawV3(connection, "").askNonce(), { error_code: -40211 });
  const discover = await connection.post("/", { method: "login", params: { sub_method: "discover" } });
  assertEquals(JSON.parse(discover.text).result.tpap.pake, [2]);
  camera.gateway.login = "v3";
  await logIn(connection);
});

Deno.test("a request with a wrong number or tag is refused, and the number stays", async () => {
  await using camera = await start();
  using connection = await connect(camera);
  const session = await logIn(connection);
  session.seq += 5;
  assertEquals((await session.send({ method: "get", cet: { name: ["vhttpd"] } })).body["error_code"], -1);
  session.seq -= 6;
  const { body, headers } = await session.wrap("{}");
  connection.send(session.path, body, { ...headers, Tapo_tag: "0".repeat(64) });
  const refused = await connection.receive();
  assertEquals(JSON.parse(refused!.text)["error_code"], -1);
  session.seq--;
  const { body: right } = await session.send({ method: "get", cet: { name: ["vhttpd"] } });
  assertEquals(right, { cet: { vhttpd: { port: "8800" } }, error_code: 0 });
});

Deno.test("two requests at once on one session: the second is refused with 401", async () => {
  await using camera = await start();
  camera.gateway.latencyMs = 50;
  using first = await connect(camera);
  using second = await connect(camera);
  const session = await logIn(first);
  const one = await session.wrap(JSON.stringify({ method: "get", cet: { name: ["vhttpd"] } }));
  const two = await session.wrap(JSON.stringify({ method: "get", cet: { name: ["vhttpd"] } }));
  first.send(session.path, one.body, one.headers);
  second.send(session.path, two.body, two.headers);
  const answers = await Promise.all([first.receive(), second.receive()]);
  assertEquals(answers.map((answer) => answer?.status).sort(), [200, 401]);
});

Deno.test("ended sessions are answered in plain or by an encrypted HTTP 500, others by nothing else", async () => {
  await using camera = await start();
  using connection = await connect(camera);
  const session = await logIn(connection);
  camera.expireSessions("http-500");
  const ended = await session.send({ method: "get", cet: { name: ["vhttpd"] } });
  assertEquals(ended, { status: 500, body: { error_code: -40401 } });
  const again = await logIn(connection);
  camera.stealSession("code");
  const stolen = await again.send({ method: "get", cet: { name: ["vhttpd"] } });
  assertEquals(stolen, { status: 200, body: { error_code: -40401 } });
  camera.sessions.isSingle = true;
  const older = await logIn(connection);
  await logIn(connection);
  const replaced = await older.send({ method: "get", cet: { name: ["vhttpd"] } });
  assertEquals(replaced.body, { error_code: -40401 });
});

Deno.test("faults spoil the next requests that they fit, one by one", async () => {
  await using camera = await start({ model: C220 });
  using connection = await connect(camera);
  const session = await logIn(connection);
  const three: [string, JsonObject][] = [GET_LED, ["getNonsense", {}], ["getUserID", {}]];
  camera.faults.add({ kind: "reorder" }, { kind: "stop-at-first-error" });
  const methods = async () => (await session.many(...three)).map(({ method }) => method);
  assertEquals(await methods(), ["getUserID", "getNonsense", "getLedStatus"]);
  assertEquals(await methods(), ["getLedStatus", "getNonsense"]);
  assertEquals(camera.faults.pending, 0);

  camera.faults.next = { kind: "error-code", code: -64303, method: "getLedStatus", count: 2 };
  assertEquals(await session.call("getUserID", {}), { user_id: 2 });
  assertEquals(await session.call(...GET_LED), -64303);
  assertEquals(await session.call(...GET_LED), -64303);
  camera.faults.next = { kind: "error-code", code: -52405 };
  assertEquals((await session.send({ method: "multipleRequest" })).body, { error_code: -52405 });
  camera.faults.next = { kind: "http-500-encrypted" };
  assertEquals((await session.send({ method: "multipleRequest" })).status, 500);
  camera.faults.next = { kind: "drop-tag" };
  assertEquals((await session.send({ method: "multipleRequest" })).body["error_code"], -1);
});

Deno.test("faults of the connection: an answer that is no JSON, half an answer, none, and silence", async () => {
  await using camera = await start();
  using connection = await connect(camera);
  const session = await logIn(connection);
  const setLed = async (enabled: string, over: RawConnection) => {
    const requests = [{ method: "setLedStatus", params: { led: { config: { enabled } } } }];
    const { body, headers } = await session.wrap(
      JSON.stringify({ method: "multipleRequest", params: { requests } }),
    );
    over.send(session.path, body, headers);
    return await over.receive();
  };
  camera.faults.next = { kind: "non-json" };
  assert((await setLed("off", connection))!.text.startsWith("<html>"));
  assertEquals(camera.device.settings.field("led", "config", "enabled"), "off");
  camera.faults.next = { kind: "truncate" };
  assertEquals(await setLed("on", connection), undefined);
  assertEquals(camera.device.settings.field("led", "config", "enabled"), "on");
  using second = await connect(camera);
  camera.faults.next = { kind: "reset" };
  assertEquals(await setLed("off", second), undefined);
  assertEquals(camera.device.settings.field("led", "config", "enabled"), "on");
  session.seq--;
  const third = await connect(camera);
  camera.faults.next = { kind: "stall", takesEffect: true };
  const waiting = setLed("off", third);
  using fourth = await connect(camera);
  while (camera.faults.pending > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  third[Symbol.dispose]();
  assertEquals(await waiting, undefined);
  await logIn(fourth);
});

Deno.test("too many HTTPS clients are told so", async () => {
  await using camera = await start();
  camera.gateway.maxHttpsClients = 1;
  using _first = await connect(camera);
  using second = await connect(camera);
  assertEquals(await new RawV3(second, "").askNonce(), { error_code: -52419 });
});

Deno.test("offline nobody answers; online again it is the same port, and the certificate may be another", async () => {
  await using camera = await start({ host: "127.0.1.7" });
  using connection = await connect(camera);
  const session = await logIn(connection);
  const { port, fingerprint } = camera;
  await camera.offline();
  assertEquals(await connection.receive(), undefined);
  await assertRejects(() => connect(camera), Error);
  await camera.online();
  assertEquals(camera.port, port);
  using back = await connect(camera);
  assertEquals((await session.send({ method: "get", cet: { name: ["vhttpd"] } }, back)).status, 200);
  await camera.rotateCertificate();
  assert(camera.fingerprint !== fingerprint);
  using changed = await connect(camera);
  assertEquals(changed.fingerprint, camera.fingerprint);
});

Deno.test("a restart takes the camera away and forgets its sessions", async () => {
  await using camera = await start();
  camera.rebootMs = Infinity;
  using connection = await connect(camera);
  const session = await logIn(connection);
  assertEquals(await session.call("rebootDevice", { system: { reboot: "null" } }), {});
  assertEquals(await connection.receive(), undefined);
  assert(!camera.isOnline);
  await camera.online();
  using back = await connect(camera);
  const { body } = await session.send({ method: "get", cet: { name: ["vhttpd"] } }, back);
  assertEquals([body, camera.reboots], [{ error_code: -40401 }, 1]);
  camera.rebootMs = 1;
  await camera.reboot();
  while (!camera.isOnline) await new Promise((resolve) => setTimeout(resolve, 1));
});

Deno.test("a camera with old TLS speaks only to clients that know static RSA", async () => {
  await using camera = await start({ tls: "old" });
  const modern = async () => {
    using connection = await connect(camera);
    await new RawV3(connection, "").askNonce();
  };
  await assertRejects(modern, Error);
  const ask = async () => {
    const { stdout } = await new Deno.Command("curl", {
      args: ["-sk", "--ciphers", "ALL:@SECLEVEL=0", "-m", "20", `https://127.0.0.1:${camera.port}/`].concat(
        [
          "-d",
          JSON.stringify({ method: "login", params: { cnonce: "C", encrypt_type: "3", username: "admin" } }),
        ],
      ),
    }).output();
    return JSON.parse(new TextDecoder().decode(stdout));
  };
  assertEquals((await ask()).error_code, -40413);
  await camera.offline();
  await camera.online();
  assertEquals((await ask()).error_code, -40413);
});
