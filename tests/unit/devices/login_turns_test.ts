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
  const end = await turns.take("a", never);
  const second = turns.take("a", never).then((own) => (order.push("second"), own));
  (await turns.take("b", never))();
  order.push("first ends");
  end();
  (await second)();
  end();
  (await turns.take("a", never))();
  assertEquals(order, ["first ends", "second"]);
});

Deno.test("LoginTurns: a login that is never heard of again holds up the others for a while only", async () => {
  const clock = new FakeClock();
  const turns = new LoginTurns(clock);
  const lost = await turns.take("a", never);
  const second = turns.take("a", never);
  await settle();
  await clock.advance(LONGEST_TURN_MS);
  await second;
  lost();
  let isThird = false;
  const third = turns.take("a", never).then((end) => (isThird = true, end));
  await settle();
  assertEquals(isThird, false, "the end of a turn that was over ends no other");
  (await second)();
  (await third)();
});

Deno.test("LoginTurns: whoever is called off no longer waits", async () => {
  const turns = new LoginTurns(new FakeClock());
  const end = await turns.take("a", never);
  const leave = new AbortController();
  const waiting = assertRejects(() => turns.take("a", leave.signal), DOMException);
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
  const logIn = async (guard: AccountGuard) => {
    const over = await guard.begin("stream", never);
    sent++;
    await settle();
    void guard.refused("stream", new HubError("unauthenticated", "No"));
    over();
  };
  const results = await Promise.allSettled([...guards, ...guards].map(logIn));
  assertEquals(sent, 1);
  assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected", "rejected", "rejected"]);
});

Deno.test("AccountGuard: an account that was accepted is used by many at once", async () => {
  const clock = new FakeClock();
  const context = { memory: new VolatileMemory(), logins: new LoginTurns(clock), clock, isAsked: false };
  const account = { device: "x", account: "camera", username: "ann", password: new Secret("right") };
  const guard = new AccountGuard(account, context);
  const over = await guard.begin("stream", never);
  await guard.accepted("stream");
  over();
  await Promise.all([guard.begin("stream", never), guard.begin("stream", never)]);
});
