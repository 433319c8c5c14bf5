// What is looked at when the hub starts, and told as a warning.
import { type HubError, isAbort } from "../base/errors.ts";
import { missingTools } from "../process/tools.ts";
import type { House } from "./house.ts";

/** Warns of each program that the hub needs and does not find. */
export async function checkTools(house: House, signal: AbortSignal): Promise<void> {
  try {
    for (const error of await missingTools({ ...house.context, signal })) {
      house.warnings.raise("missing_program", error.message, error.hint);
      house.context.log.warn("A program the hub needs is missing", { error });
    }
  } catch (error) {
    // A slow disk at boot may make even "ffmpeg -version" late: no reason to end.
    if (!isAbort(error)) house.context.log.warn("The programs the hub needs could not be checked", { error });
  }
}

/** Warns that programs of this machine cannot find the hub. */
export function tellNoSocket({ warnings, context }: House, error: HubError): void {
  const message = `"tapo-camera-mcp mcp" on this machine cannot find the hub: ${error.message}`;
  warnings.raise("socket", message, error.hint);
  context.log.warn("A socket could not be opened", { error });
}

/** Warns that nothing is kept, where the data folder cannot be used. */
export function tellVolatile(house: House): void {
  const error = house.store.volatileBecause;
  if (!error) return;
  const message = `${error.message}. Users and cameras added now are forgotten when the hub stops`;
  house.warnings.raise("storage", message, error.hint);
  house.context.log.error("The data folder cannot be used; keeping everything in memory", { error });
}
