// Options of cameras with secrets in them: shown blanked, changed without being sent again, taken away, checked.
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { z } from "zod";
import { HubError } from "../../../src/base/errors.ts";
import { SHOWN_SECRET } from "../../../src/base/address_secrets.ts";
import {
  carryOver,
  checkId,
  checkOptions,
  fixedByFile,
  mergeOptions,
  shownOptions,
} from "../../../src/devices/camera_input.ts";
import type { Driver } from "../../../src/devices/driver.ts";
import { toyDriver } from "../tools/devices.ts";

const options = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65535).default(80),
  password: z.string().max(10).optional(),
});
const driver: Driver = toyDriver({ options, secrets: ["password"] }).driver;

Deno.test("shownOptions: secrets are blanked, whatever they are; all else is shown", () => {
  const shown = (given: Record<string, unknown>) => shownOptions(driver, given);
  assertEquals(shown({ host: "h", port: 1, password: "hunter2" }), {
    host: "h",
    port: 1,
    password: SHOWN_SECRET,
  });
  for (const password of ["", 5, ["hunter2"], { a: "hunter2" }, null]) {
    assertEquals(shown({ password }), { password: "[secret]" });
  }
  assertEquals(shown({ host: "h" }), { host: "h" });
  const plain = toyDriver().driver;
  assertEquals(shownOptions(plain, { password: "x" }), { password: "x" });
});

Deno.test("mergeOptions: [secret] means as it is, null takes the secret away, any other text replaces it", () => {
  const now = { host: "h", password: "hunter2" };
  const cases: [Record<string, unknown>, Record<string, unknown>][] = [
    [{ password: "[secret]" }, now],
    [{ host: "i", password: "[secret]" }, { host: "i", password: "hunter2" }],
    [{ password: null }, { host: "h" }],
    [{ password: "" }, { host: "h", password: "" }],
    [{ password: "new" }, { host: "h", password: "new" }],
    [{ password: "[secret] " }, { host: "h", password: "[secret] " }],
    [{}, now],
  ];
  for (const [change, expected] of cases) assertEquals(mergeOptions(now, change), expected);
  assertEquals(mergeOptions({ host: "h" }, { password: "[secret]" }), { host: "h" });
});

Deno.test("mergeOptions: what was shown, given back unchanged, changes nothing", () => {
  const now = { host: "h", port: 1, password: "hunter2" };
  assertEquals(mergeOptions(now, shownOptions(driver, now)), now);
});

const addressed: Driver = {
  ...driver,
  addresses: ["url", "sub_url"],
  addressOf: ({ url }) => URL.parse(String(url))?.hostname,
};

Deno.test("[SECRETS] a password in an address is not shown, and stays when the address is given back so", () => {
  const now = { url: "http://h/a?pwd=hunter2", sub_url: "http://h/b?pwd=hunter3", password: "hunter4" };
  const shown = shownOptions(addressed, now);
  assertEquals(shown, {
    url: "http://h/a?pwd=[secret]",
    sub_url: "http://h/b?pwd=[secret]",
    password: "[secret]",
  });
  assertEquals(carryOver(addressed, now, shown), now);
  assertEquals(carryOver(addressed, now, { url: "http://h:81/c?x=1&pwd=[secret]" }), {
    ...now,
    url: "http://h:81/c?x=1&pwd=hunter2",
  });
  assertEquals(carryOver(addressed, now, { sub_url: null }), { url: now.url, password: "hunter4" });
});

Deno.test("[SECRETS] a password in an address goes to no other host, nor does one beside it", () => {
  const now = { url: "http://h/a?pwd=hunter2", sub_url: "http://h/b" };
  const paths = (options: Record<string, unknown>, change: Record<string, unknown>) => {
    const error = assertThrows(() => carryOver(addressed, options, change), HubError);
    assert(!JSON.stringify([error.message, error.details]).includes("hunter"));
    return (error.details?.problems as { path: string }[]).map(({ path }) => path);
  };
  assertEquals(paths(now, { url: "http://evil/a?pwd=[secret]" }), ["options.url"]);
  assertEquals(paths(now, { sub_url: "http://h/b?pwd=[secret]" }), ["options.sub_url"]);
  assertEquals(paths({}, { url: "http://h/a?pwd=[secret]" }), ["options.url"]);
  assertEquals(paths({ ...now, password: "hunter4" }, { sub_url: "http://evil/b" }), ["options.password"]);
  const moved = { url: "http://other/a?pwd=new" };
  assertEquals(carryOver(addressed, now, moved), { ...now, ...moved });
});

Deno.test("checkOptions: fills in defaults and brings options to their usual form first", () => {
  assertEquals(checkOptions(driver, { host: "h" }), { host: "h", port: 80 });
  const tidy = {
    ...driver,
    normalise: ({ address, ...rest }: Record<string, unknown>) => ({ ...rest, host: address }),
  };
  assertEquals(checkOptions(tidy, { address: "h", port: 5 }), { host: "h", port: 5 });
});

Deno.test("checkOptions: tells every problem with its place and what may have been meant, and no secret", () => {
  const error = assertThrows(
    () => checkOptions(driver, { hots: "hunter2", port: 70_000, password: "hunter2hunter2" }),
    HubError,
  );
  assertEquals(error.kind, "invalid_input");
  const problems = error.details?.problems as { path: string; suggestion?: string }[];
  assertEquals(problems.map(({ path }) => path).sort(), [
    "options.host",
    "options.hots",
    "options.password",
    "options.port",
  ]);
  assertEquals(problems.find(({ path }) => path === "options.hots")?.suggestion, "host");
  assert(!JSON.stringify([error.message, error.hint, error.details]).includes("hunter2"));
});

Deno.test("checkOptions: an error of bringing them to their form is told as it is", () => {
  const refusing = {
    ...driver,
    normalise: () => {
      throw new HubError("invalid_input", "no address");
    },
  };
  assertEquals(assertThrows(() => checkOptions(refusing, {}), HubError).message, "no address");
});

Deno.test("checkId: an id is kept, anything else refused at its place", () => {
  assertEquals(checkId("front-door-2"), "front-door-2");
  for (const id of ["", "Front", "a b", "-a", "../x", "ü", "a".repeat(65)]) {
    const error = assertThrows(() => checkId(id), HubError);
    assertEquals(error.kind, "invalid_input");
    assertEquals((error.details?.problems as { path: string }[])[0]?.path, "id");
  }
});

Deno.test("fixedByFile: names the camera and the way out", () => {
  const error = fixedByFile("front", "removed");
  assertEquals([error.kind, error.details?.camera_id], ["conflict", "front"]);
  assertStringIncludes(error.message, '"front"');
  assertStringIncludes(error.hint ?? "", "reload");
});
