// The emulated camera is checked by a stranger: the client of the npm package `onvif`, whole, with its own
// transport and reader.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { Cam } from "onvif";
import { OnvifEmulator } from "./emulator.ts";
import type { OnvifEmulatorOptions } from "./model.ts";
import { TOPICS } from "./model.ts";
import { until } from "./client.ts";

type Callback<T> = (error: Error | null | false, value?: T) => void;

/** Calls a method of the package and waits for its answer. */
function answered<T>(call: (callback: Callback<T>) => void): Promise<T> {
  return new Promise((resolve, reject) =>
    call((error, value) => error ? reject(error) : resolve(value as T))
  );
}

async function connected(camera: OnvifEmulator, password = "secret"): Promise<Cam> {
  const cam = new Cam({
    hostname: camera.host,
    port: camera.port,
    username: "admin",
    password,
    timeout: 5000,
    autoconnect: false,
  });
  await answered((callback) => cam.connect(callback));
  return cam;
}

// Deno's node:http keeps the package's sockets in its own time.
const LOOSE = { sanitizeOps: false, sanitizeResources: false };

for (
  const options of [{}, { flavour: "tapo" }, { media2: true }, { clockSkewMs: -86_400_000 }, {
    authentication: "digest",
  }] satisfies OnvifEmulatorOptions[]
) {
  Deno.test(
    `[ONVIF-PEERS] the package's client connects to the emulator ${JSON.stringify(options)}`,
    LOOSE,
    async () => {
      await using camera = OnvifEmulator.start(options);
      const cam = await connected(camera);
      assertEquals(cam.profiles?.length, 2);
      assertEquals(cam.activeSource?.profileToken, "profile_1");
      assertEquals([cam.activeSource?.width, cam.activeSource?.fps], [2560, 15]);
      const information = await answered<{ serialNumber?: string }>((callback) =>
        cam.getDeviceInformation(callback)
      );
      assertEquals(information.serialNumber, "00123e4");
      const { uri } = await answered<{ uri: string }>((callback) =>
        cam.getStreamUri({ protocol: "RTSP" }, callback)
      );
      assertEquals(uri, "rtsp://127.0.0.1:554/stream1");
      assertEquals([camera.authFailures, camera.clockRefusals, camera.replays], [0, 0, 0]);
    },
  );
}

Deno.test("the package's client is refused with a wrong password, and counted", LOOSE, async () => {
  await using camera = OnvifEmulator.start();
  const cam = await connected(camera, "wrong").catch((error) => error);
  // Its connect goes on without profiles; every further call fails.
  if (cam instanceof Cam) {
    const error = await assertRejects(
      () => answered((callback) => cam.getDeviceInformation(callback)),
      Error,
    );
    assertEquals(error.message, "ONVIF SOAP Fault: Sender not Authorized");
  }
  assert(camera.authFailures > 0);
});

Deno.test("the package's client moves the emulator", LOOSE, async () => {
  await using camera = OnvifEmulator.start();
  const cam = await connected(camera);
  await answered((callback) => cam.absoluteMove({ x: 0.5, y: -0.5, zoom: 0.5 }, callback));
  await answered((callback) => cam.relativeMove({ x: 0.25, y: 0, zoom: 0 }, callback));
  assertEquals(camera.position, { pan: 0.75, tilt: -0.5, zoom: 0.5 });
  const status = await answered<{ position: unknown }>((callback) => cam.getStatus({}, callback));
  assertEquals(status.position, { x: 0.75, y: -0.5, zoom: 0.5 });
  await answered((callback) => cam.setPreset({ presetName: "door" }, callback));
  await answered((callback) => cam.gotoHomePosition({}, callback));
  const presets = await answered<Record<string, { $: { token: number } }>>((callback) =>
    cam.getPresets({}, callback)
  );
  const token = String(presets.door?.$.token);
  await answered((callback) => cam.gotoPreset({ preset: token }, callback));
  assertEquals(camera.position, { pan: 0.75, tilt: -0.5, zoom: 0.5 });
  await answered((callback) => cam.removePreset({ presetToken: token }, callback));
  await answered((callback) => cam.continuousMove({ x: -1, y: 0, zoom: 0 }, callback));
  await answered((callback) => cam.stop({ panTilt: true, zoom: true }, callback));
  assertEquals([camera.isMoving, camera.presets.size], [false, 0]);
  const nodes = await answered<Record<string, { homeSupported: boolean }>>((callback) =>
    cam.getNodes(callback)
  );
  assertEquals(nodes.PTZNODETOKEN?.homeSupported, true);
});

Deno.test("the package's client adjusts the emulator's picture", LOOSE, async () => {
  await using camera = OnvifEmulator.start();
  const cam = await connected(camera);
  await answered((callback) => cam.setImagingSettings({ brightness: 70, irCutFilter: "OFF" }, callback));
  const settings = await answered<{ brightness: number; irCutFilter: string }>((callback) =>
    cam.getImagingSettings({}, callback)
  );
  assertEquals([settings.brightness, settings.irCutFilter, camera.imaging.Brightness], [70, "OFF", 70]);
});

Deno.test("the package's client hears the emulator's events", LOOSE, async () => {
  await using camera = OnvifEmulator.start();
  const cam = await connected(camera);
  const heard: { topic: { _: string }; message: { message: { data: { simpleItem: { $: unknown } } } } }[] =
    [];
  cam.on("event", (event) => heard.push(event));
  await until(() => camera.subscriptions[0]?.pulls === 1, "a pull");
  camera.emit(...TOPICS.people, true);
  await until(() => heard.length === 1, "an event");
  assertEquals(heard[0]?.topic._, TOPICS.people[0]);
  assertEquals(heard[0]?.message.message.data.simpleItem.$, { Name: "IsPeople", Value: true });
  await until(() => camera.calls.includes("Renew"), "its renewal");
  cam.removeAllListeners("event");
  await answered((callback) => cam.unsubscribe(callback));
  assertEquals(camera.subscriptions.length, 0);
});

Deno.test("the package's client restarts the emulator", LOOSE, async () => {
  await using camera = OnvifEmulator.start();
  const cam = await connected(camera);
  // It asks the service `deviceIO`, which the emulator does not have: by the path alone.
  await answered((callback) => cam.systemReboot(callback)).catch(() => {/* seen below */});
  assertEquals(camera.calls.at(-1), "SystemReboot");
});
