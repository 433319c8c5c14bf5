// The channel e-mail against a real SMTP server: login, encryption, the picture, refusals, slowness, secrets.
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { Buffer } from "node:buffer";
import { buildEmail, type EmailDeps } from "../../../src/alerts/channels/email.ts";
import { Logger } from "../../../src/base/log.ts";
import { type EmailOptions, emailSchema } from "../../../src/config/channels.ts";
import { failureOf } from "../../drivers/stage.ts";
import { type Answers, MailServer, type MailServerOptions } from "../../emulators/mail/mail_server.ts";
import { CertificateAuthority } from "../../tools/certificate_authority.ts";
import { until } from "../tools/processes.ts";
import { PICTURE, someAlert } from "./messages.ts";

const PASSWORD = "s3cr3t-Mail-Pass";
const ACCOUNT = { user: "hub@example.org", password: PASSWORD };
const forever = new AbortController().signal;

function channel(port: number, options: Partial<EmailOptions> = {}, deps: Partial<EmailDeps> = {}) {
  const lines: string[] = [];
  const log = new Logger((line) => lines.push(line), "debug");
  const checked = emailSchema.parse({
    type: "email",
    host: "127.0.0.1",
    port,
    tls: "none",
    from: "Hub <hub@example.org>",
    to: ["anna@example.org"],
    ...options,
  });
  return { lines, email: buildEmail({ id: "mail", ...checked }, { log, ...deps }) };
}

async function refusal(server: MailServer, options: Partial<EmailOptions> = {}) {
  return await failureOf(channel(server.port, options).email.send(someAlert(), forever));
}

Deno.test("an alert arrives over STARTTLS with login, its picture inline [CHANNEL-EMAIL]", async () => {
  await using authority = await CertificateAuthority.make();
  const identity = await authority.issue("IP:127.0.0.1");
  await using server = await MailServer.start({ identity, account: ACCOUNT });
  const { email } = channel(server.port, {
    tls: "starttls",
    username: ACCOUNT.user,
    password: PASSWORD,
    ca: authority.ca,
    to: ["anna@example.org", "ben@example.org"],
  });
  await email.send(someAlert({ snapshot: () => Promise.resolve(PICTURE) }), forever);
  const [mail] = await server.mails();
  assertEquals(mail?.to, ["anna@example.org", "ben@example.org"]);
  const raw = mail?.raw ?? "";
  assertMatch(raw, /^Subject: Person at the front door\r$/m);
  assertMatch(raw, /^Message-ID: <alert-41-1@example\.org>\r$/mi);
  assertStringIncludes(raw, "http://hub.local:7777/events");
  assertMatch(raw, /Content-ID: <snapshot>/i);
  const [, encoded = ""] = /Content-Type: image\/jpeg[\s\S]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(raw) ?? [];
  assertEquals(new Uint8Array(Buffer.from(encoded, "base64")), PICTURE);
  assert(!raw.includes("Front <door></td>"), "what a camera is called is no HTML");
  assert(!raw.includes(PASSWORD));
});

Deno.test("TLS from the first byte, without a picture", async () => {
  await using authority = await CertificateAuthority.make();
  const identity = await authority.issue("IP:127.0.0.1");
  await using server = await MailServer.start({ identity, isSecure: true });
  await channel(server.port, { tls: "tls", ca: authority.ca }).email.send(someAlert(), forever);
  const mails = await server.mails();
  assertEquals(mails.length, 1);
  assert(!mails[0]?.raw.includes("image/jpeg"));
});

Deno.test("a certificate that nobody vouches for, or of another name, is refused before the login [CHANNEL-EMAIL]", async () => {
  await using authority = await CertificateAuthority.make();
  for (const [names, ca] of [["IP:127.0.0.1", undefined], ["DNS:other.example", authority.ca]] as const) {
    const identity = await authority.issue(names);
    for (const isSecure of [true, false]) {
      await using server = await MailServer.start({ identity, isSecure, account: ACCOUNT });
      const error = await refusal(server, {
        tls: isSecure ? "tls" : "starttls",
        username: ACCOUNT.user,
        password: PASSWORD,
        ...(ca === undefined ? {} : { ca }),
      });
      assertMatch(`${error.message}. ${error.hint}`, /certificate/);
      assertEquals(error.retryable, !isSecure);
      assertEquals(await server.begun(), 0);
    }
  }
});

Deno.test("a server without STARTTLS is not sent the password in the clear", async () => {
  await using server = await MailServer.start({ account: ACCOUNT });
  const error = await refusal(server, { tls: "starttls", username: ACCOUNT.user, password: PASSWORD });
  assertMatch(error.message, /offers no encryption/);
  assertEquals(await server.begun(), 0);
});

Deno.test("a wrong password is told without the password, and not tried again [CHANNEL-SECRETS]", async () => {
  await using server = await MailServer.start({ account: ACCOUNT });
  const wrong = "wrong-Pass-77";
  const { email, lines } = channel(server.port, { username: ACCOUNT.user, password: wrong });
  const error = await failureOf(email.send(someAlert(), forever));
  assertEquals([error.kind, error.retryable], ["unauthenticated", false]);
  assertMatch(error.message, /refuses the login: 535 Wrong password "\*\*\*"/);
  const shown = Deno.inspect([error, error.cause, error.stack, lines, email], { depth: 20 });
  for (const secret of [wrong, btoa(wrong), btoa(`\0${ACCOUNT.user}\0${wrong}`)]) {
    assert(!shown.includes(secret), shown);
  }
});

const ANSWERS: readonly [what: string, answers: Answers, isRetryable: boolean, said: RegExp][] = [
  ["the login is put off", { login: "454 Later" }, true, /454 Later/],
  [
    "the recipient is put off",
    { recipients: { "anna@example.org": "451 Greylisted" } },
    true,
    /451 Greylisted/,
  ],
  [
    "the recipient is unknown",
    { recipients: { "anna@example.org": "550 No such user" } },
    false,
    /550 No such user/,
  ],
  ["the mail is put off", { data: "452 Mailbox full" }, true, /452 Mailbox full/],
  ["the mail is refused", { data: "554 Spam" }, false, /554 Spam/],
];
for (const [what, answers, isRetryable, said] of ANSWERS) {
  Deno.test(`${what}: ${isRetryable ? "tried again" : "a dead letter"} [CHANNEL-EMAIL]`, async () => {
    await using server = await MailServer.start({ account: ACCOUNT });
    await server.answer(answers);
    const error = await refusal(server, { username: ACCOUNT.user, password: PASSWORD });
    assertEquals(error.retryable, isRetryable, error.message);
    assertMatch(error.message, said);
  });
}

Deno.test("who got it does not get it again when another recipient is tried once more", async () => {
  await using server = await MailServer.start();
  const { email } = channel(server.port, { to: ["anna@example.org", "ben@example.org", "carl@example.org"] });
  const carl = { "carl@example.org": "550 Unknown" };
  await server.answer({ recipients: { ...carl, "ben@example.org": "450 Busy" } });
  const first = await failureOf(email.send(someAlert(), forever));
  assertEquals(first.retryable, true);
  assertMatch(first.message, /^ben@example\.org, carl@example\.org: .*450 Busy/);
  await server.answer({ recipients: carl });
  const second = await failureOf(email.send(someAlert(), forever));
  assertEquals(second.retryable, false);
  assertMatch(second.message, /^carl@example\.org: .*550 Unknown/);
  assertEquals((await server.mails()).map(({ to }) => to), [["anna@example.org"], ["ben@example.org"]]);
});

Deno.test("a server that hangs is given up; one that is not there is tried again", async () => {
  await using server = await MailServer.start();
  await server.answer({ hangs: true });
  const { email } = channel(server.port, {}, { deadlineMs: 300 });
  const error = await failureOf(email.send(someAlert(), forever));
  assertEquals([error.kind, error.retryable], ["timeout", true]);
  const gone = await MailServer.start();
  await gone[Symbol.asyncDispose]();
  const away = await refusal(gone);
  assertEquals([away.kind, away.retryable], ["unavailable", true]);
  assertMatch(away.message, /cannot be reached/);
});

Deno.test("stopping the hub ends a mail under way as an abort", async () => {
  await using server = await MailServer.start();
  await server.answer({ hangs: true });
  const stop = new AbortController();
  const sending = channel(server.port).email.send(someAlert(), stop.signal);
  const outcome = sending.then(() => "sent", (error: Error) => error.name);
  await until(async () => await server.begun() > 0, "the mail");
  stop.abort();
  assertEquals(await outcome, "AbortError");
});

Deno.test("a picture that cannot be had leaves the alert without one; a title cannot add headers", async () => {
  await using server = await MailServer.start();
  const { email, lines } = channel(server.port);
  const snapshot = () => Promise.reject(new Error("The camera is away"));
  await email.send(someAlert({ title: "Door\r\nBcc: eve@example.org", snapshot }), forever);
  const [mail] = await server.mails();
  assertEquals(mail?.to, ["anna@example.org"]);
  assertMatch(mail?.raw ?? "", /^Subject: Door Bcc: eve@example\.org\r$/m);
  assertStringIncludes(lines.join(), "The camera is away");
});

Deno.test("the configuration says what is wrong with an address", () => {
  const base: MailServerOptions & Record<string, unknown> = {
    type: "email",
    host: "m",
    from: "a@b.c",
    to: ["d@e.f"],
  };
  assert(emailSchema.safeParse(base).success);
  for (
    const wrong of [{ to: [] }, { to: ["anna"] }, { to: ["a@b.c\r\nBcc: x@y.z"] }, { from: "Hub" }, {
      ca: "no",
    }]
  ) {
    assert(!emailSchema.safeParse({ ...base, ...wrong }).success, JSON.stringify(wrong));
  }
});

Deno.test("a mail server that is not there is told with a reason, also where its name has several addresses [CHANNEL-EMAIL]", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  for (const host of ["127.0.0.1", "localhost"]) {
    const { message } = await failureOf(channel(port, { host }).email.send(someAlert(), forever));
    assertMatch(message, new RegExp(`^The mail server ${host}:${port} cannot be reached: \\w`));
  }
});
