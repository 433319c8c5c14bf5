// Who may use the hub: passwords, links, sessions and the brake on guessing, over a real database in memory.
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { Access } from "../../../src/auth/access.ts";
import { LoginThrottle } from "../../../src/auth/login_throttle.ts";
import { checkNewPassword, hashPassword, verifyPassword } from "../../../src/auth/passwords.ts";
import { HubError } from "../../../src/base/errors.ts";
import { Secret } from "../../../src/base/secret.ts";
import { AccessTables } from "../../../src/store/access_tables.ts";
import { Database } from "../../../src/store/database.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const GOOD = new Secret("correct horse battery");
const OTHER = new Secret("another good password");
const HERE = "192.168.1.5";

async function withAccess(
  work: (parts: { access: Access; tables: AccessTables; clock: FakeClock }) => Promise<void>,
): Promise<void> {
  const database = await Database.open(":memory:");
  try {
    const clock = new FakeClock();
    const tables = new AccessTables(database);
    await work({ access: new Access(tables, { clock, sessionDays: 30 }), tables, clock });
  } finally {
    await database.close();
  }
}

Deno.test("hashPassword: hashes differ by their salt and verify; nothing else does", async () => {
  const [one, two] = [await hashPassword(GOOD), await hashPassword(GOOD)];
  assert(one !== two && one.startsWith("scrypt$32768$"));
  assert(!one.includes(GOOD.reveal()));
  assertEquals([await verifyPassword(GOOD, one), await verifyPassword(GOOD, two)], [true, true]);
  assertEquals(await verifyPassword(OTHER, one), false);
  assertEquals(await verifyPassword(new Secret(""), one), false);
});

Deno.test("verifyPassword: no hash, a strange one, and an endless password are wrong", async () => {
  for (const hash of [undefined, "", "md5$abc", "scrypt$32768$only"]) {
    assertEquals(await verifyPassword(GOOD, hash), false, String(hash));
  }
  const hash = await hashPassword(GOOD);
  assertEquals(await verifyPassword(new Secret("x".repeat(100_000)), hash), false);
  assertEquals(await verifyPassword(GOOD, hash.slice(0, -10)), false);
});

Deno.test("verifyPassword: a password typed with another form of the same letters is right", async () => {
  const hash = await hashPassword(new Secret("gru\u0308n-gru\u0308n"));
  assertEquals(await verifyPassword(new Secret("gr\u00fcn-gr\u00fcn"), hash), true);
});

for (const [length, isGood] of [[0, false], [7, false], [8, true], [1000, true], [1001, false]] as const) {
  Deno.test(`checkNewPassword: ${length} characters are ${isGood ? "taken" : "refused"}`, () => {
    const check = () => checkNewPassword(new Secret("x".repeat(length)));
    if (isGood) return assertEquals(check(), undefined);
    const error = assertThrows(check, HubError);
    assertEquals([error.kind, /at least 8/.test(error.hint ?? "")], ["invalid_input", true]);
  });
}

Deno.test("LoginThrottle: five wrong passwords of an address in a minute close it until the first is a minute old", () => {
  let nowMs = 0;
  const throttle = new LoginThrottle(() => nowMs);
  for (let i = 0; i < 5; i++) {
    assertEquals(throttle.waitMs(HERE), 0);
    throttle.fail(HERE);
    nowMs += 1000;
  }
  assertEquals([throttle.waitMs(HERE), throttle.waitMs("other")], [55_000, 0]);
  nowMs = 59_999;
  assertEquals(throttle.waitMs(HERE), 1);
  nowMs = 60_000;
  assertEquals(throttle.waitMs(HERE), 0);
  throttle.fail(HERE);
  assertEquals(throttle.waitMs(HERE), 1000);
});

Deno.test("LoginThrottle: fifty wrong passwords of many addresses close the door for all", () => {
  let nowMs = 0;
  const throttle = new LoginThrottle(() => nowMs);
  for (let i = 0; i < 50; i++) throttle.fail(`10.0.0.${i}`);
  assertEquals(throttle.waitMs("10.9.9.9"), 60_000);
  nowMs = 60_000;
  assertEquals(throttle.waitMs("10.9.9.9"), 0);
});

Deno.test("LoginThrottle: who got in starts anew", () => {
  const throttle = new LoginThrottle(() => 0);
  for (let i = 0; i < 5; i++) throttle.fail(HERE);
  throttle.succeed(HERE);
  assertEquals(throttle.waitMs(HERE), 0);
});

Deno.test("Access: a link logs in once, as admin; a newer link ends it; after a day it is over", async () => {
  await withAccess(async ({ access, clock }) => {
    const used = await access.createLink();
    const login = await access.redeemLink(used, HERE);
    assertEquals(login?.principal, { user: "admin", role: "admin" });
    assertEquals(await access.authenticate(login?.token ?? ""), { user: "admin", role: "admin" });
    assertEquals(await access.redeemLink(used, HERE), undefined);
    const [replaced, valid] = [await access.createLink(), await access.createLink()];
    assertEquals(await access.redeemLink(replaced, HERE), undefined);
    await clock.advance(DAY_MS - 1);
    assert(await access.redeemLink(valid, HERE));
    const late = await access.createLink();
    await clock.advance(DAY_MS);
    assertEquals(await access.redeemLink(late, HERE), undefined);
    assertEquals(await access.redeemLink("", HERE), undefined);
  });
});

Deno.test("Access: of two browsers that open one link at the same time one gets in", async () => {
  await withAccess(async ({ access }) => {
    const link = await access.createLink();
    const logins = await Promise.all([access.redeemLink(link, HERE), access.redeemLink(link, HERE)]);
    assertEquals(logins.filter((login) => login !== undefined).length, 1);
  });
});

Deno.test("Access: the database holds no token and no password", async () => {
  await withAccess(async ({ access, tables }) => {
    const link = await access.createLink();
    const login = await access.redeemLink(link, HERE);
    await access.setPassword("ann", GOOD);
    assertEquals(await tables.session(login?.token ?? ""), undefined);
    assertEquals(await tables.takeLink(link, 0), false);
    assert((await tables.users()).every((user) => !user.passwordHash.includes(GOOD.reveal())));
  });
});

Deno.test("Access: logs in by password, refuses wrong ones, and locks out after five", async () => {
  await withAccess(async ({ access, clock }) => {
    assertEquals(await access.hasPassword(), false);
    await access.setPassword("ann", GOOD);
    assertEquals(await access.hasPassword(), true);
    const login = await access.login("ann", GOOD, HERE);
    assertEquals((await access.authenticate(login.token))?.user, "ann");
    for (
      const [user, password] of [["ann", OTHER], ["bob", GOOD], ["ann", OTHER], ["Ann", GOOD], [
        "",
        GOOD,
      ]] as const
    ) {
      assertEquals(
        (await assertRejects(() => access.login(user, password, HERE), HubError)).kind,
        "unauthenticated",
      );
    }
    const locked = await assertRejects(() => access.login("ann", GOOD, HERE), HubError);
    assertEquals([locked.kind, locked.details], ["locked_out", { retry_after_s: 60 }]);
    assert(await access.login("ann", GOOD, "192.168.1.6"));
    await clock.advance(60_000);
    assert(await access.login("ann", GOOD, HERE));
  });
});

Deno.test("Access: a session that is not used ends after its days; one in use goes on", async () => {
  await withAccess(async ({ access, clock }) => {
    const idle = (await access.redeemLink(await access.createLink(), HERE))!.token;
    const used = (await access.redeemLink(await access.createLink(), HERE))!.token;
    for (let day = 0; day < 29; day++) {
      await clock.advance(DAY_MS);
      assert(await access.authenticate(used), `day ${day}`);
    }
    await clock.advance(DAY_MS - 1);
    assert(await access.authenticate(used));
    await clock.advance(1);
    assertEquals(await access.authenticate(idle), undefined);
    await clock.advance(29 * DAY_MS);
    assert(await access.authenticate(used));
    await clock.advance(30 * DAY_MS);
    assertEquals(await access.authenticate(used), undefined);
  });
});

Deno.test("Access: a session in use is written at most every six hours", async () => {
  await withAccess(async ({ access, tables, clock }) => {
    const { token } = (await access.redeemLink(await access.createLink(), HERE))!;
    const written: number[] = [];
    const prolong = tables.prolongSession.bind(tables);
    tables.prolongSession = (tokenHash, expiresAtMs) => {
      written.push(expiresAtMs);
      return prolong(tokenHash, expiresAtMs);
    };
    for (let minute = 0; minute < 24 * 60; minute += 10) {
      await clock.advance(600_000);
      assert(await access.authenticate(token));
    }
    assertEquals(written.length, 3);
  });
});

Deno.test("Access: a session that was ended is not brought back by its use at that moment", async () => {
  await withAccess(async ({ access, tables, clock }) => {
    await access.setPassword("ann", GOOD);
    const { token } = await access.login("ann", GOOD, HERE);
    await clock.advance(6 * 3600_000 - 2000);
    assert(await access.authenticate(token));
    await tables.removeUser("ann");
    await clock.advance(3000);
    assertEquals(await access.authenticate(token), undefined, "it was due to be prolonged");
    const again = (await access.redeemLink(await access.createLink(), HERE))!.token;
    await clock.advance(7 * 3600_000);
    await Promise.all([access.authenticate(again), access.logout(again)]);
    assertEquals(await access.authenticate(again), undefined);
  });
});

Deno.test("Access: a disk that takes no writes locks nobody out; what is kept in memory is told", async () => {
  await withAccess(async ({ tables, clock }) => {
    const full = () => Promise.reject(new HubError("storage_full", "full"));
    Object.assign(tables, { putLink: full, putSession: full, prolongSession: full });
    const told: string[] = [];
    const access = new Access(tables, {
      clock,
      sessionDays: 30,
      onVolatile: (error) => told.push(error.kind),
    });
    const link = await access.createLink();
    const { token } = (await access.redeemLink(link, HERE))!;
    assertEquals(await access.redeemLink(link, HERE), undefined, "still only once");
    for (let day = 0; day < 40; day++) {
      await clock.advance(DAY_MS);
      assert(await access.authenticate(token), `day ${day}`);
    }
    await access.logout(token);
    assertEquals(await access.authenticate(token), undefined);
    assert(told.length > 2 && told.every((kind) => kind === "storage_full"));
  });
});

Deno.test("Access: a link of before the disk was full still works, once, and no other does", async () => {
  await withAccess(async ({ access, tables }) => {
    const link = await access.createLink();
    const full = () => Promise.reject(new HubError("storage_full", "full"));
    const { takeLink } = tables;
    Object.assign(tables, { takeLink: full, putSession: full });
    assertEquals(await access.redeemLink("x".repeat(43), HERE), undefined);
    const logins = await Promise.all([1, 2].map(() => access.redeemLink(link, HERE)));
    assertEquals(logins.filter((login) => login !== undefined).length, 1);
    Object.assign(tables, { takeLink });
    assertEquals(await access.redeemLink(link, HERE), undefined, "nor once there is room again");
  });
});

Deno.test("Access: what is no token, and one that was logged out, is nobody", async () => {
  await withAccess(async ({ access }) => {
    const { token } = (await access.redeemLink(await access.createLink(), HERE))!;
    for (const wrong of ["", "x", token.slice(1), `${token}x`]) {
      assertEquals(await access.authenticate(wrong), undefined);
    }
    await access.logout(token);
    assertEquals(await access.authenticate(token), undefined);
    await access.logout("never was");
  });
});

Deno.test("Access: changing the password asks for the current one and ends the user's other sessions", async () => {
  await withAccess(async ({ access }) => {
    await access.setPassword("ann", GOOD);
    const tokens: string[] = [];
    for (let i = 0; i < 2; i++) tokens.push((await access.login("ann", GOOD, HERE)).token);
    const guest = (await access.redeemLink(await access.createLink(), HERE))!.token;
    const [own = "", other = ""] = tokens;
    const change = (current: Secret | undefined, next: Secret) =>
      access.changePassword("ann", { current, next, session: own, address: HERE });
    for (const current of [undefined, OTHER]) {
      assertEquals((await assertRejects(() => change(current, OTHER), HubError)).kind, "unauthenticated");
    }
    assertEquals(
      (await assertRejects(() => change(GOOD, new Secret("short")), HubError)).kind,
      "invalid_input",
    );
    assert(await access.authenticate(other));
    await change(GOOD, OTHER);
    assertEquals((await access.authenticate(own))?.user, "ann");
    assertEquals(await access.authenticate(other), undefined);
    assertEquals((await access.authenticate(guest))?.user, "admin");
    await assertRejects(() => access.login("ann", GOOD, HERE), HubError);
    assert(await access.login("ann", OTHER, HERE));
  });
});

Deno.test("Access: guessing the current password is braked as logging in is", async () => {
  await withAccess(async ({ access }) => {
    await access.setPassword("ann", GOOD);
    const { token } = await access.login("ann", GOOD, HERE);
    const guess = () =>
      access.changePassword("ann", { current: OTHER, next: OTHER, session: token, address: HERE });
    for (let i = 0; i < 5; i++) assertEquals((await assertRejects(guess, HubError)).kind, "unauthenticated");
    assertEquals((await assertRejects(guess, HubError)).kind, "locked_out");
  });
});

Deno.test("Access: a user removed elsewhere is out within ten seconds", async () => {
  await withAccess(async ({ access, tables, clock }) => {
    await access.setPassword("ann", GOOD);
    const { token } = await access.login("ann", GOOD, HERE);
    assertEquals(await tables.removeUser("ann"), true);
    assertEquals(await tables.removeUser("ann"), false);
    await clock.advance(10_000);
    assertEquals(await access.authenticate(token), undefined);
    assertEquals(
      (await assertRejects(() => access.login("ann", GOOD, HERE), HubError)).kind,
      "unauthenticated",
    );
  });
});
