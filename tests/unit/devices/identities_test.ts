// One device is one camera, whatever the type under which it would be added.
import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { HubError } from "../../../src/base/errors.ts";
import { refuseSameAddress, refuseSameDevice } from "../../../src/devices/identities.ts";
import { toyDriver, withHouse } from "../tools/devices.ts";

const spec = { id: "door", name: "Door", type: "toy", enabled: true, origin: "store" as const };
const addressOf = ({ device }: Record<string, unknown>) => device === undefined ? undefined : String(device);

Deno.test("refuseSameDevice: the device of another camera is refused, its own and a free one are not", async () => {
  const { driver } = toyDriver();
  await withHouse([driver], async ({ manager }) => {
    manager.add({ ...spec, options: { device: "10.0.0.2" } });
    const error = await assertRejects(
      () => refuseSameDevice(manager, driver, { device: "10.0.0.2" }),
      HubError,
    );
    assertEquals([error.kind, error.details], ["conflict", { camera_id: "door" }]);
    await refuseSameDevice(manager, driver, { device: "10.0.0.2" }, "door");
    await refuseSameDevice(manager, driver, { device: "10.0.0.3" });
  });
});

Deno.test("refuseSameAddress: a camera of another type at the address is refused, one of the same type is not", async () => {
  const toy = toyDriver({ addressOf }).driver;
  const other = toyDriver({ id: "other", addressOf }).driver;
  await withHouse([toy, other], ({ manager }) => {
    manager.add({ ...spec, options: { device: "10.0.0.2" } });
    const error = assertThrows(() => refuseSameAddress(manager, other, { device: "10.0.0.2" }), HubError);
    assertEquals([error.kind, error.details], ["conflict", { camera_id: "door" }]);
    for (const [driver, device] of [[toy, "10.0.0.2"], [other, "10.0.0.3"], [other, undefined]] as const) {
      refuseSameAddress(manager, driver, device === undefined ? {} : { device });
    }
    return Promise.resolve();
  });
});
