// The hub's ONVIF client against a camera that strangers wrote: the mock in the test folder of npm's onvif
// 0.6.2. It answers from recorded files, without asking who calls. Fetched from npm once, into
// .cache/onvif-mock.
import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../src/base/clock.ts";
import { Secret } from "../../../src/base/secret.ts";
import { classify } from "../../../src/protocols/onvif/classify.ts";
import { connectOnvif } from "../../../src/protocols/onvif/device.ts";
import { watchEvents } from "../../../src/protocols/onvif/events.ts";
import type { OnvifObservation } from "../../../src/protocols/onvif/observation.ts";
import { forever, until } from "./client.ts";
import { freePort } from "../../tools/free_port.ts";

const FOLDER = new URL("../../../.cache/onvif-mock/", import.meta.url);
const PACKAGES = ["onvif@0.6.2", "coffeescript@2.7.0", "dot@1.1.3", "xml2js@0.6.2"];
/** It would listen for discovery on every network of this machine; that is left out. */
const START = 'require("dgram").Socket.prototype.bind = function () { return this; };' +
  'require("coffeescript/register"); require("onvif/test/serverMockup.coffee");';

async function install(): Promise<void> {
  const complete = new URL("complete", FOLDER);
  if (await Deno.readTextFile(complete).catch(() => "") === PACKAGES.join()) return;
  await Deno.mkdir(FOLDER, { recursive: true });
  const { success, stderr } = await new Deno.Command("npm", {
    args: [
      "install",
      "--prefix",
      ".",
      "--no-save",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      ...PACKAGES,
    ],
    cwd: FOLDER,
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  await Deno.writeTextFile(complete, PACKAGES.join());
}

async function withMock(body: (port: number) => Promise<void>): Promise<void> {
  await install();
  const port = freePort();
  const mock = new Deno.Command("node", {
    args: ["-e", START],
    cwd: FOLDER,
    env: { PORT: String(port), HOSTNAME: "127.0.0.1" },
    stdin: "null",
  }).spawn();
  try {
    await listening(port);
    await body(port);
  } finally {
    mock.kill("SIGKILL");
    await mock.status;
  }
}

async function listening(port: number): Promise<void> {
  const end = performance.now() + 20_000;
  for (;;) {
    try {
      return (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

Deno.test("[ONVIF-PEERS] the client works with the third-party mock: device, streams, movements, events", () =>
  withMock(async (port) => {
    using device = await connectOnvif({
      host: "127.0.0.1",
      port,
      username: "admin",
      password: new Secret("any"),
      signal: forever,
    });
    assertEquals(device.information, {
      manufacturer: "Mockup Manufacturer",
      model: "Mockup Model",
      firmware: "Mockup_15_14_13",
      serial: "00000000",
      hardware: "MOCKUP",
    });
    // Its clock stands still in 2014.
    assert(device.clockSkewMs < -5 * 365 * 86_400_000);
    const profiles = await device.profiles(forever);
    const main = profiles.find(({ token }) => token === "main");
    assert(main);
    assertEquals([main.encoding, main.width, main.height, main.fps, main.bitrateKbps], [
      "h264",
      1920,
      1080,
      5,
      1000,
    ]);
    assert((await device.streamUri("main", forever)).startsWith("rtsp://127.0.0.1"));

    const withPtz = profiles.find(({ hasPtz }) => hasPtz);
    assert(withPtz);
    const ptz = await device.ptz(withPtz, forever);
    assert(ptz);
    assertEquals([ptz.axes, ptz.limits.maxPresets], [["pan", "tilt", "zoom"], 360]);
    // It says that pan is 0…1 and then gives −0.86: what is out of its own range stands at the end.
    assertEquals((await ptz.status(forever)).moving, false);
    assertEquals((await ptz.status(forever)).position.pan, -1);
    await ptz.absoluteMove({ pan: 0, tilt: 0 }, {}, forever);
    await ptz.relativeMove({ pan: 0.1 }, {}, forever);
    await ptz.continuousMove({ pan: 0.1 }, { timeoutMs: 500 }, forever);
    await ptz.stop(forever);
    await ptz.home?.go(forever);
    assert((await ptz.presets.list(forever)).length > 10);
    assertEquals(await ptz.presets.save("here", undefined, forever), "20");
    await ptz.presets.recall("20", forever);
    await ptz.presets.remove("20", forever);

    const imaging = await device.imaging(main, forever);
    assertEquals((await imaging?.settings(forever))?.brightness?.value, 255);
    await device.reboot(forever);

    const heard: OnvifObservation[] = [];
    const controller = new AbortController();
    const watching = watchEvents(device, {
      onMessage: (observation) => heard.push(observation),
      signal: controller.signal,
      clock: { ...systemClock, sleep: (_, signal) => systemClock.sleep(1, signal) },
    });
    await until(() => heard.length > 5, "events");
    controller.abort();
    await watching;
    assertEquals(classify(heard[0]!), { kind: "motion", active: true });
  }));
