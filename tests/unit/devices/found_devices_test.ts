// What is found by several drivers: told once each, with the camera that uses it, though some of them fail.
import { assert, assertEquals, assertRejects } from "@std/assert";
import { HubError, isAbort } from "../../../src/base/errors.ts";
import type { CameraSpec } from "../../../src/devices/camera.ts";
import type { Discovered, Driver } from "../../../src/devices/driver.ts";
import { adoptable, findDevices } from "../../../src/devices/found_devices.ts";
import { settle } from "../../tools/fake_clock.ts";
import { foundToy, type House, toyDriver, withHouse } from "../tools/devices.ts";

const never = new AbortController().signal;
const identityOf = ({ identity }: Discovered) => identity;

function driver(id: string, found: Discovered[] | Error, change: Partial<Driver> = {}): Driver {
  const discover = () => found instanceof Error ? Promise.reject(found) : Promise.resolve(found);
  return toyDriver({ id, discover, addressOf: (options) => String(options.device ?? ""), ...change }).driver;
}

const at = (address: string, identity = address): Discovered => ({ ...foundToy(identity), address });
const spec = (id: string, type: string, device: string): CameraSpec => ({
  id,
  name: id,
  type,
  enabled: false,
  origin: "store",
  options: { device },
});
const find = ({ manager, context }: House, drivers: readonly Driver[], signal = never) =>
  findDevices(drivers, manager, context, signal);

Deno.test("findDevices: tells what each driver finds, with its type and the camera that uses it", async () => {
  const drivers = [driver("one", [foundToy("x"), foundToy("y")]), driver("two", [foundToy("x")])];
  await withHouse(drivers, async (house) => {
    house.manager.add(spec("mine", "one", "x"));
    const found = await find(house, drivers);
    assertEquals(found.map(({ type, cameraId, ...rest }) => [type, identityOf(rest), cameraId]), [
      ["one", "x", "mine"],
      ["one", "y", undefined],
      ["two", "x", undefined],
    ]);
  });
});

Deno.test("findDevices: tells how far it is as each driver finishes, also one that fails", async () => {
  const { discover: _, ...mute } = driver("mute", []);
  const drivers = [mute, driver("one", [foundToy("x")]), driver("two", new HubError("unavailable", "No"))];
  await withHouse(drivers, async ({ manager, context }) => {
    const told: unknown[] = [];
    await findDevices(drivers, manager, context, never, ({ finished, total, found }) => {
      told.push([finished, total, found]);
    });
    assertEquals(told, [[1, 2, 1], [2, 2, 0]]);
  });
});

Deno.test("findDevices: a driver that finds nothing by itself is left out", async () => {
  const { discover: _, ...mute } = driver("mute", []);
  const drivers = [mute, driver("one", [foundToy("x")])];
  await withHouse(drivers, async (house) => {
    assertEquals((await find(house, drivers)).map(identityOf), ["x"]);
    assertEquals(await find(house, [mute]), []);
  });
});

Deno.test("findDevices: a driver that fails hides nothing that others find, and is told in the log", async () => {
  const drivers = [driver("bad", new HubError("unavailable", "no tool")), driver("one", [foundToy("x")])];
  await withHouse(drivers, async (house) => {
    assertEquals((await find(house, drivers)).map(identityOf), ["x"]);
    const warnings = house.lines.filter((line) => line.includes("Looking for devices failed"));
    assertEquals(warnings.length, 1);
    assert(warnings[0]?.includes("bad") && warnings[0].includes("no tool"));
  });
});

Deno.test("findDevices: the only driver that was asked tells its failure to who asked", async () => {
  const bad = driver("bad", new HubError("unavailable", "no tool"));
  await withHouse([bad], async (house) => {
    assertEquals((await assertRejects(() => find(house, [bad]), HubError)).message, "no tool");
  });
});

Deno.test("findDevices: an abort is an abort, whoever else finds something", async () => {
  const stop = new AbortController();
  const waiting = driver("slow", [], {
    discover: (_, signal) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))),
  });
  const drivers = [driver("one", [foundToy("x")]), waiting];
  await withHouse(drivers, async (house) => {
    const failed = assertRejects(() => find(house, drivers, stop.signal), DOMException);
    await settle();
    stop.abort();
    assert(isAbort(await failed));
  });
});

Deno.test("findDevices: a device that two drivers found at one address is told by the first of the list", async () => {
  const brand = driver("brand", [at("10.0.0.2", "serial-2")]);
  const general = driver("general", [at("10.0.0.2"), at("10.0.0.3")]);
  await withHouse([brand, general], async (house) => {
    const told = async (drivers: Driver[]) =>
      (await find(house, drivers)).map(({ type, identity }) => `${type} ${identity}`);
    assertEquals(await told([brand, general]), ["brand serial-2", "general 10.0.0.3"]);
    assertEquals(await told([general, brand]), ["general 10.0.0.2", "general 10.0.0.3"]);
    assertEquals(await told([general]), ["general 10.0.0.2", "general 10.0.0.3"]);
  });
});

Deno.test("findDevices: one driver's devices at one address are told each, as are those without address", async () => {
  const drivers = [
    driver("hub", [at("10.0.0.2", "lens 1"), at("10.0.0.2", "lens 2")]),
    driver("usb", [foundToy("u1"), foundToy("u2")]),
  ];
  await withHouse(drivers, async (house) => {
    assertEquals((await find(house, drivers)).map(identityOf), ["lens 1", "lens 2", "u1", "u2"]);
  });
});

Deno.test("findDevices: a device is in use also by a camera of another driver at its address", async () => {
  const brand = driver("brand", [at("10.0.0.2", "serial-2"), at("10.0.0.3", "serial-3"), foundToy("usb")]);
  const general = driver("general", []);
  await withHouse([brand, general], async (house) => {
    house.manager.add(spec("porch", "general", "10.0.0.2"));
    const found = await find(house, [brand, general]);
    assertEquals(found.map(({ cameraId }) => cameraId), ["porch", undefined, undefined]);
  });
});

Deno.test("adoptable: neither what is a camera, nor what was removed, nor what needs a person", async () => {
  const one = driver("one", []);
  await withHouse([one], async ({ manager }) => {
    manager.add(spec("mine", "one", "used"));
    const found = ["used", "removed", "locked", "free", "mine", "again"].map((device) => ({
      ...foundToy(device, device === "again" ? "free" : device),
      type: "one",
      cameraId: undefined,
      ...(device === "locked" ? { needs: ["password"] } : {}),
    }));
    const hidden = { ...spec("old", "one", "removed"), hidden: true };
    assertEquals((await adoptable(found, manager, [hidden])).map(identityOf), ["free"]);
  });
});
