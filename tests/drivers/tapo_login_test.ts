// What a Tapo camera's login may go through, and how often the hub knocks: never twice with a refused password.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { DeviceMemoryTable } from "../../src/store/device_memory_table.ts";
import { Database } from "../../src/store/database.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { TapoSession } from "../../src/protocols/tapo/session.ts";
import { HttpsTransport } from "../../src/protocols/tapo/transport.ts";
import { Secret } from "../../src/base/secret.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD } from "../emulators/rig/tapo_rig.ts";
import { TapoEmulator, type TapoOptions } from "../emulators/tapo/emulator.ts";
import { C210 } from "../emulators/tapo/models/index.ts";
import { FakeClock } from "../tools/fake_clock.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf, forever } from "./stage.ts";
import { Kept } from "./whole_camera.ts";

function start(options: Partial<TapoOptions> = {}): Promise<TapoEmulator> {
  return TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
    ...options,
  });
}

function loginOf({ host, port }: TapoEmulator, cloudPassword = CLOUD_PASSWORD): Record<string, unknown> {
  return { host, port, cloud_password: cloudPassword };
}

/** A memory on a disk, as the hub has it. */
async function withMemory(work: (memory: () => Promise<DeviceMemoryTable>) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "hub-memory-" });
  let database: Database | undefined;
  const openAgain = async () => {
    await database?.close();
    database = await Database.open(`${folder}/hub.sqlite`);
    return new DeviceMemoryTable(database, new FakeClock());
  };
  try {
    await work(openAgain);
  } finally {
    await database?.close();
    await Deno.remove(folder, { recursive: true });
  }
}

for (const login of ["v3", "v2"] as const) {
  Deno.test(`Tapo ${login}: a wrong password reaches the camera once, over reopenings and a restart`, () =>
    withMemory(async (memory) => {
      await using tapo = await start({ login });
      const posts = () => tapo.loginAttempts.posts;
      const clock = new FakeClock();
      let once = 0;
      {
        await using kept = new Kept(tapoDriver, loginOf(tapo, "wrong"), { clock, memory: await memory() });
        await kept.is("auth_required");
        assertMatch(kept.camera.status.reason ?? "", /does not accept the password/);
        assertEquals(kept.camera.status.nextTryAtMs, undefined);
        once = posts();
        for (let count = 0; count < 3; count++) {
          kept.camera.wake();
          await clock.advance(120_000);
          await kept.is("auth_required");
        }
        assertEquals(posts(), once);
      }
      {
        await using kept = new Kept(tapoDriver, loginOf(tapo, "wrong"), { clock, memory: await memory() });
        await kept.is("auth_required");
        assertMatch(kept.camera.status.reason ?? "", /not tried again since/);
        assertEquals(posts(), once);
        kept.camera.wake(true);
        await until(() => posts() === 2 * once, "the try of a person");
        await clock.advance(120_000);
        assertEquals(posts(), 2 * once);
      }
      {
        await using kept = new Kept(tapoDriver, loginOf(tapo), { clock, memory: await memory() });
        await kept.is("online");
      }
      assertEquals(tapo.loginAttempts.wrong, login === "v3" ? 0 : 2);
    }));
}

Deno.test("Tapo: with the picture's account alone the picture goes on, and a person may try the control once more", async () => {
  await using tapo = await start();
  await using kept = new Kept(tapoDriver, { ...loginOf(tapo, "wrong"), ...CAMERA_ACCOUNT });
  await kept.is("auth_required");
  assert(kept.device.capabilities.video, "the picture goes on");
  assertEquals([kept.device.capabilities.ptz, tapo.loginAttempts.posts], [undefined, 1]);
  await kept.clock.advance(600_000);
  kept.camera.wake();
  await kept.clock.advance(600_000);
  assertEquals(tapo.loginAttempts.posts, 1);
  kept.camera.wake(true);
  await until(() => tapo.loginAttempts.posts === 2, "the try of a person");
  await kept.is("auth_required");
  await kept.clock.advance(600_000);
  assertEquals(tapo.loginAttempts.posts, 2);
});

Deno.test("Tapo: a lockout is waited out, also over a restart, and nothing is sent inside it", () =>
  withMemory(async (memory) => {
    const clock = new FakeClock();
    await using tapo = await start({ now: () => clock.now() });
    const options = { ...loginOf(tapo), ...CAMERA_ACCOUNT };
    let endMs = 0;
    {
      await using kept = new Kept(tapoDriver, options, { clock, memory: await memory() });
      await kept.is("online");
      tapo.lockout.lock(1800);
      endMs = clock.now() + 1_800_000;
      tapo.expireSessions();
      const error = await failureOf(kept.device.capabilities.privacy!.read(forever));
      assertEquals([error.kind, error.retryAtMs], ["locked_out", endMs]);
      await kept.is("locked_out");
      assertEquals(kept.camera.status.nextTryAtMs, endMs);
      assert(kept.device.capabilities.video, "the picture goes on");
      tapo.received.clear();
      for (let count = 0; count < 3; count++) {
        assertEquals((await failureOf(kept.device.capabilities.led!.set(true, forever))).kind, "locked_out");
        await clock.advance(60_000);
      }
    }
    await using kept = new Kept(tapoDriver, options, { clock, memory: await memory() });
    await kept.is("locked_out");
    assert(kept.device.capabilities.video, "the picture goes on after a restart");
    assertEquals(kept.device.capabilities.ptz, undefined);
    await clock.advance(endMs - clock.now() - 5000);
    assertEquals([tapo.requestsWhileLocked, tapo.loginAttempts.posts], [0, 0]);
    await hasControl(kept);
    assertEquals(tapo.requestsWhileLocked, 0);
  }));

Deno.test("Tapo: a lockout under an open device ends by itself", async () => {
  const clock = new FakeClock();
  await using tapo = await start({ now: () => clock.now() });
  await using kept = new Kept(tapoDriver, { ...loginOf(tapo), ...CAMERA_ACCOUNT }, { clock });
  await kept.is("online");
  tapo.lockout.lock(600);
  tapo.expireSessions("http-500");
  await failureOf(kept.device.capabilities.led!.read(forever));
  await kept.is("locked_out");
  tapo.received.clear();
  await clock.advance(595_000);
  await kept.becomes("online", 30_000);
  assertEquals(tapo.requestsWhileLocked, 0);
  await until(() => kept.camera.device?.capabilities.led !== undefined, "control");
  assertEquals(await kept.device.capabilities.led?.read(forever), true);
});

for (const answer of ["code", "http-500"] as const) {
  Deno.test(`Tapo: a session that is stolen or expired (${answer}) costs one login, and what was asked is done`, async () => {
    await using tapo = await start();
    await using kept = new Kept(tapoDriver, loginOf(tapo));
    await kept.is("online");
    const { led, ptz } = kept.device.capabilities;
    for (const end of [() => tapo.stealSession(answer), () => tapo.expireSessions(answer)]) {
      tapo.received.clear();
      end();
      await ptz!.move({ pan: 0.1 }, { relative: true }, forever);
      assertEquals(await led!.read(forever), true);
      assertEquals([tapo.loginAttempts.posts, tapo.received.count("motorMove")], [2, 1]);
    }
    assertEquals(tapo.moves.length, 2);
    assertEquals(kept.camera.status.status, "online");
  });
}

Deno.test("Tapo: an account that is no root is told apart from a wrong password", async () => {
  await using tapo = await start();
  const { password, username } = CAMERA_ACCOUNT;
  const refusals: string[] = [];
  const transport = new HttpsTransport({
    host: tapo.host,
    port: tapo.port,
    pin: { read: () => Promise.resolve(undefined), write: () => Promise.resolve() },
  });
  const session = new TapoSession({
    transport,
    username,
    password: new Secret(password),
    guard: {
      begin: () => Promise.resolve(() => {}),
      refused: ({ message }) => Promise.resolve(void refusals.push(message)),
      lockedOut: () => Promise.resolve(),
      accepted: () => Promise.resolve(),
    },
  });
  const error = await failureOf(session.request("getLedStatus", { led: { name: ["config"] } }, forever));
  session.close();
  assertEquals(error.kind, "forbidden");
  assertMatch(error.hint ?? "", /TP-Link account.*camera account/);
  assertEquals(refusals, [error.message]);
  await until(() => tapo.connections === 0, "the end");
});

Deno.test("[TAPO-LOGINS] Tapo: firmware with the newest login only is unsupported, and says what to turn on", async () => {
  await using tapo = await start({ login: "tpap" });
  await using kept = new Kept(tapoDriver, { ...loginOf(tapo), ...CAMERA_ACCOUNT });
  await kept.is("unsupported");
  assertMatch(kept.camera.status.hint ?? "", /Third-Party Compatibility/);
  const { video, ptz } = kept.device.capabilities;
  assertEquals([video !== undefined, ptz, tapo.loginAttempts.digests], [true, undefined, 0]);
  await kept.clock.advance(60_000);
  assertEquals([kept.device.capabilities.video === video, kept.camera.status.status], [true, "unsupported"]);

  tapo.gateway.login = "v3";
  await kept.clock.advance(59_000);
  await hasControl(kept);
});

/** Moves the clock on, for half a minute at most, until the device has been opened with its control. */
async function hasControl({ camera, clock }: Kept): Promise<void> {
  for (let step = 0; step < 60 && !camera.device?.capabilities.ptz; step++) {
    await clock.advance(500);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  assertEquals([camera.status.status, camera.device?.capabilities.ptz !== undefined], ["online", true]);
}

for (const passwordForm of ["sha256", "md5"] as const) {
  Deno.test(`[TAPO-LOGINS] Tapo: the password is known by ${passwordForm}, and a nonce that ran out is asked for anew`, async () => {
    await using tapo = await start({ passwordForm });
    await using kept = new Kept(tapoDriver, loginOf(tapo));
    await kept.is("online");
    tapo.faults.add({ kind: "error-code", code: -40413, method: "login" });
    tapo.expireSessions();
    const error = await failureOf(kept.device.capabilities.led!.read(forever));
    assert(error.kind !== "unauthenticated", error.message);
    assertEquals(await kept.device.capabilities.led!.read(forever), true);
    assertEquals(kept.camera.status.status, "online");
  });
}
