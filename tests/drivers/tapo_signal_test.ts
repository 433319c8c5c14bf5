// How strong a Tapo camera hears its access point.
import { assertEquals } from "@std/assert";
import { controlCollectors } from "../../src/metrics/camera_controls.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD } from "../emulators/rig/tapo_rig.ts";
import { TapoEmulator } from "../emulators/tapo/emulator.ts";
import { C210 } from "../emulators/tapo/models/index.ts";
import { forever, Opened, stage } from "./stage.ts";

Deno.test("Tapo: the Wi-Fi's strength is collected in dBm; on a cable it is unknown, not 0 [METRICS-SIGNAL]", async () => {
  await using tapo = await TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
  });
  const login = { host: tapo.host, port: tapo.port, cloud_password: CLOUD_PASSWORD };
  await using opened = await Opened.open(tapoDriver, login, stage());
  const collect = async () => {
    const [collector] = controlCollectors([{ id: "yard", device: opened.device, noteCovered: () => {} }]);
    const samples = await collector!.collect(forever);
    return samples.filter(({ metric }) => metric === "tapocam_camera_signal_dbm").map(({ value }) => value);
  };
  assertEquals(await collect(), [-58]);
  tapo.device.signalDbm = undefined;
  assertEquals(await collect(), []);
});
