// Which physical device is whose, however its path is written, so that none is opened twice.
import { HubError } from "../base/errors.ts";
import type { StoredCamera } from "../store/cameras_table.ts";
import type { Driver } from "./driver.ts";
import type { DeviceManager } from "./manager.ts";

/** One device of one driver as a key. */
export function identityKey(type: string, identity: string): string {
  return `${type} ${identity}`;
}

/** The cameras by the devices they use. */
export async function deviceOwners(manager: DeviceManager): Promise<Map<string, string>> {
  const entries = await Promise.all(manager.cameras.map(async ({ id, spec, driver }) => {
    const identity = await driver.identify?.(spec.options);
    return identity ? [identityKey(driver.id, identity), id] as const : undefined;
  }));
  return new Map(entries.filter((entry) => entry !== undefined));
}

/** The devices behind entries that are no cameras at present. */
export async function identitiesOf(
  entries: readonly StoredCamera[],
  manager: DeviceManager,
): Promise<Set<string>> {
  const keys = await Promise.all(entries.map(async ({ type, options }) => {
    const driver = manager.drivers.find((each) => each.id === type);
    return identityKey(type, await driver?.identify?.(options) ?? "");
  }));
  return new Set(keys);
}

/**
 * A device can be opened once.
 * @param self the camera that may use it.
 * @throws HubError `conflict` when another camera uses it.
 */
export async function refuseSameDevice(
  manager: DeviceManager,
  driver: Driver,
  options: Record<string, unknown>,
  self?: string,
): Promise<void> {
  const identity = await driver.identify?.(options);
  if (!identity) return;
  const owner = (await deviceOwners(manager)).get(identityKey(driver.id, identity));
  if (owner === undefined || owner === self) return;
  throw new HubError("conflict", `Camera "${owner}" already uses this device`, {
    hint: `Change "${owner}", or remove it first: a device can be opened once`,
    details: { camera_id: owner },
  });
}

/**
 * One camera as two types would compete for its few streams and logins.
 * @throws HubError `conflict` when a camera of another type has this address.
 */
export function refuseSameAddress(
  manager: DeviceManager,
  driver: Driver,
  options: Record<string, unknown>,
): void {
  const address = driver.addressOf?.(options);
  if (address === undefined) return;
  const owner = manager.cameras.find((camera) =>
    camera.driver !== driver && camera.driver.addressOf?.(camera.spec.options) === address
  );
  if (!owner) return;
  throw new HubError(
    "conflict",
    `Camera "${owner.id}" of type ${owner.driver.id} has the address ${address}`,
    {
      hint: "If they are different cameras behind one address, add it with force: true",
      details: { camera_id: owner.id },
    },
  );
}
