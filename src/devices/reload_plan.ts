// What another configuration does to the cameras that there are: found out first, so that it can be told before it is done.
import type { Camera, CameraSpec } from "./camera.ts";
import { isSame } from "./camera_input.ts";
import { deviceOwners, identityKey } from "./identities.ts";
import type { DeviceManager } from "./manager.ts";

/** What there is to do. */
export interface ReloadPlan {
  /** Cameras whose device is left alone; name and use may differ. */
  keep: CameraSpec[];
  /** Cameras that get other options, or another type: away for a moment. */
  replace: CameraSpec[];
  /** Cameras that neither the file nor the database has any more. */
  remove: string[];
  /** Found cameras that give way to one that the file makes of the same device. */
  yield: string[];
  add: CameraSpec[];
}

/** What taking over another configuration did, or would do. */
export interface ReloadResult {
  added: string[];
  removed: string[];
  changed: string[];
  unchanged: string[];
}

/**
 * Compares the cameras that there are with those that are wanted.
 * @param wanted those of the file.
 * @param stored those of the database, by their ids: a camera that the file had covered comes back with what is stored.
 */
export async function planReload(
  manager: DeviceManager,
  wanted: readonly CameraSpec[],
  stored: ReadonlyMap<string, CameraSpec>,
): Promise<ReloadPlan> {
  const byId = new Map(wanted.map((spec) => [spec.id, spec]));
  const plan: ReloadPlan = {
    keep: [],
    replace: [],
    remove: [],
    yield: await yielding(manager, byId),
    add: [],
  };
  for (const camera of manager.cameras) {
    const isOfFile = camera.spec.origin === "file";
    const spec = byId.get(camera.id) ?? (isOfFile ? stored.get(camera.id) : undefined);
    if (spec) (isSameDevice(camera, spec) ? plan.keep : plan.replace).push(spec);
    else if (isOfFile) plan.remove.push(camera.id);
  }
  plan.add = wanted.filter(({ id }) => manager.find(id) === undefined);
  return plan;
}

/** The plan as it is told. */
export function reloadResult({ keep, replace, remove, add }: ReloadPlan): ReloadResult {
  const ids = (specs: readonly CameraSpec[]) => specs.map(({ id }) => id);
  return { added: ids(add), removed: [...remove], changed: ids(replace), unchanged: ids(keep) };
}

/** Cameras that the hub lets go of for good, or until somebody starts them. */
export function lostBy(plan: ReloadPlan): string[] {
  const isStopped = ({ enabled }: CameraSpec) => !enabled;
  return [
    ...plan.remove,
    ...plan.yield,
    ...[...plan.keep, ...plan.replace].filter(isStopped).map(({ id }) => id),
  ];
}

function isSameDevice({ spec }: Camera, other: CameraSpec): boolean {
  return spec.type === other.type && isSame(spec.options, other.options);
}

async function yielding(manager: DeviceManager, wanted: ReadonlyMap<string, CameraSpec>): Promise<string[]> {
  const owners = await deviceOwners(manager);
  const found = new Set<string>();
  for (const { type, options } of wanted.values()) {
    const identity = await manager.driver(type).identify?.(options);
    const owner = identity ? owners.get(identityKey(type, identity)) : undefined;
    if (owner === undefined || wanted.has(owner)) continue;
    if (manager.get(owner).spec.origin === "auto") found.add(owner);
  }
  return [...found];
}
