// The card in a Tapo camera: the one that was meant, and a camera that sleeps while somebody means it.
import { assertEquals } from "@std/assert";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD } from "../emulators/rig/tapo_rig.ts";
import { TapoEmulator } from "../emulators/tapo/emulator.ts";
import { C210, H200, type TapoModel } from "../emulators/tapo/models/index.ts";
import { failureOf, forever, Opened, stage } from "./stage.ts";

function start(model: TapoModel): Promise<TapoEmulator> {
  return TapoEmulator.start({ model, cloudPassword: CLOUD_PASSWORD, cameraAccount: CAMERA_ACCOUNT });
}

Deno.test("Tapo: the card that was named is erased, and no other", async () => {
  await using tapo = await start(C210);
  const slots = tapo.device.storage!;
  slots.moreSlots = ["2"];
  const login = { host: tapo.host, port: tapo.port, cloud_password: CLOUD_PASSWORD };
  await using opened = await Opened.open(tapoDriver, login, stage());
  const storage = opened.can("storage");
  assertEquals((await storage.media(forever)).map(({ id }) => id), ["1", "2"]);
  await storage.format!("2", forever);
  assertEquals([slots.formattedSlots, slots.formats], [["2"], 0]);
});

Deno.test("Tapo: who wants to erase a card is told of it, though the camera sleeps", async () => {
  await using hub = await start(H200);
  const child = hub.device.children!.list[0]!;
  const login = { host: hub.host, port: hub.port, cloud_password: CLOUD_PASSWORD, child_id: child.id };
  await using opened = await Opened.open(tapoDriver, login, stage());
  const storage = opened.can("storage");
  [child.isAsleep, child.wakesAfter] = [true, 0];
  await new Promise((resolve) => setTimeout(resolve, 600));
  assertEquals((await failureOf(storage.media(forever))).details?.asleep, true);
  assertEquals((await storage.media(forever, { isCommand: true })).map(({ id }) => id), ["1"]);
});
