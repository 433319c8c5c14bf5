// The view: what a picture that follows the camera would show.
import { assert, assertEquals } from "@std/assert";
import { TapoEmulator } from "./emulator.ts";
import { C520WS } from "./models/index.ts";
import type { View } from "./view.ts";

async function start(): Promise<TapoEmulator> {
  const cameraAccount = { username: "u", password: "p" };
  return await TapoEmulator.start({ model: C520WS, cloudPassword: "c", cameraAccount });
}

Deno.test("a listener hears of turns, of the cover, of the flip and of the night", async () => {
  await using camera = await start();
  const seen: View[] = [];
  camera.device.motor!.speedDegreesPerS = Infinity;
  const stop = camera.onViewChange((view) => seen.push(view));
  camera.device.motor!.moveBy(15, -5);
  camera.device.settings.put("image", "switch", { flip_type: "center" });
  camera.isDark = true;
  camera.device.settings.put("image", "switch", { night_vision_mode: "wtl_night_vision" });
  camera.device.settings.put("lens_mask", "lens_mask_info", { enabled: "on" });
  stop();
  camera.isDark = false;
  const turned = { panDegrees: 15, tiltDegrees: -5, zoom: 1, privacy: false, flip: false, night: false };
  assertEquals(seen, [
    turned,
    { ...turned, flip: true },
    { ...turned, flip: true, night: true },
    { ...turned, flip: true },
    { ...turned, flip: true, privacy: true },
  ]);
  assertEquals(camera.view, { ...turned, flip: true, privacy: true });
});

Deno.test("while the camera turns the listener is told again and again, until it stands", async () => {
  await using camera = await start();
  camera.device.motor!.speedDegreesPerS = 200;
  const pans: number[] = [];
  const there = Promise.withResolvers<void>();
  camera.onViewChange(({ panDegrees }) => {
    pans.push(panDegrees);
    if (panDegrees === 60) there.resolve();
  });
  camera.device.motor!.moveBy(60, 0);
  await there.promise;
  assert(pans.length > 2, `it was told ${pans.length} times`);
  assert(pans.every((pan, at) => at === 0 || pan >= pans[at - 1]!));
});
