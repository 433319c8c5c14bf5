// Secrets must not show themselves, however somebody prints them; free text is blanked as a second net.
import { assertEquals, assertStringIncludes } from "@std/assert";
import { inspect } from "node:util";
import { Logger } from "../../../src/base/log.ts";
import { redact, redactText, Secret } from "../../../src/base/secret.ts";
import { ADDRESSES } from "./addresses.ts";

const VALUE = "hunter2-and-more";
const secret = new Secret(VALUE);

const WAYS: Record<string, () => string> = {
  "String()": () => String(secret),
  "template": () => `${secret}`,
  "concatenation": () => "" + secret,
  "array join": () => [secret, secret].join(),
  "JSON.stringify": () => JSON.stringify(secret),
  "JSON.stringify, nested": () => JSON.stringify({ a: [{ secret }] }),
  "Deno.inspect": () => Deno.inspect(secret),
  "Deno.inspect, nested and with hidden parts": () =>
    Deno.inspect({ a: [secret] }, { showHidden: true, depth: 9 }),
  "node:util inspect": () => inspect({ a: [secret] }, { showHidden: true, depth: 9 }),
  "an error's message": () => new Error(`wrong password ${secret}`).message,
  "a log line": () => logged({ password: secret }),
  "a log line, nested": () => logged({ options: { list: [secret] } }),
};
for (const [way, print] of Object.entries(WAYS)) {
  Deno.test(`Secret: ${way} shows [secret]`, () => {
    assertStringIncludes(print(), "[secret]");
    assertEquals(print().includes(VALUE), false);
  });
}

Deno.test("Secret: console.log shows [secret]", async () => {
  const module = new URL("../../../src/base/secret.ts", import.meta.url);
  const code = `import { Secret } from ${JSON.stringify(module)}; const s = new Secret("${VALUE}");` +
    'console.log(s, { s }, [s]); console.error("%s %o %j", s, s, s);';
  const process = new Deno.Command(Deno.execPath(), { args: ["eval", "--no-lock", code] });
  const { stdout, stderr, code: exit } = await process.output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assertEquals(exit, 0, text);
  assertStringIncludes(text, "[secret]");
  assertEquals(text.includes(VALUE), false, text);
});

Deno.test("Secret: has no enumerable or own field that holds the value; reveal() gives it out", () => {
  assertEquals(Reflect.ownKeys(secret), []);
  assertEquals(JSON.stringify({ ...secret }), "{}");
  assertEquals(secret.reveal(), VALUE);
});

function logged(fields: Record<string, unknown>): string {
  const lines: string[] = [];
  new Logger((line) => lines.push(line), "info").info("message", fields);
  return lines.join("\n");
}

const REDACTED: [string, string][] = [
  ["rtsp://user:pass@10.0.0.5:554/stream1", "rtsp://***@10.0.0.5:554/stream1"],
  ["rtsp://user:p@ss@10.0.0.5/stream1", "rtsp://***@10.0.0.5/stream1"],
  ["rtsp://user:p@@ss@10.0.0.5", "rtsp://***@10.0.0.5"],
  ["rtsp://user:p:ss@host", "rtsp://***@host"],
  ["rtsp://user@host/x", "rtsp://***@host/x"],
  ["rtsp://:pass@host/x", "rtsp://***@host/x"],
  ["HTTPS://User:Pass@Host/", "HTTPS://***@Host/"],
  ["rtsps+tcp://u:p@h", "rtsps+tcp://***@h"],
  ["[in#0 @ 0x55] Error opening rtsp://u:p@h/x: 401", "[in#0 @ 0x55] Error opening rtsp://***@h/x: 401"],
  ["rtsp://a:b@c/d and http://e:f@g/h", "rtsp://***@c/d and http://***@g/h"],
  ["'rtsp://u:p@h/x'", "'rtsp://***@h/x'"],
  ["http://h/?token=abc", "http://h/?token=***"],
  ["http://h/?a=1&TOKEN=abc&b=2", "http://h/?a=1&TOKEN=***&b=2"],
  [
    "/x?password=a%20b&passwd=c&pwd=d&key=e&secret=f&auth=g",
    "/x?password=***&passwd=***&pwd=***&key=***&secret=***&auth=***",
  ],
  ["http://h/?token=abc and more", "http://h/?token=*** and more"],
  ...ADDRESSES.map(([address, shown]): [string, string] => [
    `[in#0] Error opening '${address}': 401`,
    `[in#0] Error opening '${shown.replaceAll("[secret]", "***")}': 401`,
  ]),
];
for (const [text, expected] of REDACTED) {
  Deno.test(`redactText: blanks ${JSON.stringify(text)}`, () => assertEquals(redactText(text), expected));
}

const KEPT = [
  "rtsp://10.0.0.5:554/stream1",
  "http://host/path/@here",
  "mail admin@example.org",
  "/dev/v4l/by-id/usb-Acme_Cam-video-index0",
  "[video4linux2,v4l2 @ 0x55d17c707a00] ioctl(VIDIOC_STREAMON): No space left on device",
  "http://h/?tokens=3&monkey=4",
  "rtsp://10.0.0.5:554/user=admin_password=_channel=1_stream=0.sdp?real_stream",
  "rtsp://[fd12::5]:554/urn:camera:1/playback/2024-01-01T12:30:00Z",
  "",
];
for (const text of KEPT) {
  Deno.test(`redactText: leaves ${JSON.stringify(text)} alone`, () => assertEquals(redactText(text), text));
}

Deno.test("redactText: blanking twice changes nothing more", () => {
  for (const [text] of REDACTED) assertEquals(redactText(redactText(text)), redactText(text));
});

Deno.test("redact: blanks fields by their names and addresses in texts, however deep, and copies", () => {
  const given = {
    password: "hunter2",
    cloud_password: "hunter2",
    nested: [{ api_key: "hunter2", token: new Secret("hunter2"), name: "Door" }],
    url: "rtsp://ann:hunter2@10.0.0.1/stream?pwd=hunter2",
    shown: "rtsp://[secret]@10.0.0.1/stream?pwd=[secret]",
    image_base64: "aGVsbG8/pw==",
    empty: { password: "", secret: undefined },
    count: 3,
    tokens: 7,
  };
  assertEquals(redact(given) as unknown, {
    ...given,
    password: "[secret]",
    cloud_password: "[secret]",
    nested: [{ api_key: "[secret]", token: "[secret]", name: "Door" }],
    url: "rtsp://[secret]@10.0.0.1/stream?pwd=[secret]",
  });
  assertEquals(given.nested[0]?.name, "Door");
  assertEquals(given.password, "hunter2");
});

Deno.test("redact: blanks whatever stands below a secret's name, however it is written", () => {
  const token = `tapocam_${"a".repeat(43)}`;
  const given = {
    password: 12345678,
    credentials: { user: "ann", pass: "hunter2", list: [1, { deep: true }], none: null, empty: "" },
    cloudPassword: "hunter2",
    wifi_psk: "hunter2",
    authorization: "Bearer hunter2",
    password2: "hunter2",
    pin: 1234,
    passwords: ["hunter2", 5],
    note: `made with ${token}`,
    passing: "by",
    pinned: true,
    spin: 3,
    password_form: "md5",
    passwordForm: "md5",
  };
  assertEquals(redact(given) as unknown, {
    ...given,
    password: "[secret]",
    credentials: {
      user: "[secret]",
      pass: "[secret]",
      list: ["[secret]", { deep: "[secret]" }],
      none: null,
      empty: "",
    },
    cloudPassword: "[secret]",
    wifi_psk: "[secret]",
    authorization: "[secret]",
    password2: "[secret]",
    pin: "[secret]",
    passwords: ["[secret]", "[secret]"],
    note: "made with tapocam_[secret]",
  });
});

Deno.test("redact: a schema may tell of a password, but not what it is", () => {
  const schema = { properties: { password: { type: "string", description: "Its password" } } };
  assertEquals(redact(schema), schema);
  const options = { properties: { password: { value: 1 }, pin: 1234 } };
  assertEquals(redact(options) as unknown, {
    properties: { password: { value: "[secret]" }, pin: "[secret]" },
  });
});
