// Several tasks beside each camera as one, for the manager.
import { Scope } from "../base/scope.ts";
import type { Companion } from "./manager.ts";

/** Several companions as one. */
export function together(...companions: Companion[]): Companion {
  return async (camera, signal) => {
    await using scope = new Scope(signal);
    for (const each of companions) scope.spawn((own) => each(camera, own));
    await scope.join();
  };
}
