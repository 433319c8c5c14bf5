// The guard of an account: no wrong password is sent twice by itself, and nothing is sent while logins are locked.
import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { HubError } from "../../../src/base/errors.ts";
import { Secret } from "../../../src/base/secret.ts";
import { AccountGuard, type GuardedAccount } from "../../../src/devices/account_guard.ts";
import { LoginTurns } from "../../../src/devices/login_turns.ts";
import { VolatileMemory } from "../../../src/devices/memory.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const DEVICE = "tapo 192.168.1.20:443";
const NOW = Date.UTC(2026, 0, 1);
const HALF_HOUR = 30 * 60_000;
const no = new HubError("unauthenticated", "The camera refused the account", { hint: "Look at its label" });

/** A memory that outlives the guards of the test, as the database outlives a restart. */
class Notebook extends VolatileMemory {
  readonly written: string[] = [];
  readonly values = new Map<string, string>();

  override write(device: string, name: string, value: string | undefined): Promise<void> {
    if (value === undefined) this.values.delete(`${device}|${name}`);
    else this.values.set(`${device}|${name}`, value);
    this.written.push(`${device}|${name}|${value}`);
    return super.write(device, name, value);
  }
}

function house() {
  const memory = new Notebook();
  const clock = new FakeClock(NOW);
  const logins = new LoginTurns(clock);
  /** A guard as a newly opened camera has it; what is kept is in the memory only. */
  const guard = (change: Partial<GuardedAccount> & { isAsked?: boolean; password?: Secret } = {}) => {
    const { isAsked = false, ...account } = change;
    const own = { device: DEVICE, account: "stream", username: "ann", password: new Secret("hunter2") };
    return new AccountGuard({ ...own, ...account }, { memory, clock, logins, isAsked });
  };
  return { memory, clock, guard };
}

const refusal = (guard: AccountGuard) => assertRejects(() => guard.assertAllowed("stream"), HubError);

Deno.test("AccountGuard: a first try is allowed, a good one leaves nothing behind", async () => {
  const { memory, guard } = house();
  const own = guard();
  await own.assertAllowed("stream");
  await own.accepted("stream");
  await own.assertAllowed("stream");
  assertEquals([...memory.values.keys()], [`${DEVICE}|accepted stream stream`]);
  await own.accepted("stream");
  await guard().accepted("stream");
  assertEquals(memory.written.length, 1, "what is known already costs no write");
});

Deno.test("AccountGuard: a refused password is not sent again, by this guard or after a restart", async () => {
  const { clock, guard } = house();
  const own = guard();
  await own.assertAllowed("stream");
  await own.refused("stream", no);
  await clock.advance(400 * 86_400_000);
  for (const each of [own, own, guard(), guard()]) {
    const { kind, message, hint, retryAtMs, retryable } = await refusal(each);
    assertEquals([kind, hint, retryAtMs, retryable], [
      "unauthenticated",
      "Look at its label",
      Infinity,
      false,
    ]);
    assertEquals(message, `${no.message}; not tried again since 2026-01-01T00:00:00.000Z`);
  }
});

Deno.test("AccountGuard: nothing is allowed while a refusal is still being written down", async () => {
  const { guard } = house();
  const own = guard();
  const noting = own.refused("stream", no);
  assertEquals((await refusal(own)).kind, "unauthenticated");
  await noting;
});

Deno.test("AccountGuard: a refusal without a hint says why the hub does not try again", async () => {
  const { guard } = house();
  await guard().refused("stream", new HubError("unauthenticated", "No"));
  assertStringIncludes((await refusal(guard())).hint ?? "", "does not try a refused one again");
});

const CHANGES: [string, Parameters<ReturnType<typeof house>["guard"]>[0]][] = [
  ["another password", { password: new Secret("hunter3") }],
  ["another user name", { username: "bob" }],
  ["the same letters cut elsewhere", { username: "annh", password: new Secret("unter2") }],
  ["an empty password", { password: new Secret("") }],
];
for (const [name, change] of CHANGES) {
  Deno.test(`AccountGuard: ${name} is tried at once, and refused is not tried again either`, async () => {
    const { guard } = house();
    await guard().refused("stream", no);
    const changed = guard(change);
    await changed.assertAllowed("stream");
    await changed.refused("stream", no);
    assertEquals((await refusal(guard(change))).kind, "unauthenticated");
  });
}

Deno.test("AccountGuard: what was accepted is not held against the account any more", async () => {
  const { memory, guard } = house();
  await guard().refused("stream", no);
  const changed = guard({ password: new Secret("hunter3") });
  await changed.assertAllowed("stream");
  await changed.accepted("stream");
  await guard({ password: new Secret("hunter3") }).assertAllowed("stream");
  assertEquals((await refusal(guard())).kind, "unauthenticated", "the wrong one is still known as wrong");
  await guard().accepted("stream");
  assertEquals([...memory.values.keys()], [`${DEVICE}|accepted stream stream`]);
});

Deno.test("AccountGuard: what one service took and another refuses does not stop the one, also after a restart", async () => {
  const { guard } = house();
  await guard().accepted("stream");
  const restarted = guard();
  await restarted.refused("onvif", no);
  await restarted.assertAllowed("stream");
  await guard().assertAllowed("stream");
  assertEquals(
    (await assertRejects(() => guard().assertAllowed("onvif"), HubError)).message.slice(0, 20),
    no.message.slice(0, 20),
  );
  await guard({ isAsked: true }).assertAllowed("onvif");
});

Deno.test("AccountGuard: a password that both services took and that was changed is sent once to each", async () => {
  const { guard } = house();
  const own = guard();
  await own.accepted("stream");
  await own.accepted("onvif");
  await own.refused("onvif", no);
  await own.assertAllowed("stream");
  await own.refused("stream", no);
  for (const service of ["stream", "onvif"] as const) {
    await assertRejects(() => guard().assertAllowed(service), HubError);
  }
});

Deno.test("AccountGuard: a service that is denied to an account leaves it the others", async () => {
  const { guard } = house();
  await guard().denied("stream", no);
  await assertRejects(() => guard().assertAllowed("stream"), HubError);
  await guard().assertAllowed("onvif");
});

Deno.test("AccountGuard: asked by a person, the same password is tried once more, and no second time", async () => {
  const { guard } = house();
  await guard().refused("stream", no);
  const asked = guard({ isAsked: true });
  await asked.assertAllowed("stream");
  await asked.refused("stream", no);
  assertEquals((await refusal(asked)).kind, "unauthenticated");
  assertEquals((await refusal(guard())).kind, "unauthenticated");
  await guard({ isAsked: true }).assertAllowed("stream");
});

Deno.test("AccountGuard: a person's word is for the first try: its refusal is not forgiven by the same word", async () => {
  const { guard } = house();
  const asked = guard({ isAsked: true });
  await asked.assertAllowed("stream");
  await asked.refused("stream", no);
  assertEquals((await refusal(asked)).kind, "unauthenticated");
});

Deno.test("AccountGuard: one account's refusal does not stop another account or another device", async () => {
  const { guard } = house();
  await guard().refused("stream", no);
  await guard({ account: "control" }).assertAllowed("stream");
  await guard({ device: "tapo 192.168.1.21:443" }).assertAllowed("stream");
  await refusal(guard());
});

Deno.test("AccountGuard: locked out, nothing is allowed to anybody until the end, which is told", async () => {
  const { clock, memory, guard } = house();
  const own = guard();
  await own.lockedOut(NOW + HALF_HOUR);
  const others = [
    own,
    guard(),
    guard({ isAsked: true }),
    guard({ account: "control" }),
    guard({ username: "bob", password: new Secret("right") }),
  ];
  for (const stepMs of [0, 1, HALF_HOUR - 2]) {
    await clock.advance(stepMs);
    for (const each of others) {
      const { kind, message, hint, retryAtMs } = await refusal(each);
      assertEquals([kind, retryAtMs], ["locked_out", NOW + HALF_HOUR]);
      assertStringIncludes(message, "2026-01-01T00:30:00.000Z");
      assert(hint);
    }
  }
  await guard({ device: "tapo 192.168.1.21:443" }).assertAllowed("stream");
  await clock.advance(1);
  for (const each of others) await each.assertAllowed("stream");
  assertEquals(memory.values.size, 0);
});

Deno.test("AccountGuard: a fraction of a millisecond is rounded up, never down", async () => {
  const { clock, guard } = house();
  await guard().lockedOut(NOW + 1000.25);
  await clock.advance(1000);
  await refusal(guard());
  await clock.advance(1);
  await guard().assertAllowed("stream");
});

Deno.test("AccountGuard: after a lockout a refused password is still not tried by itself", async () => {
  const { clock, guard } = house();
  const own = guard();
  await own.refused("stream", no);
  await own.lockedOut(NOW + HALF_HOUR);
  assertEquals((await refusal(guard({ isAsked: true }))).kind, "locked_out");
  await clock.advance(HALF_HOUR);
  assertEquals((await refusal(own)).kind, "unauthenticated");
  await guard({ isAsked: true }).assertAllowed("stream");
});

Deno.test("AccountGuard: a wall clock that jumps forward does not shorten a lockout of a running camera", async () => {
  const { clock, guard } = house();
  const own = guard();
  await own.lockedOut(NOW + HALF_HOUR);
  clock.jumpTo(NOW + 86_400_000);
  const { kind, retryAtMs } = await refusal(own);
  assertEquals([kind, retryAtMs], ["locked_out", NOW + 86_400_000 + HALF_HOUR]);
  await clock.advance(HALF_HOUR - 1);
  await refusal(own);
  await clock.advance(1);
  await own.assertAllowed("stream");
});

Deno.test("AccountGuard: a wall clock that jumps back allows nothing inside a lockout", async () => {
  const { clock, guard } = house();
  const own = guard();
  await own.lockedOut(NOW + HALF_HOUR);
  clock.jumpTo(NOW - 3_600_000);
  for (const each of [own, guard()]) assertEquals((await refusal(each)).kind, "locked_out");
  await clock.advance(HALF_HOUR - 1);
  for (const each of [own, guard()]) assertEquals((await refusal(each)).kind, "locked_out");
  // Put right again, the lockout ends when it was to end.
  clock.jumpTo(NOW + HALF_HOUR);
  await clock.advance(1);
  for (const each of [own, guard()]) await each.assertAllowed("stream");
});

Deno.test("AccountGuard: what is stored shows neither password nor user name, and no two refusals look alike", async () => {
  const { memory, guard } = house();
  await guard().refused("stream", no);
  await guard().refused("stream", no);
  const text = memory.written.join("\n");
  const hash = (algorithm: string) => createHash(algorithm).update("ann\nhunter2").digest("hex");
  const traces = ["hunter2", "ann", btoa("hunter2"), ...["md5", "sha1", "sha256"].map(hash)];
  for (const trace of traces) assert(!text.includes(trace), trace);
  const prints = memory.written.map((line) => JSON.parse(line.split("|").at(-1) ?? "").print as string);
  assertEquals(new Set(prints).size, 2);
  for (const print of prints) assertMatch(print, /^[0-9a-f]{32}:[0-9a-f]{64}$/);
});
