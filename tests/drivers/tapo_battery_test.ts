// A Tapo camera on batteries without a hub: the hub looks once, and wakes it again only when somebody wants something.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { VolatileMemory } from "../../src/devices/memory.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD } from "../emulators/rig/tapo_rig.ts";
import { TapoEmulator } from "../emulators/tapo/emulator.ts";
import { C460 } from "../emulators/tapo/models/index.ts";
import { FakeClock } from "../tools/fake_clock.ts";
import { until } from "../unit/tools/processes.ts";
import { failureOf, forever } from "./stage.ts";
import { Kept } from "./whole_camera.ts";

const MINUTE_MS = 60_000;

async function withBattery(work: (kept: Kept, tapo: TapoEmulator) => Promise<void>): Promise<void> {
  await using tapo = await TapoEmulator.start({
    model: C460,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  const login = { host: tapo.host, port: tapo.port, cloud_password: CLOUD_PASSWORD, ...CAMERA_ACCOUNT };
  await using kept = new Kept(tapoDriver, login);
  await kept.is("online");
  await work(kept, tapo);
}

/** How often anything reached the camera: requests, and connections that asked nothing. */
const knocks = (tapo: TapoEmulator) => tapo.log.length + tapo.brokenConnections;

/** What a page shows, as often as it is refreshed. */
function look({ device }: Kept): Promise<unknown[]> {
  const { settings, privacy, led, motion, storage, power } = device.capabilities;
  return Promise.all([
    settings!.list(forever),
    privacy!.read(forever),
    led!.read(forever),
    motion!.read(forever),
    storage!.media(forever),
    power!.read(forever),
  ]);
}

Deno.test("[TAPO-BATTERY] Tapo: a camera on batteries is not woken by polling, nor by a page that is open", () =>
  withBattery(async (kept, tapo) => {
    assertEquals(kept.device.capabilities.observations, undefined);
    assertEquals(kept.device.capabilities.video, undefined);
    assertMatch(kept.device.notices?.join() ?? "", /battery/);
    await kept.clock.advance(MINUTE_MS);
    const before = knocks(tapo);
    const [settings] = await look(kept) as [unknown[]];
    assert(settings.length > 5, "what was heard when it was opened is shown");
    for (let minute = 0; minute < 30; minute++) {
      await kept.clock.advance(MINUTE_MS);
      await look(kept);
    }
    assertEquals([knocks(tapo), kept.camera.status.status], [before, "online"]);
  }));

Deno.test("[TAPO-BATTERY] Tapo: what a person wants wakes it, and what it then says is shown afterwards", () =>
  withBattery(async (kept, tapo) => {
    const { led, privacy, power, storage } = kept.device.capabilities;
    assertEquals(await power!.read(forever), { asleep: false, batteryPercent: 84, charging: false });
    await kept.clock.advance(MINUTE_MS);
    assertEquals(await power!.read(forever), { batteryPercent: 84, charging: false });
    assertEquals(await led!.set(false, forever), false);
    assertEquals((await power!.read(forever)).asleep, false);
    await kept.clock.advance(MINUTE_MS);
    tapo.device.settings.put("lens_mask", "lens_mask_info", { enabled: "on" });
    assertEquals([await led!.read(forever), await privacy!.read(forever)], [false, false]);
    assertEquals(await storage!.recordings!("2026-03-14", forever), []);
    assertEquals(await privacy!.read(forever), true);
  }));

Deno.test("Tapo: what went wrong for a moment does not stand in for what a camera on batteries said before", () =>
  withBattery(async (kept, tapo) => {
    const { led } = kept.device.capabilities;
    const wakeAndRead = async (code: number): Promise<unknown> => {
      assertEquals(await led!.set(false, forever), false);
      tapo.faults.next = { kind: "error-code", code, method: "getLedStatus" };
      assertEquals((await failureOf(led!.read(forever))).details?.tapo_code, code, "while it is awake");
      await kept.clock.advance(MINUTE_MS);
      return await led!.read(forever).catch(({ kind }) => kind);
    };
    assertEquals(await wakeAndRead(-40109), false);
    assertEquals(await wakeAndRead(-40106), "unsupported");
    assertEquals(await wakeAndRead(-40109), false, "it was read anew when it was set");
  }));

Deno.test("Tapo: a camera on batteries that is away stays as it is, and says so when something is wanted", () =>
  withBattery(async (kept, tapo) => {
    await kept.clock.advance(MINUTE_MS);
    await tapo.offline();
    await kept.clock.advance(10 * MINUTE_MS);
    assertEquals(kept.camera.status.status, "online");
    assertEquals((await failureOf(kept.device.capabilities.led!.set(false, forever))).kind, "unavailable");
    await tapo.online();
    assertEquals(await kept.device.capabilities.led!.set(false, forever), false);
  }));

Deno.test("Tapo: a camera that is known to run on a battery is knocked at once in ten minutes", async () => {
  const [memory, clock] = [new VolatileMemory(), new FakeClock()];
  await using tapo = await TapoEmulator.start({
    model: C460,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  const login = { host: tapo.host, port: tapo.port, cloud_password: CLOUD_PASSWORD };
  {
    await using kept = new Kept(tapoDriver, login, { memory, clock });
    await kept.is("online");
  }
  await tapo.offline();
  await using again = new Kept(tapoDriver, login, { memory, clock });
  await again.is("offline");
  assertMatch(again.camera.status.reason ?? "", /battery/);
  await tapo.online();
  const before = knocks(tapo);
  for (let minute = 0; minute < 9; minute++) await clock.advance(MINUTE_MS);
  assertEquals([knocks(tapo), again.camera.status.status], [before, "offline"]);
  again.camera.wake(true);
  await again.is("online");
  await until(() => knocks(tapo) > before, "the person's try");
});
