// Presets of Tapo cameras whose firmware is odd about names: nothing is lost where nothing was saved.
import { assertEquals, assertMatch } from "@std/assert";
import type { Presets } from "../../src/devices/capabilities.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD } from "../emulators/rig/tapo_rig.ts";
import { TapoEmulator } from "../emulators/tapo/emulator.ts";
import { C210 } from "../emulators/tapo/models/index.ts";
import { failureOf, forever, Opened, stage } from "./stage.ts";

async function withPresets(work: (presets: Presets, tapo: TapoEmulator) => Promise<void>): Promise<void> {
  await using tapo = await TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  const login = { host: tapo.host, port: tapo.port, cloud_password: CLOUD_PASSWORD };
  await using opened = await Opened.open(tapoDriver, login, stage());
  await work(opened.can("presets"), tapo);
}

const listed = (tapo: TapoEmulator) => tapo.device.presets!.list.map(({ id, name }) => `${id} ${name}`);

Deno.test("Tapo: a preset is not removed when the camera took the new one's name and changed nothing", () =>
  withPresets(async (presets, tapo) => {
    await presets.save("Door", undefined, forever);
    const yard = await presets.save("Yard", undefined, forever);
    tapo.device.presets!.knownNames = "ignored";
    const replaced = await failureOf(presets.save("Door", yard.id, forever));
    assertEquals([replaced.kind, listed(tapo)], ["device_rejected", ["1 Door", "2 Yard"]]);
    assertMatch(replaced.hint ?? "", /another name/);
    assertEquals((await failureOf(presets.save("Door", undefined, forever))).kind, "device_rejected");
    assertEquals(tapo.received.count("deletePreset"), 0);
  }));

Deno.test("Tapo: a preset that the camera itself overwrites stays", () =>
  withPresets(async (presets, tapo) => {
    const door = await presets.save("Door", undefined, forever);
    tapo.device.presets!.knownNames = "overwritten";
    tapo.device.motor?.place({ panDegrees: 90, tiltDegrees: 0 });
    assertEquals((await presets.save("Door", door.id, forever)).id, door.id);
    assertEquals([listed(tapo), tapo.device.presets!.list[0]?.panDegrees], [["1 Door"], 90]);
    tapo.device.motor?.place({ panDegrees: -90, tiltDegrees: 0 });
    assertEquals((await presets.save("Door", undefined, forever)).id, door.id);
  }));

Deno.test("Tapo: a preset is not given up for a new one that may not come: without room it is told what to do", () =>
  withPresets(async (presets, tapo) => {
    for (let count = 1; count <= 8; count++) await presets.save(`P${count}`, undefined, forever);
    const before = listed(tapo);
    const full = await failureOf(presets.save("New", "3", forever));
    assertEquals([full.kind, listed(tapo)], ["conflict", before]);
    assertMatch(full.hint ?? "", /"P3" itself/);
  }));

Deno.test("Tapo: a preset that is saved while the camera still turns is saved where it comes to rest", async () => {
  await using tapo = await TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  const login = { host: tapo.host, port: tapo.port, cloud_password: CLOUD_PASSWORD };
  await using opened = await Opened.open(tapoDriver, login, stage());
  await opened.can("ptz").move({ pan: 0.5 }, { relative: true }, forever);
  await opened.can("presets").save("Window", undefined, forever);
  assertEquals([listed(tapo), tapo.device.presets!.list[0]?.panDegrees], [["1 Window"], 90]);
  assertEquals(tapo.received.count("addMotorPostion") > 1, true, "it was refused while the camera turned");
});
