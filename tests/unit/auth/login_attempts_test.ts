// What is told of attempts to log in, and that nothing secret is in it.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Access } from "../../../src/auth/access.ts";
import type { LoginAttempt } from "../../../src/auth/login_attempt.ts";
import { HubError } from "../../../src/base/errors.ts";
import { Secret } from "../../../src/base/secret.ts";
import { AccessTables } from "../../../src/store/access_tables.ts";
import { Database } from "../../../src/store/database.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const GOOD = new Secret("correct horse battery");
const OTHER = new Secret("another long password");
const HERE = "192.168.1.5";
const refused = (work: () => Promise<unknown>) => assertRejects(work, HubError);

Deno.test("[EVENTS-KINDS] Access: each attempt is told with its way and address, a name only where it is a user's", async () => {
  const database = await Database.open(":memory:");
  const clock = new FakeClock();
  const told: LoginAttempt[] = [];
  const access = new Access(new AccessTables(database), {
    clock,
    sessionDays: 30,
    onAttempt: (attempt) => told.push(attempt),
  });
  try {
    await access.setPassword("ann", GOOD);
    const link = await access.createLink();
    await access.redeemLink(link, HERE);
    await access.redeemLink(link, HERE);
    const { token } = await access.login("ann", GOOD, HERE);
    // Somebody types the password where the name belongs.
    for (const user of ["ann", GOOD.reveal()]) await refused(() => access.login(user, OTHER, HERE));
    const change = { next: OTHER, session: token, address: HERE };
    await refused(() => access.changePassword("ann", { ...change, current: OTHER }));
    await access.changePassword("ann", { ...change, current: GOOD });
    for (let n = 0; n < 3; n++) await refused(() => access.login("bob", OTHER, HERE));
    await refused(() => access.tokens.authenticate("tapocam_wrong", "fd00::1"));
    const value = await access.tokens.create("grafana", { role: "viewer", days: 1 });
    await access.tokens.authenticate(value, HERE);
    await clock.advance(2 * 86_400_000);
    await refused(() => access.tokens.authenticate(value, HERE));
    const lines = told.map(({ outcome, way, user = "?", address }) => `${outcome} ${way} ${user} ${address}`);
    assertEquals(lines, [
      `success link admin ${HERE}`,
      `refused link ? ${HERE}`,
      `success password ann ${HERE}`,
      `refused password ann ${HERE}`,
      `refused password ? ${HERE}`,
      `refused password ann ${HERE}`,
      `password_changed password ann ${HERE}`,
      `refused password ? ${HERE}`,
      `refused password ? ${HERE}`,
      `throttled password ? ${HERE}`,
      "refused token ? fd00::1",
      `refused token token:grafana ${HERE}`,
    ]);
    const all = JSON.stringify(told);
    for (const secret of [GOOD.reveal(), OTHER.reveal(), link, token, value]) assert(!all.includes(secret));
  } finally {
    await database.close();
  }
});
