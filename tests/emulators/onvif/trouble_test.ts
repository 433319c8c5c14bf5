// The hub's ONVIF client against an emulated camera that misbehaves, falls silent or goes away.
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { HubError, isAbort } from "../../../src/base/errors.ts";
import { connectOnvif } from "../../../src/protocols/onvif/device.ts";
import { connect, forever, until } from "./client.ts";
import { OnvifEmulator } from "./emulator.ts";
import type { Fault } from "./replies.ts";

async function failure(action: () => Promise<unknown>): Promise<HubError> {
  return await assertRejects(action, HubError);
}

const FAULTS: readonly (readonly [Fault, string, RegExp])[] = [
  ["reset", "unavailable", /broke the connection off/],
  ["hang_up", "unavailable", /broke the connection off/],
  ["error500", "unavailable", /no ONVIF \(HTTP 500\)/],
  ["garbage", "unavailable", /no ONVIF \(HTTP 200\)/],
  ["redirect", "unavailable", /no ONVIF \(HTTP 302\)/],
  ["endless", "device_rejected", /larger than/],
];
for (const [fault, kind, message] of FAULTS) {
  Deno.test(`a camera that answers with "${fault}" is told as ${kind}, and works again afterwards`, async () => {
    await using camera = OnvifEmulator.start();
    using device = await connect(camera);
    camera.fail(fault, { times: 1 });
    const error = await failure(() => device.profiles(forever));
    assertEquals([error.kind, error.details?.unreachable], [kind, undefined]);
    assertMatch(error.message, message);
    assertEquals((await device.profiles(forever)).length, 2);
    await until(() => camera.connections === 0, "the connections to end");
  });
}

Deno.test("a camera that falls silent is unreachable after the deadline", async () => {
  await using camera = OnvifEmulator.start();
  camera.fail("stall");
  const error = await failure(() => connect(camera, { timeoutMs: 100 }));
  assertEquals([error.kind, error.details, error.retryable], ["unavailable", { unreachable: true }, true]);
  await until(() => camera.connections === 0, "the client to hang up");
});

Deno.test("a camera that is switched off is unreachable, and comes back", async () => {
  await using camera = OnvifEmulator.start();
  using device = await connect(camera);
  await camera.offline();
  const error = await failure(() => device.profiles(forever));
  assertEquals([error.kind, error.details], ["unavailable", { unreachable: true }]);
  camera.online();
  assertEquals((await device.profiles(forever)).length, 2);
});

Deno.test("abort ends a call at once, and hangs up", async () => {
  await using camera = OnvifEmulator.start();
  using device = await connect(camera);
  camera.fail("stall");
  const controller = new AbortController();
  const call = device.profiles(controller.signal);
  await until(() => camera.calls.at(-1) === "GetProfiles", "the call");
  controller.abort();
  assert(isAbort(await assertRejects(() => call, DOMException)));
  await until(() => camera.connections === 0, "the client to hang up");
});

Deno.test("close breaks off what is under way; later calls fail", async () => {
  await using camera = OnvifEmulator.start();
  const device = await connect(camera);
  camera.fail("stall");
  const call = device.profiles(forever);
  await until(() => camera.calls.at(-1) === "GetProfiles", "the call");
  device.close();
  device.close();
  assertEquals((await failure(() => call)).kind, "unavailable");
  assertEquals((await failure(() => device.profiles(forever))).kind, "unavailable");
});

Deno.test("connectOnvif refuses what is no address", async () => {
  for (
    const [host, port] of [["", 80], ["a b", 80], ["a/b", 80], ["me@there", 80], ["camera", 99_999]] as const
  ) {
    const error = await failure(() => connectOnvif({ host, port, signal: forever }));
    assertEquals([host, error.kind], [host, "invalid_input"]);
  }
});

Deno.test("many calls at once are all signed anew", async () => {
  await using camera = OnvifEmulator.start();
  using device = await connect(camera);
  const all = await Promise.all(Array.from({ length: 20 }, () => device.profiles(forever)));
  assert(all.every((profiles) => profiles.length === 2));
  assertEquals([camera.replays, camera.authFailures], [0, 0]);
});
