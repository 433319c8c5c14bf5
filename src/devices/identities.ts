// Which physical device is whose, however its path is written, so that none is opened twice.
import type { StoredCamera } from "../store/cameras_table.ts";
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
