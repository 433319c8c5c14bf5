// Tokens of programs: made once, known by their hash, ended by time or by hand, over a real database in memory.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Access } from "../../../src/auth/access.ts";
import { HubError } from "../../../src/base/errors.ts";
import { redactText } from "../../../src/base/secret.ts";
import { AccessTables } from "../../../src/store/access_tables.ts";
import { Database } from "../../../src/store/database.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HERE = "192.168.1.5";

interface Parts {
  access: Access;
  tables: AccessTables;
  clock: FakeClock;
  database: Database;
  told: HubError[];
}

async function withTokens(work: (parts: Parts) => Promise<void>): Promise<void> {
  const database = await Database.open(":memory:");
  try {
    const clock = new FakeClock();
    const tables = new AccessTables(database);
    const told: HubError[] = [];
    const access = new Access(tables, { clock, sessionDays: 30, onVolatile: (error) => told.push(error) });
    await work({ access, tables, clock, database, told });
  } finally {
    await database.close();
  }
}

const refused = async (access: Access, value: string, address = HERE) =>
  (await assertRejects(() => access.tokens.authenticate(value, address), HubError)).kind;

Deno.test("Tokens: a token lets its program in with its role, under a name that no user can have", async () => {
  await withTokens(async ({ access }) => {
    const viewer = await access.tokens.create("grafana", { role: "viewer" });
    const operator = await access.tokens.create("claude", { role: "operator" });
    assertMatch(viewer, /^tapocam_[\w-]{43}$/);
    assertEquals(await access.tokens.authenticate(viewer, HERE), { user: "token:grafana", role: "viewer" });
    assertEquals(await access.tokens.authenticate(operator, HERE), {
      user: "token:claude",
      role: "operator",
    });
    const again = await assertRejects(() => access.tokens.create("claude", { role: "admin" }), HubError);
    assertEquals([again.kind, /token revoke claude/.test(again.hint ?? "")], ["conflict", true]);
  });
});

Deno.test("Tokens: the database and the log hold no token", async () => {
  await withTokens(async ({ access, database, tables }) => {
    const value = await access.tokens.create("claude", { role: "admin" });
    const rows = JSON.stringify(await database.all("SELECT * FROM tokens"));
    assert(!rows.includes(value) && !rows.includes(value.slice(8)), rows);
    assertEquals(await tables.tokens.find(value), undefined);
    assert(!JSON.stringify(await access.tokens.list()).includes("ash"));
    assertEquals(
      redactText(`asked with ${value}, twice: ${value}`),
      "asked with tapocam_***, twice: tapocam_***",
    );
    assertEquals(
      redactText("tapocam_session_7777=abc tapocam_cameras"),
      "tapocam_session_7777=abc tapocam_cameras",
    );
  });
});

Deno.test("Tokens: one with days ends after them, and one without never", async () => {
  await withTokens(async ({ access, clock }) => {
    const short = await access.tokens.create("short", { role: "viewer", days: 2 });
    const long = await access.tokens.create("long", { role: "viewer" });
    await clock.advance(2 * DAY_MS - 1);
    assertEquals([await access.isGood(short), await access.isGood(long)], [true, true]);
    await clock.advance(1);
    const error = await assertRejects(() => access.tokens.authenticate(short, HERE), HubError);
    assertEquals([error.kind, error.message], ["unauthenticated", 'The token "short" has expired']);
    await clock.advance(1000 * DAY_MS);
    assertEquals([await access.isGood(short), await access.isGood(long)], [false, true]);
  });
});

Deno.test("Tokens: one that another process revoked is refused within ten seconds", async () => {
  await withTokens(async ({ access, tables, clock }) => {
    const value = await access.tokens.create("claude", { role: "admin" });
    await access.tokens.authenticate(value, HERE);
    const elsewhere = new Access(tables, { clock, sessionDays: 30 });
    await elsewhere.tokens.revoke("claude");
    await clock.advance(10_000);
    assertEquals(await refused(access, value), "unauthenticated");
    assertEquals(await access.isGood(value), false);
    const error = await assertRejects(() => access.tokens.revoke("claude"), HubError);
    assertEquals(error.kind, "not_found");
  });
});

Deno.test("Tokens: one in use is written at most every six hours", async () => {
  await withTokens(async ({ access, clock }) => {
    const value = await access.tokens.create("claude", { role: "admin" });
    const usedAtMs = async () => (await access.tokens.list())[0]?.usedAtMs;
    assertEquals(await usedAtMs(), undefined);
    const firstMs = clock.now();
    await access.tokens.authenticate(value, HERE);
    assertEquals(await usedAtMs(), firstMs);
    await clock.advance(6 * HOUR_MS - 1);
    await access.tokens.authenticate(value, HERE);
    assertEquals(await usedAtMs(), firstMs);
    await clock.advance(10_001);
    await access.tokens.authenticate(value, HERE);
    assertEquals(await usedAtMs(), clock.now());
  });
});

Deno.test("Tokens: a disk that takes no more keeps no program out", async () => {
  await withTokens(async ({ access, tables, clock, told }) => {
    const value = await access.tokens.create("claude", { role: "admin" });
    tables.tokens.noteUse = () => Promise.reject(new HubError("storage_full", "no space"));
    assertEquals((await access.tokens.authenticate(value, HERE)).role, "admin");
    await clock.advance(20_000);
    assertEquals((await access.tokens.authenticate(value, HERE)).role, "admin");
    assert(told.length > 0);
  });
});

Deno.test("Tokens: wrong ones are braked by address, and no right one ever", async () => {
  await withTokens(async ({ access, clock }) => {
    const value = await access.tokens.create("claude", { role: "admin" });
    const wrong = ["", "x", "tapocam_", `tapocam_${"a".repeat(43)}`, value.slice(0, -1)];
    for (const each of wrong) assertEquals(await refused(access, each), "unauthenticated", each);
    const braked = await assertRejects(() => access.tokens.authenticate("x", HERE), HubError);
    assertEquals([braked.kind, braked.details], ["locked_out", { retry_after_s: 60 }]);
    assertEquals(await refused(access, "x", "192.168.1.6"), "unauthenticated");
    assertEquals((await access.tokens.authenticate(value, HERE)).role, "admin");
    await clock.advance(60_000);
    assertEquals(await refused(access, "x"), "unauthenticated");
  });
});
