// What the hub's ONVIF client makes of refusals: of the account as a whole, or of a command alone.
import { assertEquals, assertRejects } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { Secret } from "../../../src/base/secret.ts";
import type { OnvifDevice } from "../../../src/protocols/onvif/device.ts";
import { connect, forever } from "./client.ts";
import { OnvifEmulator } from "./emulator.ts";
import type { OnvifEmulatorOptions } from "./model.ts";

interface Clicks {
  camera: OnvifEmulator;
  device: OnvifDevice;
  /** Moves, and returns the kind of the refusal. */
  click(signal?: AbortSignal): Promise<string>;
  /** Refusals that were told. */
  told: HubError[];
  count(operation: string): number;
}

async function clicking(options: OnvifEmulatorOptions, body: (clicks: Clicks) => Promise<void>) {
  await using camera = OnvifEmulator.start(options);
  const told: HubError[] = [];
  using device = await connect(camera, {
    onRefused: (error) => {
      told.push(error);
      return Promise.resolve(error);
    },
  });
  const [profile] = await device.profiles(forever);
  const ptz = (await device.ptz(profile!, forever))!;
  const click = async (signal = forever) => {
    try {
      await ptz.relativeMove({ pan: 0.1 }, {}, signal);
      return "moved";
    } catch (error) {
      return error instanceof HubError ? error.kind : "aborted";
    }
  };
  const count = (operation: string) => camera.calls.filter((call) => call === operation).length;
  await body({ camera, device, click, told, count });
}

Deno.test("a password that was changed is found out by the second click, and told; no third try", () =>
  clicking({}, async ({ camera, click, told, count }) => {
    camera.setPassword("changed");
    assertEquals([await click(), camera.authFailures, told.length], ["unauthenticated", 1, 0]);
    for (let time = 0; time < 5; time++) assertEquals(await click(), "unauthenticated");
    assertEquals([camera.authFailures, count("RelativeMove"), told.length], [2, 1, 1]);
    assertEquals([told[0]?.kind, told[0]?.retryAtMs], ["unauthenticated", Infinity]);
  }));

Deno.test("several clicks at once after a refusal wait for one question", () =>
  clicking({}, async ({ camera, click, told }) => {
    camera.setPassword("changed");
    await click();
    const leaving = new AbortController();
    const clicks = [click(leaving.signal), click(), click(), click()];
    leaving.abort();
    assertEquals(await Promise.all(clicks), [
      "aborted",
      "unauthenticated",
      "unauthenticated",
      "unauthenticated",
    ]);
    assertEquals([camera.authFailures, told.length], [2, 1]);
  }));

Deno.test("an account that may look but not move is asked between two moves, and stays good", () =>
  clicking({ forbids: ["RelativeMove"] }, async ({ camera, device, click, told, count }) => {
    const asked = count("GetDeviceInformation");
    for (let time = 0; time < 3; time++) assertEquals(await click(), "unauthenticated");
    assertEquals([count("RelativeMove"), count("GetDeviceInformation") - asked], [3, 2]);
    assertEquals((await device.profiles(forever)).length, 2);
    assertEquals([camera.authFailures, told], [0, []]);
  }));

Deno.test("a camera that cannot be asked after a refusal is sent no move", () =>
  clicking({}, async ({ camera, click, told, count }) => {
    camera.setPassword("changed");
    await click();
    camera.setPassword("secret");
    camera.fail("hang_up", { operation: "GetDeviceInformation", times: 1 });
    assertEquals([await click(), count("RelativeMove"), told.length], ["unavailable", 1, 0]);
    assertEquals([await click(), await click(), camera.moves.length], ["moved", "moved", 2]);
  }));

Deno.test("a locked account is told at once, in answer to a move too", () =>
  clicking({ lockAfter: 1 }, async ({ camera, device, click, told, count }) => {
    await assertRejects(() => connect(camera, { username: "stranger" }), HubError);
    const asked = camera.calls.length;
    assertEquals([await click(), told.map(({ kind }) => kind)], ["locked_out", ["locked_out"]]);
    assertEquals((await assertRejects(() => device.profiles(forever), HubError)).kind, "locked_out");
    assertEquals([await click(), count("RelativeMove"), told.length], ["locked_out", 1, 1]);
    assertEquals(camera.calls.slice(asked).filter((call) => call !== "GetSystemDateAndTime").length, 1);
  }));

Deno.test("a camera that takes signature and HTTP digest is sent a wrong password once", async () => {
  await using camera = OnvifEmulator.start({ authentication: "either" });
  const wrong = { password: new Secret("wrong") };
  assertEquals((await assertRejects(() => connect(camera, wrong), HubError)).kind, "unauthenticated");
  assertEquals([camera.authFailures, camera.calls.at(-1)], [1, "GetSystemDateAndTime"]);
  using device = await connect(camera);
  assertEquals((await device.profiles(forever)).length, 2);
  camera.setPassword("changed");
  await assertRejects(() => device.profiles(forever), HubError);
  assertEquals(camera.authFailures, 2);
});

Deno.test("a camera that says no more than 401 after a password was changed is sent the old one once", () =>
  clicking({ authentication: "either", isTerse: true }, async ({ camera, device, click, told }) => {
    assertEquals(await click(), "moved");
    camera.setPassword("changed");
    await assertRejects(() => device.profiles(forever), HubError);
    assertEquals([camera.authFailures, told.length], [1, 1]);
  }));

for (const explainsChallenge of [false, true]) {
  const how = explainsChallenge ? "with the fault of a wrong password" : "with a page";
  Deno.test(`a camera that wants HTTP digest alone, and says so ${how}, is sent no signature at all`, async () => {
    const options = { authentication: "digest", countsSignatures: true, explainsChallenge } as const;
    await using camera = OnvifEmulator.start(options);
    using device = await connect(camera);
    const [profile] = await device.profiles(forever);
    const ptz = await device.ptz(profile!, forever);
    await ptz!.relativeMove({ pan: 0.5 }, {}, forever);
    assertEquals([camera.authFailures, camera.position.pan], [0, 0.5]);
    camera.setPassword("changed");
    await assertRejects(() => ptz!.status(forever), HubError);
    assertEquals(camera.authFailures, 1);
  });
}

Deno.test("a camera that wants signatures is asked without one until it refuses that, and a wrong one is sent once", async () => {
  await using camera = OnvifEmulator.start();
  const wrong = { password: new Secret("wrong") };
  assertEquals((await assertRejects(() => connect(camera, wrong), HubError)).kind, "unauthenticated");
  assertEquals(camera.authFailures, 1);
  using device = await connect(camera);
  const asked = camera.calls.length;
  await device.profiles(forever);
  await device.profiles(forever);
  assertEquals([camera.calls.length - asked, camera.authFailures], [2, 1]);
});

Deno.test("a camera that is open to everybody is never given the account", async () => {
  await using camera = OnvifEmulator.start({ authentication: "none" });
  using device = await connect(camera, { password: new Secret("wrong") });
  assertEquals((await device.profiles(forever)).length, 2);
  assertEquals(camera.authFailures, 0);
});

const LOGINS: [string, OnvifEmulatorOptions, string[]][] = [
  ["that tells its clock to everybody", {}, ["GetSystemDateAndTime"]],
  ["that wants HTTP digest", { authentication: "digest" }, ["GetSystemDateAndTime"]],
  ["that tells its clock to accounts only", { guardsClock: true }, ["GetSystemDateAndTime"]],
  ["that challenges whoever asks for its clock", { guardsClock: true, authentication: "digest" }, [
    "GetSystemDateAndTime",
  ]],
];
for (const [name, options, before] of LOGINS) {
  Deno.test(`beforeLogin: a camera ${name} is sent nothing with the account before`, async () => {
    await using camera = OnvifEmulator.start(options);
    let turns = 0;
    const beforeLogin = async () => {
      turns++;
      assertEquals([...camera.calls], before);
      // A login that was sent would count by now.
      await new Promise((resolve) => setTimeout(resolve, 5));
      assertEquals([...camera.calls, camera.authFailures], [...before, 0]);
    };
    using device = await connect(camera, { beforeLogin });
    assertEquals([(await device.profiles(forever)).length, turns], [2, 1]);
    const wrong = { password: new Secret("wrong"), beforeLogin: () => Promise.reject(new Error("not now")) };
    assertEquals((await assertRejects(() => connect(camera, wrong), Error)).message, "not now");
    assertEquals(camera.authFailures, 0);
  });
}

Deno.test("beforeLogin: a port where nothing answers is never waited for by other logins", async () => {
  await using camera = OnvifEmulator.start();
  let turns = 0;
  const beforeLogin = () => Promise.resolve(void turns++);
  camera.fail("stall");
  await assertRejects(() => connect(camera, { beforeLogin, timeoutMs: 100 }), HubError);
  await camera.offline();
  await assertRejects(() => connect(camera, { beforeLogin }), HubError);
  assertEquals(turns, 0);
});
