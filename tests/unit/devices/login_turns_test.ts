// Accounts of which nobody knows yet whether they are right are tried by one login at a time.
import { assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Secret } from "../../../src/base/secret.ts";
import { AccountGuard } from "../../../src/devices/account_guard.ts";
import { LoginTurns, LONGEST_TURN_MS } from "../../../src/devices/login_turns.ts";
import { VolatileMemory } from "../../../src/devices/memory.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const never = new AbortController().signal;
const settle = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

Deno.test("LoginTurns: the next login of an account waits for the end of the one before, others do not", async () => {
  const turns = new LoginTurns(new FakeClock());
  const order: string[] = [];
  const end = await turns.take("a", 1, never);
  const second = turns.take("a", 1, never).then((own) => (order.push("second"), own));
  (await turns.take("b", 1, never))();
  order.push("first ends");
  end();
  (await second)();
  end();
  (await turns.take("a", 1, never))();
  assertEquals(order, ["first ends", "second"]);
});

Deno.test("LoginTurns: a login that is never heard of again holds up the others for a while only", async () => {
  const clock = new FakeClock();
  const turns = new LoginTurns(clock);
  const lost = await turns.take("a", 1, never);
  const second = turns.take("a", 1, never);
  await settle();
  await clock.advance(LONGEST_TURN_MS);
  await second;
  lost();
  let isThird = false;
  const third = turns.take("a", 1, never).then((end) => (isThird = true, end));
  await settle();
  assertEquals(isThird, false, "the end of a turn that was over ends no other");
  (await second)();
  (await third)();
});

Deno.test("LoginTurns: as many as are allowed go at once, the next waits for one of them", async () => {
  const turns = new LoginTurns(new FakeClock());
  const ends = await Promise.all([1, 2, 3].map(() => turns.take("a", 3, never)));
  let hasBegun = false;
  const fourth = turns.take("a", 3, never).then((end) => (hasBegun = true, end));
  await settle();
  assertEquals(hasBegun, false);
  ends[1]?.();
  (await fourth)();
  let isAlone = false;
  const alone = turns.take("a", 1, never).then((end) => (isAlone = true, end));
  ends[0]?.();
  await settle();
  assertEquals(isAlone, false, "one is still under way");
  ends[2]?.();
  (await alone)();
});

Deno.test("LoginTurns: whoever is called off no longer waits", async () => {
  const turns = new LoginTurns(new FakeClock());
  const end = await turns.take("a", 1, never);
  const leave = new AbortController();
  const waiting = assertRejects(() => turns.take("a", 1, leave.signal), DOMException);
  leave.abort();
  await waiting;
  end();
});

Deno.test("AccountGuard: of logins that begin together one sends a wrong password, the others hear of it", async () => {
  const clock = new FakeClock();
  const context = { memory: new VolatileMemory(), logins: new LoginTurns(clock), clock, isAsked: false };
  const account = { device: "x", account: "camera", username: "ann", password: new Secret("wrong") };
  const guards = [new AccountGuard(account, context), new AccountGuard(account, context)];
  let sent = 0;
  const noted: Promise<unknown>[] = [];
  const logIn = async (guard: AccountGuard) => {
    const over = await guard.begin("stream", never);
    sent++;
    await settle();
    noted.push(Promise.resolve(guard.refused("stream", new HubError("unauthenticated", "No"))));
    over();
  };
  const results = await Promise.allSettled([...guards, ...guards].map(logIn));
  await Promise.allSettled(noted);
  assertEquals(sent, 1);
  assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected", "rejected", "rejected"]);
});

Deno.test("AccountGuard: an account that the device took once is used by several at once, also after a restart", async () => {
  const clock = new FakeClock();
  const context = { memory: new VolatileMemory(), logins: new LoginTurns(clock), clock, isAsked: false };
  const account = { device: "x", account: "camera", username: "ann", password: new Secret("right") };
  const first = new AccountGuard(account, context);
  (await first.begin("stream", never))();
  await first.accepted("stream");
  const restarted = new AccountGuard(account, { ...context, logins: new LoginTurns(clock) });
  await Promise.all([restarted.begin("stream", never), restarted.begin("onvif", never)]);
});

Deno.test("AccountGuard: a person's word is spent by the first login; a password changed later is sent few times", async () => {
  const clock = new FakeClock();
  const context = { memory: new VolatileMemory(), logins: new LoginTurns(clock), clock, isAsked: true };
  const account = { device: "x", account: "camera", username: "ann", password: new Secret("old") };
  const guards = [1, 2, 3, 4, 5, 6].map(() => new AccountGuard(account, context));
  for (const guard of guards) {
    (await guard.begin("stream", never))();
    await guard.accepted("stream");
  }
  let sent = 0;
  const noted: Promise<unknown>[] = [];
  await Promise.allSettled(guards.map(async (guard) => {
    const over = await guard.begin("stream", never);
    sent++;
    await settle();
    noted.push(Promise.resolve(guard.refused("stream", new HubError("unauthenticated", "No"))));
    over();
  }));
  await Promise.allSettled(noted);
  assertEquals(sent, 3, "as many as go at once, and none after the first refusal was noted");
});

Deno.test("AccountGuard: two accounts at one device do not let each other's refused passwords out again", async () => {
  const clock = new FakeClock();
  const context = { memory: new VolatileMemory(), logins: new LoginTurns(clock), clock, isAsked: false };
  const of = (username: string) =>
    new AccountGuard({ device: "nvr", account: "stream", username, password: new Secret("x") }, context);
  const [bad, good, alsoBad] = [of("ann"), of("bob"), of("eve")];
  const no = new HubError("unauthenticated", "No");
  await bad.refused("stream", no);
  await good.accepted("stream");
  await assertRejects(() => bad.assertAllowed("stream"), HubError);
  await assertRejects(() => of("ann").assertAllowed("stream"), HubError);
  await alsoBad.refused("stream", no);
  await assertRejects(() => bad.assertAllowed("stream"), HubError);
  await good.assertAllowed("stream");
});
