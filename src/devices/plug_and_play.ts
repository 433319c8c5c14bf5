// Turns devices that are plugged in into cameras, and wakes cameras whose device may have come back.
import { isAbort } from "../base/errors.ts";
import { Backoff, retry } from "../base/retry.ts";
import { Scope } from "../base/scope.ts";
import type { CameraCatalog } from "./catalog.ts";
import type { Driver, DriverContext } from "./driver.ts";
import type { DeviceManager } from "./manager.ts";

/** What it works with. */
export interface PlugAndPlayDeps {
  manager: DeviceManager;
  catalog: CameraCatalog;
  context: DriverContext;
  /** False leaves found devices alone. Asked each time, as the configuration may change. */
  isWanted: () => boolean;
}

/** Runs until the signal aborts. */
export async function runPlugAndPlay(deps: PlugAndPlayDeps, signal: AbortSignal): Promise<void> {
  await using scope = new Scope(signal);
  for (const driver of deps.manager.drivers) {
    if (driver.plugAndPlay) scope.spawn((own) => followDriver(driver, deps, own));
  }
  await scope.join();
}

async function followDriver(driver: Driver, deps: PlugAndPlayDeps, signal: AbortSignal): Promise<void> {
  let looking = Promise.resolve();
  const look = () => {
    deps.manager.wake(driver.id);
    looking = looking.then(() => adoptSoon(driver, deps, signal));
  };
  look();
  await driver.watch?.(deps.context, look, signal);
  await looking;
}

/** Looks a few times more when looking fails: a device just plugged in may not answer yet. */
async function adoptSoon(driver: Driver, deps: PlugAndPlayDeps, signal: AbortSignal): Promise<void> {
  if (!deps.isWanted() || signal.aborted) return;
  const backoff = new Backoff({ firstMs: 1000, maxMs: 10_000 });
  const look = async () => await deps.catalog.adopt(await deps.catalog.discover(signal, driver.id));
  try {
    await retry(look, { clock: deps.context.clock, signal, backoff, attempts: 4 });
  } catch (error) {
    if (!isAbort(error)) deps.context.log.warn("Looking for devices failed", { driver: driver.id, error });
  }
}
