// The hub's ONVIF client, connected to the emulated camera as tests want it.
import { Secret } from "../../../src/base/secret.ts";
import { connectOnvif, type OnvifDevice, type OnvifTarget } from "../../../src/protocols/onvif/device.ts";
import type { OnvifEmulator } from "./emulator.ts";

/** A signal that never aborts. */
export const forever: AbortSignal = new AbortController().signal;

export function connect(camera: OnvifEmulator, change: Partial<OnvifTarget> = {}): Promise<OnvifDevice> {
  return connectOnvif({
    host: camera.host,
    port: camera.port,
    username: "admin",
    password: new Secret("secret"),
    signal: forever,
    ...change,
  });
}

/** Waits until the condition holds; fails after ten seconds. */
export async function until(condition: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
