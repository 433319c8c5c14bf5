// The test program of the VM guest: drives the built hub against a real uvcvideo webcam and the vivid driver.
import { damaged } from "./damage_checks.ts";
import { plug } from "./guest.ts";
import { HubProcess } from "./hub_process.ts";
import { controls, foundByItself, passthrough } from "./picture_checks.ts";
import { note, Tap } from "./tap.ts";
import { busy, killed, notPermitted, vivid } from "./trouble_checks.ts";
import { unplugged } from "./unplug_check.ts";

const tap = new Tap();
let hub: HubProcess | undefined;
try {
  const link = await plug();
  note(`plugged in: ${link}`);
  const started = await HubProcess.start("motion: {detector: off}\n");
  hub = started.hub;
  const { client } = started;

  const camera = await foundByItself(tap, client, link);
  await passthrough(tap, client, camera.id);
  await damaged(tap, client, camera.id);
  await controls(tap, client, camera.id, link);
  await unplugged(tap, client, camera.id);
  await vivid(tap, client);
  await busy(tap, client, "vivid");
  await killed(tap, hub, client, [camera.id, "vivid"]);
  await notPermitted(tap);
} catch (error) {
  // What keeps the rest from being checked is itself a failure.
  await tap.check("the test ran to its end", () => Promise.reject(error));
} finally {
  await hub?.kill();
}
if (hub) await Deno.writeTextFile("/mnt/out/hub.log", hub.log(5000));
Deno.exit(tap.finish());
