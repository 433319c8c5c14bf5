// Tickets: what the hub signs, and every way in which one is none any more.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { Access } from "../../../src/auth/access.ts";
import { MAX_TICKET_MS, type TicketBearer, type TicketUse } from "../../../src/auth/tickets.ts";
import { HubError } from "../../../src/base/errors.ts";
import { redact, redactText } from "../../../src/base/secret.ts";
import { OpenStreams } from "../../../src/http/open_streams.ts";
import { AccessTables } from "../../../src/store/access_tables.ts";
import { Database } from "../../../src/store/database.ts";
import { FakeClock } from "../../tools/fake_clock.ts";

const MINUTE_MS = 60_000;
const HERE = "192.168.1.5";
const key = () => Promise.resolve(new Uint8Array(32).fill(7));

interface Parts {
  access: Access;
  clock: FakeClock;
  token: string;
  bearer: TicketBearer;
  /** A ticket of that bearer. */
  issue: (use?: TicketUse, lifetimeMs?: number) => Promise<string>;
  /** Kind and words of what a check throws. */
  refused: (ticket: string, use?: TicketUse, camera?: string) => Promise<[string, string]>;
}

async function withTickets(work: (parts: Parts) => Promise<void>): Promise<void> {
  const database = await Database.open(":memory:");
  try {
    const clock = new FakeClock();
    const access = new Access(new AccessTables(database), { clock, sessionDays: 30, ticketKey: key });
    const token = await access.tokens.create("grafana", { role: "viewer" });
    const principal = await access.tokens.authenticate(token, HERE);
    const bearer = { camera: "door", principal, holder: access.holderOf(token) };
    const issue = async (use: TicketUse = "view", lifetimeMs = MAX_TICKET_MS) =>
      (await access.tickets.issue(use, bearer, lifetimeMs)).ticket;
    const refused: Parts["refused"] = async (ticket, use = "view", camera = "door") => {
      const error = await assertRejects(() => access.tickets.check(ticket, use, camera), HubError);
      return [error.kind, error.message];
    };
    await work({ access, clock, token, bearer, issue, refused });
  } finally {
    await database.close();
  }
}

const EXPIRED = ["unauthenticated", "This address has expired"];
const UNSIGNED = ["unauthenticated", "This address was not signed by this hub"];

Deno.test("[VIEW-LINK-SIGNED] Tickets: one says for whom and which camera, and holds no token", async () => {
  await withTickets(async ({ access, token, bearer, issue }) => {
    const ticket = await issue();
    assertMatch(ticket, /^tapolink_[\w-]+\.[\w-]{43}$/);
    assertEquals(await access.tickets.check(ticket, "view", "door"), bearer);
    assert(await issue() !== ticket, "each is another");
    const payload = atob(ticket.slice(9).split(".")[0]!.replace(/-/g, "+").replace(/_/g, "/"));
    assert(!payload.includes(token) && !payload.includes(token.slice(8)), payload);
    await assertRejects(() => access.tokens.authenticate(bearer.holder, HERE), HubError);
    await assertRejects(() => access.tokens.authenticate(bearer.holder.slice(5), HERE), HubError);
    assertEquals(await access.authenticate(bearer.holder.slice(5)), undefined);
  });
});

Deno.test("[VIEW-LINK-EXPIRES] Tickets: five minutes at most, also where more is asked for; the clock may be set", async () => {
  await withTickets(async ({ access, clock, issue, refused }) => {
    const long = await issue("view", 24 * 60 * MINUTE_MS);
    const short = await issue("view", MINUTE_MS);
    await clock.advance(MINUTE_MS - 1);
    await access.tickets.check(short, "view", "door");
    await clock.advance(1);
    assertEquals(await refused(short), EXPIRED);
    await access.tickets.check(long, "view", "door");
    await clock.advance(4 * MINUTE_MS);
    assertEquals(await refused(long), EXPIRED);
    const fresh = await issue();
    clock.jumpTo(clock.now() - 20_000);
    await access.tickets.check(fresh, "view", "door");
    clock.jumpTo(clock.now() - 60 * MINUTE_MS);
    assertEquals(await refused(fresh), EXPIRED, "set back, it would be good for longer than it was made for");
    clock.jumpTo(clock.now() + 24 * 60 * MINUTE_MS);
    assertEquals(await refused(fresh), EXPIRED);
  });
});

Deno.test("[VIEW-LINK-SIGNED] Tickets: what was changed, cut, lengthened or made elsewhere is refused", async () => {
  await withTickets(async ({ access, bearer, issue, refused }) => {
    const ticket = await issue();
    const [head = "", signature = ""] = ticket.split(".");
    const said = JSON.parse(atob(head.slice(9).replace(/-/g, "+").replace(/_/g, "/")));
    const forged = btoa(JSON.stringify({ ...said, role: "admin" })).replace(/\+/g, "-").replace(/\//g, "_")
      .replace(/=+$/, "");
    const wrong = [
      `tapolink_${forged}.${signature}`,
      `${head}.${signature.slice(0, -1)}`,
      `${head}.${signature}A`,
      `${head}.`,
      `${ticket}.${signature}`,
      head,
      ticket.slice(9),
      "tapolink_",
      "",
      "tapolink_%00.é",
    ];
    for (const each of wrong) assertEquals(await refused(each), UNSIGNED, each);
    const database = await Database.open(":memory:");
    const other = new Access(new AccessTables(database), { clock: new FakeClock(), sessionDays: 30 });
    const foreign = (await other.tickets.issue("view", bearer, MINUTE_MS)).ticket;
    await database.close();
    assertEquals(await refused(foreign), UNSIGNED);
    await access.tickets.check(ticket, "view", "door");
  });
});

Deno.test("[VIEW-LINK-SCOPE] Tickets: not for another camera, and not for another use", async () => {
  await withTickets(async ({ access, issue, refused }) => {
    const [view, control] = [await issue("view"), await issue("control")];
    assertEquals(await refused(view, "view", "garden"), [
      "forbidden",
      'This address is for camera "door", not for "garden"',
    ]);
    assertEquals(await refused(view, "control"), ["forbidden", "This ticket is not for moving a camera"]);
    assertEquals(await refused(control, "view"), ["forbidden", "This ticket is not for looking"]);
    assertEquals((await access.tickets.check(control, "control")).camera, "door");
  });
});

Deno.test("[VIEW-LINK-REVOKED] Tickets: they end with the token or the login they were made for", async () => {
  await withTickets(async ({ access, clock, bearer, issue, refused }) => {
    const ended = ["unauthenticated", "The login that this address was made for has ended"];
    const ticket = await issue();
    const streams = new OpenStreams();
    let isOpen = true;
    streams.add(bearer.holder, () => isOpen = false);
    await streams.check(access);
    assertEquals(isOpen, true);
    await access.tokens.revoke("grafana");
    await streams.check(access);
    assertEquals(isOpen, false, "what it had opened ends, too");
    assertEquals(await refused(ticket), ended);
    await access.tokens.create("grafana", { role: "viewer" });
    assertEquals(await refused(ticket), ended, "one of the same name is another");
    const login = (await access.redeemLink(await access.createLink(), HERE))!;
    const holder = access.holderOf(login.token);
    const ofLogin = (await access.tickets.issue("view", { ...bearer, holder }, MAX_TICKET_MS)).ticket;
    await access.tickets.check(ofLogin, "view", "door");
    await access.logout(login.token);
    await clock.advance(10_000);
    assertEquals(await refused(ofLogin), ended);
  });
});

Deno.test("[VIEW-LINK-SECRET] redact: a ticket is blanked in texts and addresses", async () => {
  await withTickets(async ({ issue }) => {
    const ticket = await issue();
    const address = `http://hub:7777/api/cameras/door/stream?view=${ticket}&fps=5`;
    for (
      const shown of [
        redactText(`GET ${address}`),
        JSON.stringify(redact({ message: address, path: ticket })),
      ]
    ) {
      assert(!shown.includes(ticket.slice(9, 40)) && !shown.includes(ticket.split(".")[1]!), shown);
    }
    assertMatch(redactText(address), /view=.*&fps=5$/);
  });
});
