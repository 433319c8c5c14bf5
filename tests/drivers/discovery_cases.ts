// Looking for cameras on the network of this machine only; run by discovery_test.ts where there is no other network.
import { assert, assertEquals, assertMatch } from "@std/assert";
import { aborted } from "../../src/base/scope.ts";
import type { CameraSpec } from "../../src/devices/camera.ts";
import type { Discovered, Driver } from "../../src/devices/driver.ts";
import { findDevices, type FoundDevice } from "../../src/devices/found_devices.ts";
import { DeviceManager } from "../../src/devices/manager.ts";
import { onvifDriver } from "../../src/drivers/onvif/driver.ts";
import { rtspDriver } from "../../src/drivers/rtsp/driver.ts";
import { tapoDriver } from "../../src/drivers/tapo/driver.ts";
import { DiscoveryResponder, probeMatch } from "../emulators/onvif/discovery_responder.ts";
import { OnvifEmulator } from "../emulators/onvif/emulator.ts";
import { CAMERA_ACCOUNT, CLOUD_PASSWORD } from "../emulators/rig/tapo_rig.ts";
import { TapoDiscoveryResponder } from "../emulators/tapo/discovery.ts";
import { TapoEmulator, type TapoOptions } from "../emulators/tapo/emulator.ts";
import { C210, C520WS, H200 } from "../emulators/tapo/models/index.ts";
import { FakeClock } from "../tools/fake_clock.ts";
import { until } from "../unit/tools/processes.ts";
import { forever, Opened, stage } from "./stage.ts";

const DRIVERS = [tapoDriver, onvifDriver, rtspDriver];

function startTapo(options: Partial<TapoOptions>): Promise<TapoEmulator> {
  return TapoEmulator.start({
    model: C210,
    cloudPassword: CLOUD_PASSWORD,
    cameraAccount: CAMERA_ACCOUNT,
    ...options,
  });
}

/** Searches on a clock that is moved on once the cameras have heard the questions. */
async function patiently<T>(
  heard: () => boolean,
  search: (context: ReturnType<typeof stage>) => Promise<T>,
): Promise<T> {
  const clock = new FakeClock();
  let isDone = false;
  const searching = search(stage({ clock })).finally(() => isDone = true);
  await until(heard, "a question");
  await until(async () => {
    await clock.advance(200);
    return isDone;
  }, "the end of the search");
  return await searching;
}

function discover(driver: Driver, heard: () => boolean): Promise<Discovered[]> {
  return patiently(heard, (context) => driver.discover!(context, forever));
}

Deno.test("Tapo: cameras and hubs that answer the broadcast are found once each, whatever else answers", async () => {
  await using plain = await startTapo({ host: "127.0.2.1", name: "Porch" });
  await using hub = await startTapo({ host: "127.0.2.2", model: H200 });
  await using newest = await startTapo({ host: "127.0.2.3", model: C520WS, login: "tpap" });
  const emulators = [plain, hub, newest];
  await using responder = await TapoDiscoveryResponder.start({ emulators, garbage: true });
  const found = await discover(tapoDriver, () => responder.probes >= 1);
  assertEquals(found.map(({ address }) => address).toSorted(), ["127.0.2.1", "127.0.2.2", "127.0.2.3"]);
  for (const { options, address, needs, identity, suggestedId, details } of found) {
    const emulator = emulators.find(({ host }) => host === address)!;
    assertEquals(options, { host: address, port: emulator.port });
    assertEquals(needs, ["username", "password", "cloud_password"]);
    assertEquals(identity, await tapoDriver.identify!(options));
    assertEquals(details.model, emulator.model.model);
    assertMatch(suggestedId, /^tapo-[0-9a-f]{6}$/);
    assertEquals(/Third-Party/.test(details.note ?? ""), emulator === newest);
  }
  assertEquals(new Set(found.map(({ suggestedId }) => suggestedId)).size, 3);
  const porch = found.find(({ address }) => address === "127.0.2.1");
  assertEquals(porch?.title, "Porch");
  const options = { ...porch?.options, cloud_password: CLOUD_PASSWORD };
  await using opened = await Opened.open(tapoDriver, options, stage());
  assert(opened.device.capabilities.ptz);
});

Deno.test("Tapo: where nobody answers nothing is found", async () => {
  assertEquals(await discover(tapoDriver, () => true), []);
});

/** Answers WS-Discovery for a camera, and twice as badly for others. */
function answerFor(onvif: OnvifEmulator): Promise<DiscoveryResponder> {
  return DiscoveryResponder.start({
    port: 3702,
    answers: (id) => [
      probeMatch(id, { urn: "urn:uuid:1", xaddrs: [onvif.xaddr], scopes: onvif.scopes }),
      probeMatch(id, { urn: "urn:uuid:2", xaddrs: ["https://127.0.0.1/onvif/device_service"] }),
      probeMatch(id, { urn: "urn:uuid:3", xaddrs: ["no address"] }),
      "lollipop <<<&",
    ],
  });
}

Deno.test("ONVIF: a camera that answers on the loopback network is found once, and can be opened", async () => {
  await using onvif = OnvifEmulator.start({ password: "right" });
  await using responder = await answerFor(onvif);
  const found = await discover(onvifDriver, () => responder.probes >= 1);
  assertEquals(found.map(({ title }) => title), ["Front door"]);
  const [{ options, identity, needs, address, suggestedId }] = found as [Discovered];
  assertEquals([options, needs], [{ host: "127.0.0.1", port: onvif.port }, ["username", "password"]]);
  assertEquals([address, identity], ["127.0.0.1", await onvifDriver.identify!(options)]);
  assertEquals(suggestedId, "onvif-127-0-0-1");
  const account = { username: "admin", password: "right" };
  await using opened = await Opened.open(onvifDriver, { ...options, ...account }, stage());
  assert(opened.device.capabilities.ptz);
});

function spec(type: string, options: Record<string, unknown>): CameraSpec {
  return { id: `my-${type}`, name: type, type, enabled: false, origin: "store", options };
}

Deno.test("found devices: a camera that two drivers find is told once, with the camera that uses it", async () => {
  await using onvif = OnvifEmulator.start({ ...CAMERA_ACCOUNT, flavour: "tapo" });
  await using tapo = await startTapo({});
  await using other = await startTapo({ host: "127.0.2.4", model: C520WS });
  await using tdp = await TapoDiscoveryResponder.start({ emulators: [tapo, other] });
  await using wsd = await answerFor(onvif);
  const search = async (used: readonly CameraSpec[]): Promise<FoundDevice[]> => {
    const [tdpBefore, wsdBefore] = [tdp.probes, wsd.probes];
    return await patiently(() => tdp.probes > tdpBefore && wsd.probes > wsdBefore, async (context) => {
      const companion = (_: unknown, signal: AbortSignal) => aborted(signal);
      const manager = new DeviceManager({ drivers: DRIVERS, context, companion });
      const stop = new AbortController();
      const running = manager.run(stop.signal);
      for (const each of used) manager.add(each);
      const found = await findDevices(DRIVERS, manager, context, forever);
      stop.abort();
      await running;
      return found.toSorted((a, b) => (a.address ?? "").localeCompare(b.address ?? ""));
    });
  };
  const shown = (found: FoundDevice[]) =>
    found.map(({ type, address, cameraId }) => [type, address, cameraId]);
  const free = ["tapo", "127.0.2.4", undefined];
  assertEquals(shown(await search([])), [["tapo", "127.0.0.1", undefined], free]);
  const ways: readonly [string, Record<string, unknown>][] = [
    ["tapo", { host: tapo.host, port: tapo.port, lens: "main" }],
    ["onvif", { host: onvif.host, port: onvif.port }],
    ["rtsp", { stream_url: "rtsp://127.0.0.1:8554/stream1" }],
  ];
  for (const [type, options] of ways) {
    const found = await search([spec(type, options)]);
    assertEquals(shown(found), [["tapo", "127.0.0.1", `my-${type}`], free]);
  }
});
