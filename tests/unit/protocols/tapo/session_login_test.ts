// The session's login against a small camera: both forms of the password, refusals, lockouts, old and new firmware.
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { HubError } from "../../../../src/base/errors.ts";
import { Secret } from "../../../../src/base/secret.ts";
import type { Json } from "./mini_camera.ts";
import { bench, LED, NOW_MS, onMessage, reply } from "./session_bench.ts";

for (const form of ["sha256", "md5"] as const) {
  Deno.test(`TapoSession: logs in with a password that the camera keeps as ${form}`, async () => {
    const { camera, guard, session, ask } = bench();
    camera.form = form;
    assertEquals(session.passwordForm, undefined);
    assertEquals(await ask(), LED);
    assertEquals(await ask(), LED);
    assertEquals(session.passwordForm, form);
    assertEquals(camera.logins, 1);
    assertEquals(camera.posts.length, 4);
    assertEquals(guard.told, ["asked", "accepted"]);
  });
}

Deno.test("TapoSession: sends the headers that cameras look at, and counts Seq up", async () => {
  const { camera, ask } = bench();
  await ask();
  await ask();
  const [first, , third, fourth] = camera.posts;
  assertEquals(first?.path, "/");
  assertEquals(first?.headers["requestByApp"], "true");
  assertEquals(first?.headers["Content-Type"], "application/json; charset=UTF-8");
  assertEquals(first?.headers["Seq"], undefined);
  assertMatch(JSON.parse(first?.body ?? "").params.cnonce, /^[0-9A-F]{16}$/);
  assertEquals([third?.headers["Seq"], fourth?.headers["Seq"]], ["701", "702"]);
  assertEquals(third?.path, "/stok=stok1/ds");
  assert(!camera.posts.some(({ body }) => body.includes(camera.password)));
});

Deno.test("TapoSession: a wrong password sends exactly one post, tells the guard once, and stops", async () => {
  const { camera, guard, session, ask } = bench({ password: new Secret("wrong") });
  const error = await assertRejects(ask, HubError);
  assertEquals([error.kind, error.retryable, error.retryAtMs], ["unauthenticated", false, Infinity]);
  assertStringIncludes(error.hint ?? "", "TP-Link account");
  assertEquals(camera.posts.length, 1);
  assertEquals(guard.told, ["asked", "refused"]);
  assertEquals(guard.errors, [error]);
  await assertRejects(ask, HubError);
  assertEquals(camera.posts.length, 1);
  assertEquals(session.passwordForm, undefined);
});

Deno.test("TapoSession: an empty device_confirm is a wrong password too", async () => {
  const { camera, guard, ask } = bench();
  const data = { code: -40401, encrypt_type: ["3"], key: "k", nonce: "1234567890ABCDEF", device_confirm: "" };
  camera.faults.push(() => reply({ error_code: -40413, result: { data } }));
  assertEquals((await assertRejects(ask, HubError)).kind, "unauthenticated");
  assertEquals(camera.posts.length, 1);
  assertEquals(guard.told, ["asked", "refused"]);
});

for (const code of [-40411, -60502]) {
  Deno.test(`TapoSession: ${code} in answer to the first login message is a refusal`, async () => {
    const { camera, guard, ask } = bench();
    camera.faults.push(() => reply({ error_code: -40401, result: { data: { code } } }, 401));
    const error = await assertRejects(ask, HubError);
    assertEquals([error.kind, error.details?.["tapo_code"]], ["unauthenticated", code]);
    assertEquals(camera.posts.length, 1);
    assertEquals(guard.told, ["asked", "refused"]);
  });
}

Deno.test("TapoSession: an account without control is refused with what to use instead", async () => {
  const { camera, guard, ask } = bench();
  camera.userGroup = "third_account";
  const error = await assertRejects(ask, HubError);
  assertEquals([error.kind, error.retryAtMs], ["forbidden", Infinity]);
  assertStringIncludes(error.hint ?? "", "TP-Link account");
  assertEquals(guard.told, ["asked", "refused"]);
});

const LOCKOUTS: [string, Json, number][] = [
  ["at the root", { data: { code: -40404, sec_left: 1685 }, error_code: -40401 }, 1685],
  [
    "under result.data",
    { error_code: -40401, result: { data: { time: 0, max_time: 10, sec_left: 600 } } },
    600,
  ],
  ["as text", { error_code: -40401, result: { data: { time: "0", max_time: "10", sec_left: "90" } } }, 90],
  ["without a time", { data: { code: -40404 }, error_code: -40401 }, 1800],
  ["as the error code", { error_code: -40404 }, 1800],
];
for (const [where, body, seconds] of LOCKOUTS) {
  Deno.test(`TapoSession: a lockout ${where} is passed on with its end, and nothing more is sent`, async () => {
    const { camera, guard, ask } = bench();
    camera.faults.push(() => reply(body));
    const error = await assertRejects(ask, HubError);
    assertEquals([error.kind, error.retryAtMs], ["locked_out", NOW_MS + seconds * 1000]);
    assertEquals(guard.told, ["asked", "locked out"]);
    assertEquals(guard.lockedUntilMs, NOW_MS + seconds * 1000);
    assertEquals(camera.posts.length, 1);
    guard.barrier = error;
    assertEquals(await assertRejects(ask, HubError), error);
    assertEquals(camera.posts.length, 1);
  });
}

Deno.test("TapoSession: a lockout in the middle of a session ends it", async () => {
  const { camera, guard, ask } = bench();
  await ask();
  camera.faults.push(
    onMessage(() => reply({ error_code: -40401, data: { code: -40404, sec_left: 60 } }, 401)),
  );
  assertEquals((await assertRejects(ask, HubError)).kind, "locked_out");
  assertEquals(guard.lockedUntilMs, NOW_MS + 60_000);
  await ask();
  assertEquals(camera.logins, 2);
});

const NEWEST: [string, Json][] = [
  ["-40211", { error_code: -40211 }],
  ["-40211 inside", { error_code: -40401, result: { data: { code: -40211 } } }],
  ["-40418", { error_code: -40418 }],
  ["encrypt_type 4", { error_code: -40401, result: { data: { code: -40401, encrypt_type: ["4"] } } }],
  ["a tpap object", { error_code: -40401, result: { tpap: { pake: [2], port: 443 } } }],
];
for (const [what, body] of NEWEST) {
  Deno.test(`TapoSession: firmware with the newest login only (${what}) is told how to be opened`, async () => {
    const { camera, guard, ask } = bench();
    camera.faults.push(() => reply(body));
    const error = await assertRejects(ask, HubError);
    assertEquals(error.kind, "unsupported");
    assertStringIncludes(error.hint ?? "", "Third-Party Compatibility");
    assertEquals(camera.posts.length, 1);
    assertEquals(guard.told, ["asked"]);
  });
}

Deno.test("TapoSession: old firmware gets the hashed login and messages as they are", async () => {
  const { camera, guard, session, ask } = bench();
  camera.encryptTypes = ["1", "2"];
  assertEquals(await ask(), LED);
  assertEquals(session.passwordForm, "md5");
  const login = JSON.parse(camera.posts[1]?.body ?? "");
  assertEquals(login.params, { hashed: true, username: "admin", password: camera.hashedFor("md5") });
  assertEquals(camera.posts[2]?.path, "/stok=plain1/ds");
  assertEquals(JSON.parse(camera.posts[2]?.body ?? "").method, "multipleRequest");
  assertEquals(guard.told, ["asked", "accepted"]);
});

Deno.test("TapoSession: old firmware refuses a wrong password once", async () => {
  const { camera, guard, ask } = bench({ password: new Secret("wrong") });
  camera.encryptTypes = ["1", "2"];
  assertEquals((await assertRejects(ask, HubError)).kind, "unauthenticated");
  assertEquals(camera.posts.length, 2);
  assertEquals(guard.told, ["asked", "refused"]);
});

Deno.test("TapoSession: old firmware logs in again when its session has ended", async () => {
  const { camera, ask } = bench();
  camera.encryptTypes = ["1", "2"];
  await ask();
  camera.forget();
  assertEquals(await ask(), LED);
  assertEquals(camera.logins, 2);
});

Deno.test("TapoSession: a login that another client came between may be tried again", async () => {
  const { camera, guard, ask } = bench();
  camera.faults.push((post) =>
    post.body.includes("digest_passwd")
      ? reply({ error_code: -40413, result: { data: { code: -40401, encrypt_type: ["3"] } } })
      : undefined
  );
  const error = await assertRejects(ask, HubError);
  assertEquals([error.kind, error.retryable], ["unavailable", true]);
  assertEquals(guard.told, ["asked"]);
  assertEquals(await ask(), LED);
});
