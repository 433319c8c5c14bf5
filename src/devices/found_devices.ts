// What can be found on the network and on the machine, and which of it becomes a camera by itself.
import { isAbort, toHubError } from "../base/errors.ts";
import type { StoredCamera } from "../store/cameras_table.ts";
import { type Discovered, type Driver, type DriverContext, FIRST_FOUND } from "./driver.ts";
import { deviceOwners, identitiesOf, identityKey } from "./identities.ts";
import type { DeviceManager } from "./manager.ts";

/** A found device, with the camera that uses it, if any. */
export interface FoundDevice extends Discovered {
  type: string;
  cameraId: string | undefined;
}

/** How far a search is: told when a driver has finished, whether or not it failed. */
export interface SearchProgress {
  finished: number;
  /** Drivers that search at all. */
  total: number;
  /** The driver that has finished, and how many devices it found. */
  title: string;
  found: number;
}

/**
 * Lists what the drivers find. One that fails does not hide what the others find.
 * @throws HubError when there is only one driver and it fails, or AbortError.
 */
export async function findDevices(
  drivers: readonly Driver[],
  manager: DeviceManager,
  context: DriverContext,
  signal: AbortSignal,
  onProgress?: (progress: SearchProgress) => void,
): Promise<FoundDevice[]> {
  const total = drivers.filter(({ discover }) => discover !== undefined).length;
  let finished = 0;
  const owners = await deviceOwners(manager);
  const search = async (driver: Driver): Promise<FoundDevice[]> => {
    const devices = await driver.discover?.(context, signal) ?? [];
    return devices.map((device) => ({
      ...device,
      type: driver.id,
      cameraId: owners.get(identityKey(driver.id, device.identity)),
    }));
  };
  const searchOrTell = async (driver: Driver): Promise<FoundDevice[]> => {
    try {
      return await search(driver);
    } catch (error) {
      if (drivers.length === 1 || isAbort(error)) throw error;
      context.log.warn("Looking for devices failed", { driver: driver.id, error: toHubError(error) });
      return [];
    }
  };
  const found = await Promise.all(drivers.map(async (driver) => {
    const devices = await searchOrTell(driver);
    if (driver.discover) {
      onProgress?.({ finished: ++finished, total, title: driver.title, found: devices.length });
    }
    return devices;
  }));
  return withoutTwins(found.flat(), manager);
}

/** A device that two drivers have found is told once, by the driver that stands first in the list. */
function withoutTwins(found: readonly FoundDevice[], manager: DeviceManager): FoundDevice[] {
  const cameras = new Map(manager.cameras.flatMap(({ id, driver, spec }) => {
    const address = driver.addressOf?.(spec.options);
    return address === undefined ? [] : [[address, id] as const];
  }));
  const seen = new Map<string, string>();
  return found.filter(({ address, type }) => {
    if (address === undefined) return true;
    const first = seen.get(address) ?? type;
    seen.set(address, first);
    return first === type;
  }).map((device) => {
    const cameraId = device.cameraId ?? cameras.get(device.address ?? "");
    return { ...device, cameraId };
  });
}

/** Those that are neither a camera yet nor unwanted, and for which a person need give nothing. */
export async function adoptable(
  found: readonly FoundDevice[],
  manager: DeviceManager,
  hidden: readonly StoredCamera[],
): Promise<FoundDevice[]> {
  const owners = await deviceOwners(manager);
  const unwanted = await identitiesOf(hidden, manager);
  const hiddenIds = new Set(hidden.map(({ id }) => id));
  const seen = new Set<string>();
  const takenIds = new Set<string>();
  return found.filter((device) => {
    const { suggestedId: id, type } = device;
    const key = identityKey(type, device.identity);
    const isFirst = !seen.has(type);
    seen.add(type);
    if (isFirst && owners.has(identityKey(type, FIRST_FOUND))) return false;
    const isTaken = hiddenIds.has(id) || takenIds.has(id) || manager.find(id) !== undefined;
    if (isTaken || owners.has(key) || unwanted.has(key) || device.needs?.length) return false;
    takenIds.add(id);
    return true;
  });
}
