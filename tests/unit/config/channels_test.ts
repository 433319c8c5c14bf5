// What is wrong with the sections of channels is told without the secrets in them.
import { assert, assertRejects, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { ConfigError, parseConfig } from "../../../src/config/load.ts";

const TYPES = [{ id: "testpattern", options: z.object({}) }];

Deno.test("mqtt: mistakes are told by their place, without address accounts or passwords [CHANNEL-SECRETS]", async () => {
  const cases: readonly [string, string][] = [
    ["mqtt: {url: 'mqtt://anna:hidden-1@broker'}", "mqtt.url: Give the account as username and password"],
    ["mqtt: {url: 'http://anna:hidden-2@broker'}", "mqtt.url: Expected mqtt://HOST:PORT"],
    ["mqtt: {url: 'mqtt://broker', password: [hidden-3]}", "mqtt.password"],
    ["mqtt: {url: 'mqtt://broker', pasword: hidden-4}", 'did you mean "password"'],
    ["mqtt: {url: 'mqtt://broker', ca: hidden-5}", "mqtt.ca: Expected a certificate in PEM form"],
    ["mqtt: {prefix: 'a/#'}", "mqtt.prefix: Expected letters"],
  ];
  for (const [text, told] of cases) {
    const error = await assertRejects(
      async () => await Promise.resolve(parseConfig(text, TYPES, {})),
      ConfigError,
    );
    assertStringIncludes(error.message, told);
    const shown = Deno.inspect([error, error.problems, error.details], { depth: 9 });
    assert(!/hidden-\d/.test(shown), shown);
  }
});
