// The session against a small camera: lost sessions, what cannot be read, and many callers at once.
import { Buffer } from "node:buffer";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { Secret } from "../../../../src/base/secret.ts";
import { type DeviceSession, DeviceSessions } from "../../../../src/drivers/tapo/device_sessions.ts";
import { settle } from "../../../tools/fake_clock.ts";
import type { Json, MiniCamera, Reply } from "./mini_camera.ts";
import { bench, LED, onMessage, reply, signal } from "./session_bench.ts";

const EXPIRIES: [string, (camera: MiniCamera) => Reply][] = [
  ["-40401", () => reply({ error_code: -40401 })],
  ["-1", () => reply({ error_code: -1, msg: "Check tapo tag failed" }, 500)],
  ["9999", () => reply({ error_code: 9999 })],
  ["HTTP 401", () => reply("Unauthorized", 401)],
  ["HTTP 403", () => reply({}, 403)],
  ["sealed -40401", (camera) => camera.sealed({ error_code: -40401 })],
  ["HTTP 500 with sealed -40401", (camera) => camera.sealed({ error_code: -40401 }, 500)],
  [
    "HTTP 500 under another's key",
    () => reply({ error_code: 0, result: { response: "AAAAAAAAAAAAAAAAAAAAAA==" } }, 500),
  ],
];
for (const [what, make] of EXPIRIES) {
  Deno.test(`TapoSession: ${what} makes it log in again, once`, async () => {
    const { camera, guard, ask } = bench();
    await ask();
    camera.faults.push(onMessage(make));
    assertEquals(await ask(), LED);
    assertEquals(camera.logins, 2);
    assertEquals(guard.told, ["asked", "accepted", "asked", "accepted"]);
  });

  Deno.test(`TapoSession: ${what} after that login too is given up`, async () => {
    const { camera, ask } = bench();
    await ask();
    camera.faults.push(onMessage(make), onMessage(make));
    const error = await assertRejects(ask, HubError);
    assertEquals([error.kind, error.retryable], ["unavailable", true]);
    assertStringIncludes(error.hint ?? "", "Another program");
    assertEquals([camera.logins, camera.faults.length], [2, 0]);
    assertEquals(await ask(), LED);
    assertEquals(camera.logins, 3);
  });
}

Deno.test("TapoSession: a stolen session is taken back once", async () => {
  const { camera, ask } = bench();
  await ask();
  camera.session = { stok: "somebody", seq: 1, cnonce: "0" };
  assertEquals(await ask(), LED);
  assertEquals(camera.logins, 2);
});

Deno.test("TapoSession: no login again where the guard forbids it", async () => {
  const { camera, guard, ask } = bench();
  await ask();
  guard.barrier = new HubError("locked_out", "not now");
  camera.forget();
  assertEquals((await assertRejects(ask, HubError)).kind, "locked_out");
  assertEquals(camera.logins, 1);
});

Deno.test("TapoSession: a good answer with HTTP 500 counts, and the next message logs in anew", async () => {
  const { camera, ask } = bench();
  await ask();
  const answer = {
    error_code: 0,
    result: { responses: [{ method: "getLedStatus", result: LED, error_code: 0 }] },
  };
  camera.faults.push(onMessage((it) => it.sealed(answer, 500)));
  assertEquals(await ask(), LED);
  assertEquals(camera.logins, 1);
  assertEquals(await ask(), LED);
  assertEquals(camera.logins, 2);
});

Deno.test("TapoSession: answers that come unsealed are read", async () => {
  const { camera, session } = bench();
  const bare = { error_code: 0, function: { module_spec: { ptz: "1" } } };
  camera.faults.push(onMessage(() => reply(bare)));
  assertEquals(await session.single({ method: "get", function: { name: ["module_spec"] } }, signal), bare);
  camera.faults.push(onMessage(() => reply({ error_code: 0, result: { response: JSON.stringify(bare) } })));
  assertEquals(await session.single({ method: "get", function: { name: ["module_spec"] } }, signal), bare);
});

for (const [name, trailer] of [["0x10", 16], ["zeros", 0], ["line feeds", 10]] as const) {
  Deno.test(`TapoSession: ${name} behind the JSON, inside the padding, are tolerated`, async () => {
    const { camera, ask } = bench();
    camera.trailer = Buffer.alloc(16, trailer);
    assertEquals(await ask(), LED);
  });
}

const UNREADABLE: [string, (camera: MiniCamera) => Reply][] = [
  ["truncated JSON", () => reply('{"error_code":0,"result":{"resp')],
  ["HTML", () => reply("<html>500</html>", 500)],
  ["a list", () => reply("[]")],
  ["nothing", () => reply("")],
  ["no base64", () => reply({ error_code: 0, result: { response: "***" } })],
  ["half a block", () => reply({ error_code: 0, result: { response: "AAAA" } })],
  ["another's key", () => reply({ error_code: 0, result: { response: "AAAAAAAAAAAAAAAAAAAAAA==" } })],
  ["sealed nonsense", (camera) => camera.sealed("not JSON")],
  ["no responses", (camera) => camera.sealed({ error_code: 0, result: {} })],
  ["HTTP 404", () => reply({}, 404)],
];
for (const [what, make] of UNREADABLE) {
  Deno.test(`TapoSession: ${what} is an error that says so, and the next message works`, async () => {
    const { camera, ask } = bench();
    await ask();
    camera.faults.push(onMessage(make));
    const before = camera.posts.length;
    const error = await assertRejects(ask, HubError);
    assertEquals(error.kind, "device_rejected");
    assertEquals(camera.posts.length, before + 1);
    assertEquals(await ask(), LED);
  });
}

for (const body of ["<html>", '{"error_code":-404', "200 OK"]) {
  Deno.test(`TapoSession: a login answered with ${body} is no Tapo camera`, async () => {
    const { camera, guard, ask } = bench();
    camera.faults.push(() => reply(body));
    const error = await assertRejects(ask, HubError);
    assertEquals(error.kind, "device_rejected");
    assertStringIncludes(error.hint ?? "", "address");
    assertEquals(guard.told, ["asked"]);
  });
}

Deno.test("TapoSession: a token that does not belong in a path opens no session", async () => {
  const { camera, ask } = bench();
  camera.faults.push((post) =>
    post.body.includes("digest_passwd")
      ? reply({ error_code: 0, result: { stok: "a b\r\nX: y", user_group: "root", start_seq: 1 } })
      : undefined
  );
  assertEquals((await assertRejects(ask, HubError)).kind, "device_rejected");
});

Deno.test("TapoSession: what a method is refused with is told as the code says", async () => {
  const { camera, session, ask } = bench();
  camera.methods.set("getLedStatus", () => -64324);
  const error = await assertRejects(ask, HubError);
  assertEquals([error.kind, error.message], [
    "conflict",
    "The lens is covered: privacy mode is on",
  ]);
  assertEquals(error.details, { tapo_code: -64324, tapo_method: "getLedStatus" });
  const single = () => session.single({ method: "get", motor: { name: ["capability"] } }, signal);
  const other = await assertRejects(single, HubError);
  assertEquals(other.details, { tapo_code: -40210, tapo_method: "get motor" });
});

Deno.test("TapoSession: callers at the same time are served one after the other, after one login", async () => {
  const { camera, transport, session } = bench();
  const asks = Array.from({ length: 12 }, (_, n) => session.request("setLedStatus", { n }, signal));
  await Promise.all(asks);
  assertEquals(transport.mostAtOnce, 1);
  assertEquals(camera.logins, 1);
  const order = camera.messages.map((message) => {
    const { requests } = message["params"] as { requests: { params: Json }[] };
    return requests[0]?.params["n"];
  });
  assertEquals(order, Array.from({ length: 12 }, (_, n) => n));
});

Deno.test("TapoSession: more than fit into the queue are refused and counted", async () => {
  const { session, transport } = bench({ maxWaiting: 2 });
  const gate = Promise.withResolvers<void>();
  transport.gate = gate.promise;
  const asks = Array.from({ length: 5 }, () => session.request("setLedStatus", {}, signal));
  const results = Promise.allSettled(asks);
  await settle();
  gate.resolve();
  const outcomes = (await results).map(({ status }) => status);
  assertEquals(outcomes, ["fulfilled", "fulfilled", "fulfilled", "rejected", "rejected"]);
  assertEquals(session.dropped, 2);
});

Deno.test("TapoSession: what a person wants goes before questions, also for a child of a hub", async () => {
  const { camera, session, transport, ask } = bench();
  await ask();
  const gate = Promise.withResolvers<void>();
  transport.gate = gate.promise;
  const { length } = camera.messages;
  const child = session.child("CHILD");
  const asks = [
    ask(),
    ask(),
    child.request("getLedStatus", {}, signal),
    session.single({ method: "get", motor: { name: ["capability"] } }, signal),
    session.request("setLedStatus", {}, signal),
    child.request("setLedStatus", {}, signal),
  ];
  const results = Promise.allSettled(asks);
  await settle();
  gate.resolve();
  await results;
  const told = camera.messages.slice(length).map((message) =>
    /"method":"(getLed|setLed|get)[^"]*"(?!.*"method")/.exec(JSON.stringify(message))?.[1]
  );
  assertEquals(told, ["getLed", "setLed", "setLed", "getLed", "getLed", "get"]);
});

Deno.test("TapoSession: the queue has room for each camera that asks over the session", async () => {
  const { session, transport } = bench({ maxWaiting: 2 });
  const sessions = new DeviceSessions();
  const key = { device: "tapo hub", address: "192.0.2.1", password: new Secret("secret") };
  const made = { session, distrusted: new Promise<never>(() => {}), end: () => session.close() };
  const users = [sessions.add(key, made as unknown as DeviceSession), sessions.join(key), sessions.join(key)];
  users.pop()?.leave();
  const gate = Promise.withResolvers<void>();
  transport.gate = gate.promise;
  const asks = Array.from({ length: 7 }, () => session.request("setLedStatus", {}, signal));
  const results = Promise.allSettled(asks);
  await settle();
  gate.resolve();
  const outcomes = (await results).map(({ status }) => status);
  assertEquals([outcomes.filter((each) => each === "fulfilled").length, session.dropped], [5, 2]);
  for (const user of users) user?.leave();
});

Deno.test("TapoSession: an abort ends the message under way and leaves the next ones alone", async () => {
  const { session, transport } = bench();
  const gate = Promise.withResolvers<void>();
  transport.gate = gate.promise;
  const first = new AbortController();
  const third = new AbortController();
  const asks = [
    session.request("setLedStatus", {}, first.signal),
    session.request("getLedStatus", {}, signal),
    session.request("setLedStatus", {}, third.signal),
  ];
  const results = Promise.allSettled(asks);
  await settle();
  third.abort();
  first.abort();
  await settle();
  gate.resolve();
  const [a, b, c] = await results;
  assertEquals([a?.status, b?.status, c?.status], ["rejected", "fulfilled", "rejected"]);
  assert(a?.status === "rejected" && a.reason instanceof DOMException && a.reason.name === "AbortError");
  assertEquals(transport.underWay, 0);
});

Deno.test("TapoSession: a caller that has already given up sends nothing", async () => {
  const { camera, session } = bench();
  await assertRejects(() => session.request("setLedStatus", {}, AbortSignal.abort()), DOMException);
  assertEquals(camera.posts, []);
});

Deno.test("TapoSession: a message has a deadline", async () => {
  const { session, transport, clock } = bench({ messageTimeoutMs: 20_000 });
  transport.gate = new Promise(() => {});
  const ask = assertRejects(() => session.request("setLedStatus", {}, signal), HubError);
  await clock.advance(20_000);
  const error = await ask;
  assertEquals([error.kind, error.retryable], ["timeout", true]);
  assertEquals([transport.underWay, clock.sleeping], [0, 0]);
});

Deno.test("TapoSession: close forgets the login and closes the transport", async () => {
  const { camera, session, transport, ask } = bench();
  await ask();
  session.close();
  assertEquals([transport.closes, session.passwordForm], [1, undefined]);
  await ask();
  assertEquals(camera.logins, 2);
});

Deno.test("TapoSession: shows no secret when it is printed", async () => {
  const { camera, session, ask } = bench();
  await ask();
  const printed = Deno.inspect(session, { depth: 10, showHidden: true }) + JSON.stringify(session);
  assert(!printed.includes(camera.password));
  assert(!printed.includes(camera.hashed));
});
